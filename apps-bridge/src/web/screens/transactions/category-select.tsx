import type { Category, TransactionRow } from "../../../bridge/contract/transactions.ts";
import { useText } from "../../i18n/preferences.tsx";

const kinds = ["expense", "income", "transfer"] as const;

/** Every category, grouped by what it is for; none; and one that is still to be named. */
export function CategoryOptions({ categories, withNone = true, withNew = true, none }: { readonly categories: readonly Category[]; readonly withNone?: boolean; readonly withNew?: boolean; readonly none?: string }) {
  const { t } = useText();
  return (
    <>
      {withNone && <option value="none">{none ?? t("category.none")}</option>}
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
      {withNew && <option value="new">{t("category.new")}</option>}
    </>
  );
}

/** The category of a row, changed in place. A transfer has none to miss: it says where the money went or came from, by `otherAccount`. */
export function CategorySelect(props: { readonly row: TransactionRow; readonly otherAccount: string | undefined; readonly categories: readonly Category[]; readonly onCategory: (category: Category | "new" | undefined) => void }) {
  const { t } = useText();
  const { row, otherAccount, categories, onCategory } = props;
  const current = categories.find(({ id }) => id === row.categoryId);
  const between = otherAccount === undefined ? t("kind.transfer") : t(row.amountMinor < 0 ? "transactions.transferTo" : "transactions.transferFrom", { account: otherAccount });
  const none = row.kind === "transfer" ? between : t("category.none");
  return (
    <span className={`cat-cell${current === undefined && row.kind !== "transfer" ? " none" : ""}`}>
      <span className="sw" style={{ background: current === undefined || current.slot === 0 ? "var(--cat-other)" : `var(--cat-${current.slot})` }} />
      <select
        aria-label={t("transactions.categoryOf", { name: row.counterparty === "" ? row.description : row.counterparty })}
        value={row.categoryId ?? "none"}
        onChange={(event) => onCategory(chosenCategory(categories, event.target.value))}
      >
        <CategoryOptions categories={categories} none={none} />
      </select>
    </span>
  );
}

/** What an option stands for; undefined takes the category away. */
export function chosenCategory(categories: readonly Category[], value: string): Category | "new" | undefined {
  return value === "new" ? "new" : categories.find(({ id }) => id === value);
}
