import { useEffect, useMemo, useState } from "react";
import type { Category, TransactionFilter, TransactionRow } from "../../../bridge/contract/transactions.ts";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorBox, ErrorLine, Skeleton } from "../../parts/state-box.tsx";
import { useRead, useTransactionsVersion } from "../../state/bridge.tsx";
import { useRoute } from "../../state/route.tsx";
import { drillDownOfQuery, filterOfQuery } from "../../state/transaction-query.ts";
import { isTyping } from "../shell.tsx";
import { Toolbar } from "../toolbar.tsx";
import { Filters } from "./filters.tsx";
import { ListFoot } from "./list-foot.tsx";
import { NewCategory } from "./new-category.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { SplitDialog } from "./split-dialog.tsx";
import { TransactionList } from "./transaction-list.tsx";
import { useTransactionPages } from "./transaction-pages.ts";
import { useLinkTransfer, useRecategorise, useSetKind, useSplit } from "./use-recategorise.ts";

interface Selection {
  readonly filter: TransactionFilter;
  readonly ids: ReadonlySet<string>;
}

const noIds: ReadonlySet<string> = new Set();

/** Every row, searched and narrowed by the address of the page; categories are given here. */
export function TransactionsPage() {
  const { t } = useText();
  const route = useRoute();
  const filter = useMemo(() => filterOfQuery(route.query), [route.query]);
  const drill = useMemo(() => drillDownOfQuery(route.query), [route.query]);
  const version = useTransactionsVersion();
  const { pages, error, more, retry } = useTransactionPages(filter, version);
  const categories = useRead("categories.list", {}, version).value?.categories ?? [];
  const accounts = useRead("accounts.list", {}, version).value?.accounts ?? [];
  const [selection, setSelection] = useState<Selection>({ filter, ids: new Set() });
  // Rows of another list are not chosen in this one.
  const selected = selection.filter === filter ? selection.ids : noIds;
  const setSelected = (ids: ReadonlySet<string>): void => setSelection({ filter, ids });
  const recategorise = useRecategorise();
  const setKind = useSetKind();
  const linkTransfer = useLinkTransfer();
  const split = useSplit();
  const [splitting, setSplitting] = useState<TransactionRow>();
  const [naming, setNaming] = useState<readonly TransactionRow[]>();
  const give = (rows: readonly TransactionRow[], category: Category | "new" | undefined): void => {
    if (category === "new") setNaming(rows);
    else recategorise.start(rows, category?.id ?? null, category?.name ?? t("category.none"));
  };
  useEscape(() => setSelected(new Set()));
  const chosen = pages?.rows.filter((row) => selected.has(row.id)) ?? [];
  return (
    <>
      <Toolbar />
      <main className="sheet list-sheet" id="main">
        <h1 className="sr">{t("nav.transactions")}</h1>
        <Filters filter={filter} drill={drill} categories={categories} accounts={accounts} />
        {error !== undefined ? (
          <div className="cell">
            <ErrorBox error={error} onRetry={retry} />
          </div>
        ) : pages === undefined ? (
          <div className="cell skeleton-cell" aria-busy="true">
            {[0, 1, 2, 3, 4, 5].map((line) => (
              <Skeleton key={line} width="100%" height={18} />
            ))}
          </div>
        ) : (
          <>
            <TransactionList
              pages={pages}
              categories={categories}
              accounts={accounts}
              selected={selected}
              onSelect={setSelected}
              onMore={more}
              onCategory={(row, category) => give([row], category)}
            />
            <ErrorLine error={recategorise.error ?? setKind.error ?? linkTransfer.error ?? split.error} />
            {chosen.length > 0 ? (
              <SelectionBar
                rows={chosen}
                categories={categories}
                running={recategorise.running || setKind.running || linkTransfer.running || split.running}
                onCategory={(category) => {
                  give(chosen, category);
                  if (category !== "new") setSelected(new Set());
                }}
                onKind={(kind) => {
                  setKind.start(chosen, kind);
                  setSelected(new Set());
                }}
                onLink={(one, other) => {
                  linkTransfer.start(one, other);
                  setSelected(new Set());
                }}
                onSplit={setSplitting}
                onClear={() => setSelected(new Set())}
              />
            ) : (
              <ListFoot pages={pages} drill={drill} />
            )}
          </>
        )}
      </main>
      {splitting !== undefined && (
        <SplitDialog
          rowId={splitting.id}
          categories={categories}
          onClose={() => setSplitting(undefined)}
          onSplit={(whole, parts) => {
            split.start(whole, parts);
            setSplitting(undefined);
            setSelected(new Set());
          }}
        />
      )}
      {naming !== undefined && (
        <NewCategory
          rows={naming}
          onClose={() => setNaming(undefined)}
          onMade={(category) => {
            give(naming, category);
            setNaming(undefined);
            setSelected(new Set());
          }}
        />
      )}
    </>
  );
}

/** Esc outside of a field. */
function useEscape(run: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && !isTyping(event.target)) run();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}
