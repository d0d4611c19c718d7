import { transactionKind, type Category, type TransactionKind, type TransactionRow } from "../../../bridge/contract/transactions.ts";
import { useText } from "../../i18n/preferences.tsx";
import { CategoryOptions, chosenCategory } from "./category-select.tsx";
import { grouped } from "./grouped.ts";

/** What may be done with the chosen rows. */
export function SelectionBar(props: {
  readonly rows: readonly TransactionRow[];
  readonly categories: readonly Category[];
  readonly running: boolean;
  readonly onCategory: (category: Category | "new" | undefined) => void;
  readonly onKind: (kind: TransactionKind) => void;
  readonly onClear: () => void;
}) {
  const { t, f } = useText();
  const { rows, categories, running, onCategory, onKind, onClear } = props;
  const sums = [...grouped(rows, (row) => row.currency)].map(([currency, group]) => ({
    currency,
    amountMinor: group.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
  }));
  return (
    <div className="action-bar selection-bar" role="region" aria-label={t("transactions.selection")}>
      <span>
        {t("transactions.selected", { count: rows.length })}{" "}
        {sums.map(({ currency, amountMinor }) => (
          <b key={currency} className="num">
            {f.money(amountMinor, currency, { sign: "change" })}{" "}
          </b>
        ))}
      </span>
      <span className="end">
        <select
          className="select"
          aria-label={t("transactions.setCategory")}
          value=""
          disabled={running}
          onChange={(event) => onCategory(chosenCategory(categories, event.target.value))}
        >
          <option value="" disabled>
            {t("transactions.setCategory")}
          </option>
          <CategoryOptions categories={categories} />
        </select>
        <select className="select" aria-label={t("transactions.setKind")} value="" disabled={running} onChange={(event) => onKind(transactionKind.parse(event.target.value))}>
          <option value="" disabled>
            {t("transactions.setKind")}
          </option>
          {transactionKind.options.map((kind) => (
            <option key={kind} value={kind}>
              {t(`kind.${kind}`)}
            </option>
          ))}
        </select>
        <button type="button" className="btn" onClick={onClear}>
          {t("action.cancel")}
        </button>
      </span>
    </div>
  );
}
