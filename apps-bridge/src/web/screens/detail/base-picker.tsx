import { useText } from "../../i18n/preferences.tsx";
import { Icon } from "../../parts/icon.tsx";
import type { Base } from "./base.ts";

/** What the figures are held against. */
export function BasePicker({ base, bases, onChange }: { readonly base: Base; readonly bases: readonly Base[]; readonly onChange: (base: Base) => void }) {
  const { t } = useText();
  return (
    <label className="filter pick">
      {t("detail.compare")}
      <select value={base} onChange={(event) => onChange(bases.find((each) => each === event.target.value) ?? base)}>
        {bases.map((each) => (
          <option key={each} value={each}>
            {t(`detail.base.${each}`)}
          </option>
        ))}
      </select>
      <Icon name="down" small />
    </label>
  );
}
