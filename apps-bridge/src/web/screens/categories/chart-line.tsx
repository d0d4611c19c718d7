import { nameLengthMax } from "@saldo/schema";
import { useState } from "react";
import type { ChartRow } from "../../../bridge/contract/categories.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Link } from "../../state/route.tsx";

/** One category of the chart: its rows behind its number, and what can be done with it behind its button. */
export function ChartLine(props: {
  readonly row: ChartRow;
  readonly depth: number;
  /** The other categories of its kind. */
  readonly others: readonly ChartRow[];
  readonly isOpen: boolean;
  readonly running: boolean;
  readonly onOpen: () => void;
  readonly onRename: (name: string) => void;
  readonly onMerge: (intoId: string) => void;
  readonly onMove: (parentId: string | null) => void;
}) {
  const { t } = useText();
  const { row, depth, others, isOpen, running, onOpen, onRename, onMerge, onMove } = props;
  const [name, setName] = useState(row.name);
  return (
    <>
      <tr>
        <td className="l" style={{ paddingLeft: `calc(var(--sp-5) + ${depth} * var(--sp-5))` }}>
          <span className="sw" style={{ background: row.slot === 0 ? "var(--cat-other)" : `var(--cat-${row.slot})` }} /> {row.name}
        </td>
        <td>{row.rows > 0 && <Link href={`/transactions?category=${row.id}`}>{t("review.rows", { count: row.rows })}</Link>}</td>
        <td className="r">
          <button type="button" className="btn s" aria-expanded={isOpen} aria-label={t("chart.editOf", { name: row.name })} onClick={onOpen}>
            {t("chart.edit")}
          </button>
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td className="l" colSpan={3}>
            <form
              className="filters"
              onSubmit={(event) => {
                event.preventDefault();
                onRename(name);
              }}
            >
              <input className="select" aria-label={t("category.name")} value={name} required maxLength={nameLengthMax} onChange={(event) => setName(event.target.value)} />
              <button type="submit" className="btn s" disabled={running || name.trim() === "" || name === row.name}>
                {t("chart.rename")}
              </button>
              <CategoryChoice label={t("chart.moveUnder")} others={others} running={running} top={t("chart.top")} onChoose={(id) => onMove(id === "top" ? null : id)} />
              <CategoryChoice label={t("chart.mergeInto")} others={others} running={running} onChoose={onMerge} />
            </form>
          </td>
        </tr>
      )}
    </>
  );
}

function CategoryChoice(props: { readonly label: string; readonly others: readonly ChartRow[]; readonly running: boolean; readonly top?: string; readonly onChoose: (id: string) => void }) {
  const { label, others, running, top, onChoose } = props;
  return (
    <select className="select" aria-label={label} value="" disabled={running} onChange={(event) => onChoose(event.target.value)}>
      <option value="" disabled>
        {label}
      </option>
      {top !== undefined && <option value="top">{top}</option>}
      {others.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
