import { useState, type ReactNode } from "react";
import { sureFrom, type ReviewGroup } from "../../../bridge/contract/categories.ts";
import type { Category } from "../../../bridge/contract/transactions.ts";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorBox, ErrorLine, Skeleton } from "../../parts/state-box.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAction, useCore, useRead, useTransactionsVersion } from "../../state/bridge.tsx";
import { Link } from "../../state/route.tsx";
import { Toolbar } from "../toolbar.tsx";
import { CategoryOptions, chosenCategory } from "../transactions/category-select.tsx";
import { NewCategory } from "../transactions/new-category.tsx";
import { whyText } from "./why-text.ts";

/** Rows without a category by counterparty, those that matter most first: each answer settles all rows of one. */
export function ReviewPage() {
  const { t } = useText();
  const core = useCore();
  const toast = useToast();
  const version = useTransactionsVersion();
  const { value, error, retry } = useRead("review.list", {}, version);
  const categories = useRead("categories.list", {}, version).value?.categories ?? [];
  const [naming, setNaming] = useState<ReviewGroup>();
  const undo = useAction(async (id: string) => {
    await core.call("edits.undo", { id });
  });
  const accept = useAction(async (chosen: readonly { readonly group: ReviewGroup; readonly categoryId: string }[]) => {
    const { undoId } = await core.call("review.accept", { choices: chosen.map(({ group, categoryId }) => ({ ids: group.ids, categoryId })) });
    const count = chosen.reduce((sum, { group }) => sum + group.ids.length, 0);
    toast(t("review.accepted", { count }), undoId === null ? undefined : { label: t("action.undo"), run: () => undo.start(undoId) });
  });
  const groups = value?.groups ?? [];
  const suggested = groups.flatMap((group) => (group.suggestion === null || group.suggestion.confidence < sureFrom ? [] : [{ group, categoryId: group.suggestion.categoryId }]));
  return (
    <>
      <Toolbar />
      <main className="sheet" id="main">
        <header className="page-head">
          <div>
            <h1>{t("review.title")}</h1>
            <p>{value === undefined ? t("review.loading") : value.rowsTotal === 0 ? t("review.none") : t("review.lead", { count: value.rowsTotal })}</p>
          </div>
          <span className="end">
            <Link className="btn" href="/categories">
              {t("chart.title")}
            </Link>
            {suggested.length > 0 && (
              <button type="button" className="btn primary" disabled={accept.running} onClick={() => accept.start(suggested)}>
                {t("review.acceptAll", { count: suggested.length })}
              </button>
            )}
          </span>
        </header>
        {error !== undefined ? (
          <div className="cell">
            <ErrorBox error={error} onRetry={retry} />
          </div>
        ) : value === undefined ? (
          <div className="cell skeleton-cell" aria-busy="true">
            {[0, 1, 2, 3].map((line) => (
              <Skeleton key={line} width="100%" height={18} />
            ))}
          </div>
        ) : (
          <section className="row table-part" hidden={groups.length === 0}>
            <ErrorLine error={accept.error ?? undo.error} />
            <table className="tbl stack roomy">
              <thead>
                <tr>
                  <th className="l">{t("review.who")}</th>
                  <th>{t("review.amount")}</th>
                  <th className="l">{t("review.suggestion")}</th>
                  <th className="r">{t("filter.category")}</th>
                </tr>
              </thead>
              <tbody>
                {groups.map((group) => (
                  <GroupRow
                    key={`${group.currency} ${group.ids[0] ?? group.name}`}
                    group={group}
                    categories={categories}
                    running={accept.running}
                    onAccept={(categoryId) => accept.start([{ group, categoryId }])}
                    onNew={() => setNaming(group)}
                  />
                ))}
              </tbody>
            </table>
          </section>
        )}
      </main>
      {naming !== undefined && (
        <NewCategory
          rows={[{ amountMinor: naming.amountMinor }]}
          onClose={() => setNaming(undefined)}
          onMade={(category) => {
            accept.start([{ group: naming, categoryId: category.id }]);
            setNaming(undefined);
          }}
        />
      )}
    </>
  );
}

function GroupRow(props: {
  readonly group: ReviewGroup;
  readonly categories: readonly Category[];
  readonly running: boolean;
  readonly onAccept: (categoryId: string) => void;
  readonly onNew: () => void;
}) {
  const { t, f } = useText();
  const { group, categories, running, onAccept, onNew } = props;
  const { name, example, ids, suggestion, fromModels, amountMinor, currency, lastOn } = group;
  const suggested = categories.find(({ id }) => id === suggestion?.categoryId);
  const told = categories.find(({ id }) => id === fromModels?.categoryId);
  return (
    <tr>
      <td className="l cut-wide">
        <b>{name}</b>
        <br />
        <span className="say">
          {t("review.rows", { count: ids.length })} · {f.dateShort(lastOn, true)}
          {example === name ? "" : ` · ${example}`}
        </span>
      </td>
      <td className="r">{f.money(amountMinor, currency, { sign: "change", fraction: "full" })}</td>
      <td className="l two">
        {told !== undefined && fromModels !== null && (
          <Suggested category={told} running={running} onAccept={onAccept}>
            {t(`cloud.suggests.${fromModels.check}`)}
          </Suggested>
        )}
        {suggested !== undefined && suggestion !== null && (
          <Suggested category={suggested} running={running} onAccept={onAccept}>
            {whyText(t, f, suggestion)}
          </Suggested>
        )}
        {told === undefined && suggested === undefined && <span className="say">{t("review.unknown")}</span>}
      </td>
      <td className="r two">
        <select
          className="select"
          aria-label={t("transactions.categoryOf", { name })}
          value=""
          disabled={running}
          onChange={(event) => {
            const chosen = chosenCategory(categories, event.target.value);
            if (chosen === "new") onNew();
            else if (chosen !== undefined) onAccept(chosen.id);
          }}
        >
          <option value="" disabled>
            {t("review.choose")}
          </option>
          <CategoryOptions categories={categories} withNone={false} />
        </select>
      </td>
    </tr>
  );
}

/** A category one may take with a click, and why. */
function Suggested(props: { readonly category: Category; readonly running: boolean; readonly onAccept: (categoryId: string) => void; readonly children: ReactNode }) {
  const { category, running, onAccept, children } = props;
  return (
    <p className="suggested">
      <button type="button" className="btn s" disabled={running} onClick={() => onAccept(category.id)}>
        {category.name}
      </button>{" "}
      <span className="say">{children}</span>
    </p>
  );
}
