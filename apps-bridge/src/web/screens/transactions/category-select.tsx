import type { Category, TransactionRow } from "../../../bridge/contract/transactions.ts";
import { useText } from "../../i18n/preferences.tsx";

const kinds = ["expense", "income", "transfer"] as const;

/** Every category, grouped by what it is for, and none. */
export function CategoryOptions({ categories }: { readonly categories: readonly Category[] }) {
  const { t } = useText();
  return (
    <>
      <option value="none">{t("category.none")}</option>
      {kinds.map((kind) => {
        const group = categories.filter((category) => category.kind === kind);
        return group.length === 0 ? null : (
          <optgroup key={kind} label={t(`category.kind.${kind}`)}>
            {group.map((category) => (
              <option key={category.id} value={category.id}>
                {category.name}
              </option>
            ))}
          </optgroup>
        );
      })}
    </>
  );
}

/** The category of a row, changed in place. */
export function CategorySelect(props: { readonly row: TransactionRow; readonly categories: readonly Category[]; readonly onCategory: (category: Category | undefined) => void }) {
  const { t } = useText();
  const { row, categories, onCategory } = props;
  const current = categories.find(({ id }) => id === row.categoryId);
  return (
    <span className={`cat-cell${current === undefined ? " none" : ""}`}>
      <span className="sw" style={{ background: current === undefined || current.slot === 0 ? "var(--cat-other)" : `var(--cat-${current.slot})` }} />
      <select
        aria-label={t("transactions.categoryOf", { name: row.counterparty === "" ? row.description : row.counterparty })}
        value={row.categoryId ?? "none"}
        onChange={(event) => onCategory(categories.find(({ id }) => id === event.target.value))}
      >
        <CategoryOptions categories={categories} />
      </select>
    </span>
  );
}
