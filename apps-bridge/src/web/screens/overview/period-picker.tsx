import { addMonths, monthRange } from "@saldo/schema";
import { useText } from "../../i18n/preferences.tsx";
import { Icon } from "../../parts/icon.tsx";

/** Months that have data. */
export interface Months {
  readonly first: string;
  readonly last: string;
}

/** The month when it has data. */
export function within(month: string, months: Months): string | undefined {
  return month < months.first || month > months.last ? undefined : month;
}

/** One step back, any month, one step forward. */
export function PeriodPicker({ month, months, onChange }: { readonly month: string; readonly months: Months; readonly onChange: (month: string) => void }) {
  const { t, f } = useText();
  const before = within(addMonths(month, -1), months);
  const after = within(addMonths(month, 1), months);
  return (
    <div className="period" role="group" aria-label={t("period.label")}>
      <button type="button" aria-label={t("period.before")} disabled={before === undefined} onClick={() => before !== undefined && onChange(before)}>
        <Icon name="left" />
      </button>
      <span className="now">
        <select aria-label={t("period.choose")} value={month} onChange={(event) => onChange(event.target.value)}>
          {monthRange(months.first, months.last)
            .toReversed()
            .map((each) => (
              <option key={each} value={each}>
                {f.month(each)}
              </option>
            ))}
        </select>
        <Icon name="down" small />
      </span>
      <button type="button" aria-label={t("period.after")} disabled={after === undefined} onClick={() => after !== undefined && onChange(after)}>
        <Icon name="right" />
      </button>
    </div>
  );
}
