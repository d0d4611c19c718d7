import type { Row } from "@saldo/schema";
import type { Books } from "../books/books.ts";
import { listCategories } from "../reports/lists.ts";
import { categoriserRow, readLearnedRows, type OpenRow } from "./book-rows.ts";
import { trainCategoriser, type Categoriser, type Why } from "./categoriser.ts";
import { categoryOfChart, codeCategory, knownCategory, type Known } from "./known-words.ts";

/** Why a transaction would be given a category. */
export type BookWhy = Why | { readonly by: "known"; readonly told: Known["by"]; readonly text: string };

/** A category for a transaction. */
export interface Suggestion {
  readonly categoryId: string;
  /** Share of suggestions like this that are right. */
  readonly confidence: number;
  /** True when it may be given without asking. */
  readonly isSure: boolean;
  readonly why: BookWhy;
}

/** The categoriser of some books: made from their rows, and told what was decided since. */
export interface BookCategoriser {
  /** Learns what was decided since the last time, here or on another device; made anew where something learned was changed. */
  refresh(): Promise<void>;
  /** Null when nothing is to be said. Call after {@link BookCategoriser.refresh}. */
  suggest(row: OpenRow): Suggestion | null;
  /** The category a row may be given without asking; null for none. Quick: it is asked of each row of a file. */
  give(row: OpenRow): string | null;
}

/** How often a word of a purpose, or what a row is by nature, is taken to be right before anything was learned. */
const wordConfidence = 0.6;
/** The same of a merchant code. */
const codeConfidence = 0.95;

/** Makes the categoriser of some books; it knows nothing before it is refreshed. */
export function createBookCategoriser(books: Books): BookCategoriser {
  let categoriser: Categoriser | undefined;
  let learned = new Map<string, string>();
  let categories: ReadonlyMap<string, Row<"category">> = new Map();

  const learnAnew = async (rows: readonly Row<"transaction">[]) => {
    categoriser = await trainCategoriser(rows.map((row) => ({ ...categoriserRow(row), label: row.categoryId ?? "" })), books.pause);
    learned = new Map(rows.map((row) => [row.id, row.categoryId ?? ""]));
  };

  const known = (row: OpenRow): Suggestion | null => {
    const found = knownCategory({ searchText: row.searchText, kind: row.kind, isOut: row.amountMinor < 0 });
    const categoryId = found === null ? null : categoryOfChart(found.key, categories);
    if (found === null || categoryId === null) return null;
    const isSure = found.by === "merchant_code";
    return { categoryId, confidence: isSure ? codeConfidence : wordConfidence, isSure, why: { by: "known", told: found.by, text: found.told } };
  };

  const learnedOf = (row: OpenRow): Suggestion | null => {
    const verdict = categoriser?.categorise(categoriserRow(row));
    const isUsable = verdict?.label != null && categories.get(verdict.label)?.archived === false;
    return isUsable ? { categoryId: verdict.label ?? "", confidence: verdict.confidence, isSure: verdict.isSure, why: verdict.why } : null;
  };

  const refreshNow = async () => {
    const { workspaceId } = await books.recordContext();
    const rows = await readLearnedRows(books.database, workspaceId);
    categories = new Map((await listCategories(books.database, workspaceId)).map((category) => [category.id, category]));
    const kept = new Map(rows.map((row) => [row.id, row.categoryId]));
    const isKept = [...learned].every(([id, label]) => kept.get(id) === label);
    if (categoriser === undefined || !isKept) return learnAnew(rows);
    for (const row of rows) {
      if (learned.has(row.id)) continue;
      categoriser.learn({ ...categoriserRow(row), label: row.categoryId ?? "" });
      learned.set(row.id, row.categoryId ?? "");
    }
  };
  let last: Promise<void> = Promise.resolve();

  return {
    // One after the other: of two at once the one that began first could end last, with what is no longer so.
    refresh: () => (last = last.catch(() => undefined).then(refreshNow)),
    give(row) {
      const byRows = learnedOf(row);
      if (byRows?.isSure === true) return byRows.categoryId;
      return codeCategory({ searchText: row.searchText, kind: row.kind, isOut: row.amountMinor < 0 }, categories);
    },
    suggest(row) {
      const byRows = learnedOf(row);
      if (byRows?.isSure === true) return byRows;
      const byWords = known(row);
      if (byRows === null || byWords === null) return byRows ?? byWords;
      return byWords.confidence > byRows.confidence ? byWords : byRows;
    },
  };
}
