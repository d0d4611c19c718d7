import { applyRule, createBookCategoriser, findRuleRows, reviewBooks, type BookCategoriser } from "@saldo/client-core/categories";
import { countByCategory, listCategories, listRules } from "@saldo/client-core/reports";
import { revertChangesMax, ruleConditions, selectionMax, type MutationName, type Row } from "@saldo/schema";
import { sureFrom, type ReviewGroup } from "../bridge/contract/categories.ts";
import { readWords } from "./analysis-words.ts";
import type { Core, OpenBooks } from "./core.ts";
import { readBooks } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

/** The chart of categories, rules, and what is left to decide. */
export function categoryHandlers(core: Core): HandlersOf<"review" | "chart" | "rules"> {
  const record = async (name: MutationName, args: unknown) => ({ undoId: await core.opened().books.history.record([{ name, args }]) });
  return {
    async "review.list"() {
      const opened = core.opened();
      const { books } = opened;
      const { groups, groupsTotal, rowsTotal } = await reviewBooks(books, categoriserOf(opened));
      const { workspaceId } = await books.recordContext();
      const words = await readWords(books.database, workspaceId, books.nowInstant());
      const byRow = new Map(words?.suggestions.map(({ rowId, categoryId, check }) => [rowId, { categoryId, check }]));
      const shown = groups.map(({ ids, suggestion, ...group }) => ({
        ...group,
        ids: ids.slice(0, revertChangesMax),
        fromModels: suggestion === null || suggestion.confidence < sureFrom ? suggestedFor(ids, byRow) : null,
        suggestion: suggestion === null ? null : { categoryId: suggestion.categoryId, confidence: suggestion.confidence, why: suggestion.why },
      }));
      return { groups: shown, groupsTotal, rowsTotal };
    },
    async "review.accept"({ choices }) {
      const edits = choices.flatMap(({ ids, categoryId }) => chunksOf(ids).map((chunk) => ({ name: "transaction.recategorise" as const, args: { ids: chunk, categoryId } })));
      return { undoId: await core.opened().books.history.record(edits) };
    },
    "chart.list": () =>
      readBooks(core, async ({ reader, workspaceId }) => {
        const counts = await countByCategory(reader, workspaceId);
        const used = (await listCategories(reader, workspaceId)).filter((row) => !row.archived);
        return { categories: inTree(used).map(({ id, name, kind, parentId, activity, slot }) => ({ id, name, kind, parentId, activity, slot, rows: counts.get(id) ?? 0 })) };
      }),
    "chart.add"({ name, kind, parentId }) {
      const { books } = core.opened();
      return record("category.create", { id: books.ids.next(), name, kind, createdAt: books.nowInstant(), ...(parentId === null ? {} : { parentId }) });
    },
    "chart.rename": ({ categoryId, name }) => record("category.rename", { categoryId, name }),
    "chart.move": ({ categoryId, parentId }) => record("category.move", { categoryId, parentId }),
    "chart.merge": ({ categoryId, intoId }) => record("category.merge", { categoryId, intoId }),
    "rules.list": () =>
      readBooks(core, async ({ reader, workspaceId }) => ({
        rules: (await listRules(reader, workspaceId)).flatMap(({ id, conditions, categoryId, enabled }) => {
          const parsed = ruleConditions.safeParse(conditions);
          return parsed.success ? [{ id, conditions: parsed.data, categoryId, enabled }] : [];
        }),
      })),
    async "rules.preview"(rule) {
      const { ids, byPerson, there } = await findRuleRows(core.opened().books, rule);
      return { rows: ids.length, byPerson, there };
    },
    async "rules.add"({ conditions, categoryId, toPastRows }) {
      const { books } = core.opened();
      const { undoId } = await record("rule.create", { id: books.ids.next(), conditions, categoryId, createdAt: books.nowInstant() });
      if (!toPastRows) return { undoId, rows: 0 };
      const { ids } = await findRuleRows(books, { conditions, categoryId });
      return { undoId: ids.length === 0 ? undoId : (await applyRule(books, categoryId, ids)).undoId, rows: ids.length };
    },
    "rules.remove": ({ ruleId }) => record("rule.remove", { ruleId }),
  };
}

const categorisers = new WeakMap<OpenBooks, BookCategoriser>();

/** The one categoriser of books that are open: it learns on from what it knows. */
export function categoriserOf(opened: OpenBooks): BookCategoriser {
  let categoriser = categorisers.get(opened);
  if (categoriser === undefined) categorisers.set(opened, (categoriser = createBookCategoriser(opened.books)));
  return categoriser;
}

/** What models say of the rows of a group; nothing where they say different things of them. */
function suggestedFor(ids: readonly string[], byRow: ReadonlyMap<string, NonNullable<ReviewGroup["fromModels"]>>): ReviewGroup["fromModels"] {
  const said = ids.flatMap((id) => byRow.get(id) ?? []);
  const [first] = said;
  return first !== undefined && said.every(({ categoryId }) => categoryId === first.categoryId) ? first : null;
}

function chunksOf(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / selectionMax) }, (_, index) => ids.slice(index * selectionMax, (index + 1) * selectionMax));
}

/** Parents before what lies below them, each level in the order given; one whose parent is not in use stands at the top. */
function inTree(categories: readonly Row<"category">[]): Row<"category">[] {
  const ids = new Set(categories.map(({ id }) => id));
  const below = (parentId: string | null): Row<"category">[] =>
    categories.filter((row) => (row.parentId !== null && ids.has(row.parentId) ? row.parentId : null) === parentId).flatMap((row) => [row, ...below(row.id)]);
  return below(null);
}
