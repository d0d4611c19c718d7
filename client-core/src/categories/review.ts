import { minor, selectionMax, type Minor, type Row } from "@saldo/schema";
import type { Books } from "../books/books.ts";
import { quickTotals } from "../reports/quick-totals.ts";
import type { BookCategoriser, Suggestion } from "./book-categoriser.ts";
import { readOpenRows } from "./book-rows.ts";
import { plainText } from "./features.ts";

/** Most groups a review lists. */
export const reviewGroupsMax = 100;

/** Rows without a category that are alike: of one counterparty, direction and currency. */
export interface ReviewGroup {
  /** What the bank calls the counterparty, or the purpose where it names none. */
  readonly name: string;
  /** One of the purposes. */
  readonly example: string;
  readonly ids: readonly string[];
  readonly amountMinor: Minor;
  readonly currency: string;
  readonly firstOn: string;
  readonly lastOn: string;
  /** What most of its money would be given; null when nothing is to be said. */
  readonly suggestion: Suggestion | null;
}

/** What is left for a person to decide. */
export interface Review {
  /** The groups that matter most first: much money, little known. */
  readonly groups: readonly ReviewGroup[];
  readonly groupsTotal: number;
  readonly rowsTotal: number;
}

/** Gathers the rows without a category by counterparty, the most valuable answer first. */
export async function reviewBooks(books: Books, categoriser: BookCategoriser): Promise<Review> {
  await categoriser.refresh();
  const { workspaceId } = await books.recordContext();
  const rows = await readOpenRows(books.database, workspaceId);
  const groups = new Map<string, Row<"transaction">[]>();
  for (const row of rows) {
    const name = plainText(row.counterpartyName ?? "") || plainText(row.description);
    const key = `${row.currency} ${row.amountMinor < 0 ? "out" : "in"} ${name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const judged = [...groups.values()].map((group) => judgeGroup(group, categoriser)).toSorted((a, b) => b.value - a.value || (a.group.name < b.group.name ? -1 : 1));
  return { groups: judged.slice(0, reviewGroupsMax).map(({ group }) => group), groupsTotal: judged.length, rowsTotal: rows.length };
}

/** Rows of a group that are asked about: the newest tell enough. */
const askedMax = 20;

function judgeGroup(rows: readonly Row<"transaction">[], categoriser: BookCategoriser): { readonly group: ReviewGroup; readonly value: number } {
  const byCategory = new Map<string, { readonly suggestion: Suggestion; moneyMinor: number }>();
  for (const row of rows.slice(0, askedMax)) {
    const suggestion = categoriser.suggest(row);
    if (suggestion === null) continue;
    const known = byCategory.get(suggestion.categoryId);
    if (known === undefined) byCategory.set(suggestion.categoryId, { suggestion, moneyMinor: Math.abs(row.amountMinor) });
    else known.moneyMinor += Math.abs(row.amountMinor);
  }
  const best = [...byCategory.values()].toSorted((a, b) => b.moneyMinor - a.moneyMinor)[0]?.suggestion ?? null;
  const [newest, oldest] = [rows[0], rows.at(-1)];
  const amountMinor = minor(rows.reduce((sum, row) => sum + row.amountMinor, 0));
  const name = newest === undefined ? "" : (newest.counterpartyName ?? "") || newest.description;
  const group = {
    name,
    example: newest?.description ?? "",
    ids: rows.map(({ id }) => id),
    amountMinor,
    currency: newest?.currency ?? "",
    firstOn: oldest?.postedOn ?? "",
    lastOn: newest?.postedOn ?? "",
    suggestion: best,
  };
  return { group, value: Math.abs(amountMinor) * (1 - (best?.confidence ?? 0)) };
}

/** Gives rows without a category the one the categoriser is sure of. Returns how many it gave one. Quick after rollups were refreshed, where there are none. */
export async function categoriseOpenRows(books: Books, categoriser: BookCategoriser): Promise<number> {
  const { workspaceId } = await books.recordContext();
  const { count } = await books.database.snapshot((reader) => quickTotals(reader, { workspaceId, categoryId: null }));
  if (count === 0) return 0;
  await categoriser.refresh();
  const given: { readonly id: string; readonly categoryId: string }[] = [];
  for (const row of await readOpenRows(books.database, workspaceId)) {
    const suggestion = categoriser.suggest(row);
    if (suggestion?.isSure === true) given.push({ id: row.id, categoryId: suggestion.categoryId });
  }
  for (let from = 0; from < given.length; from += selectionMax) {
    const chunk = given.slice(from, from + selectionMax);
    const categories = [...new Set(chunk.map(({ categoryId }) => categoryId))];
    await books.record("transaction.categorise", { by: "model", categories, rows: chunk.map(({ id, categoryId }): [string, number] => [id, categories.indexOf(categoryId)]) });
  }
  return given.length;
}
