import { nameLengthMax } from "@saldo/schema";
import { useState } from "react";
import type { ChartRow } from "../../../bridge/contract/categories.ts";
import { useText } from "../../i18n/preferences.tsx";

/** Names a new category, at the top of its kind or below another. */
export function AddCategory(props: { readonly label: string; readonly parents: readonly ChartRow[]; readonly running: boolean; readonly onAdd: (name: string, parentId: string | null) => void }) {
  const { t } = useText();
  const { label, parents, running, onAdd } = props;
  const [name, setName] = useState("");
  const [parentId, setParentId] = useState("");
  return (
    <form
      className="filters"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(name, parentId === "" ? null : parentId);
        setName("");
      }}
    >
      <input className="select" aria-label={t("category.name")} placeholder={t("category.name")} value={name} required maxLength={nameLengthMax} onChange={(event) => setName(event.target.value)} />
      <select className="select" aria-label={t("chart.under")} value={parentId} onChange={(event) => setParentId(event.target.value)}>
        <option value="">{t("chart.top")}</option>
        {parents.map((row) => (
          <option key={row.id} value={row.id}>
            {row.name}
          </option>
        ))}
      </select>
      <button type="submit" className="btn s" disabled={running || name.trim() === ""}>
        {t("chart.add")}
      </button>
    </form>
  );
}
