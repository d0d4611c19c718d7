import { useState } from "react";
import type { ChartRow } from "../../../bridge/contract/categories.ts";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorBox, ErrorLine, Skeleton } from "../../parts/state-box.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAction, useCore, useRead, useTransactionsVersion } from "../../state/bridge.tsx";
import { Link } from "../../state/route.tsx";
import { Toolbar } from "../toolbar.tsx";
import { AddCategory } from "./add-category.tsx";
import { ChartLine } from "./chart-line.tsx";
import { Rules } from "./rules.tsx";

const kinds = ["income", "expense", "transfer"] as const;

/** The chart of categories as a tree, changed in place, and the rules that give them. */
export function CategoriesPage() {
  const { t } = useText();
  const core = useCore();
  const toast = useToast();
  const version = useTransactionsVersion();
  const { value, error, retry } = useRead("chart.list", {}, version);
  const [openId, setOpenId] = useState<string>();
  const undo = useAction(async (id: string) => {
    await core.call("edits.undo", { id });
  });
  const change = useAction(async (run: () => Promise<{ readonly undoId: string | null }>) => {
    const { undoId } = await run();
    setOpenId(undefined);
    toast(t("chart.changed"), undoId === null ? undefined : { label: t("action.undo"), run: () => undo.start(undoId) });
  });
  const categories = value?.categories ?? [];
  return (
    <>
      <Toolbar />
      <main className="sheet" id="main">
        <header className="page-head">
          <div>
            <h1>{t("chart.title")}</h1>
            <p>{t("chart.lead")}</p>
          </div>
          <span className="end">
            <Link className="btn" href="/review">
              {t("review.title")}
            </Link>
          </span>
        </header>
        {error !== undefined ? (
          <div className="cell">
            <ErrorBox error={error} onRetry={retry} />
          </div>
        ) : value === undefined ? (
          <div className="cell skeleton-cell" aria-busy="true">
            <Skeleton width="100%" height={18} />
          </div>
        ) : (
          <>
            <ErrorLine error={change.error ?? undo.error} />
            {kinds.map((kind) => (
              <section key={kind} className="row" aria-labelledby={`chart-${kind}`}>
                <div className="h in">
                  <h2 id={`chart-${kind}`}>{t(`category.kind.${kind}`)}</h2>
                </div>
                <table className="tbl stack">
                  <tbody>
                    {categories
                      .filter((row) => row.kind === kind)
                      .map((row) => (
                        <ChartLine
                          key={row.id}
                          row={row}
                          depth={depthOf(row, categories)}
                          others={categories.filter((other) => other.kind === kind && other.id !== row.id)}
                          isOpen={openId === row.id}
                          running={change.running}
                          onOpen={() => setOpenId(openId === row.id ? undefined : row.id)}
                          onRename={(name) => change.start(() => core.call("chart.rename", { categoryId: row.id, name }))}
                          onMerge={(intoId) => change.start(() => core.call("chart.merge", { categoryId: row.id, intoId }))}
                          onMove={(parentId) => change.start(() => core.call("chart.move", { categoryId: row.id, parentId }))}
                        />
                      ))}
                  </tbody>
                </table>
                <AddCategory
                  label={t("chart.addTo", { kind: t(`category.kind.${kind}`) })}
                  parents={categories.filter((row) => row.kind === kind)}
                  running={change.running}
                  onAdd={(name, parentId) => change.start(() => core.call("chart.add", { name, kind, parentId }))}
                />
              </section>
            ))}
            <Rules categories={categories} />
          </>
        )}
      </main>
    </>
  );
}

/** How deep a category lies in its tree. */
function depthOf(row: ChartRow, categories: readonly ChartRow[]): number {
  let depth = 0;
  for (let above = row.parentId; above !== null && depth < categories.length; depth++) above = categories.find(({ id }) => id === above)?.parentId ?? null;
  return depth;
}
