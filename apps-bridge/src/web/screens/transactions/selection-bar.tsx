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
  readonly onLink: (one: TransactionRow, other: TransactionRow) => void;
  readonly onSplit: (row: TransactionRow) => void;
  readonly onClear: () => void;
}) {
  const { t, f } = useText();
  const { rows, categories, running, onCategory, onKind, onLink, onSplit, onClear } = props;
  const pair = sidesOfTransfer(rows);
  const linked = rows.some(({ transferId }) => transferId !== null);
  const [only] = rows.length === 1 ? rows : [];
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
        {pair !== undefined && (
          <button type="button" className="btn" disabled={running} onClick={() => onLink(...pair)}>
            {t("transactions.link")}
          </button>
        )}
        {linked && (
          <button type="button" className="btn" disabled={running} onClick={() => onKind("ordinary")}>
            {t("transactions.unlink")}
          </button>
        )}
        {only !== undefined && only.kind !== "transfer" && (
          <button type="button" className="btn" disabled={running} onClick={() => onSplit(only)}>
            {t("split.open")}
          </button>
        )}
        <button type="button" className="btn" onClick={onClear}>
          {t("action.cancel")}
        </button>
      </span>
    </div>
  );
}

/** Two rows that move the same money between two accounts and are not linked yet. */
function sidesOfTransfer(rows: readonly TransactionRow[]): readonly [TransactionRow, TransactionRow] | undefined {
  const [one, other] = rows;
  if (one === undefined || other === undefined || rows.length !== 2) return undefined;
  const fits = one.accountId !== other.accountId && one.currency === other.currency && one.amountMinor === -other.amountMinor && one.amountMinor !== 0;
  return fits && one.transferId === null && other.transferId === null ? [one, other] : undefined;
}
