import type { JsonValue } from "@saldo/schema";
import { z } from "zod";
import { askInTurn, askOther, type AiWork } from "../ask-in-turn.ts";
import { blockRules, dataBlock, maskedText } from "../checks/data-block.ts";
import { createPseudonyms, type Pseudonyms, type Subject } from "../checks/pseudonyms.ts";
import type { ModelQuestion } from "../providers/provider.ts";

/** Different texts of one question: the most frequent. */
const textsMax = 60;
/** Rows a suggestion names for one text: the first of those given. */
const rowsOfTextMax = 16;
const outputTokensMax = 3_000;

/** A row the device could not place. */
export interface UnplacedRow {
  readonly id: string;
  /** Counterparty and purpose, as the device learns from them. */
  readonly text: string;
  readonly direction: "in" | "out";
}

/** What suggesting is asked for. */
export interface SuggestionRequest {
  readonly rows: readonly UnplacedRow[];
  /** The company's own categories, transfers and put-away ones left out. */
  readonly categories: readonly { readonly id: string; readonly name: string; readonly kind: "income" | "expense" }[];
  readonly locale: "en" | "ru";
  /** The company's setting `aiNames`: without it no text of a row leaves, and nothing is suggested. */
  readonly allowNames: boolean;
}

/** A category for a row: both models said so, or one alone. */
export interface CategorySuggestion {
  readonly rowId: string;
  readonly categoryId: string;
  readonly check: "agreed" | "unchecked";
}

const placements = z.strictObject({ placements: z.array(z.strictObject({ text: z.int(), category: z.string().nullable() })) });
type Placements = z.infer<typeof placements>;

/**
 * Suggests categories of the company for rows nobody could place, each model asked by itself: where two answer, only what both say remains.
 * Never a category that does not exist or is of the other direction. Suggestions are for the review list; nothing is written.
 */
export async function suggestCategories(request: SuggestionRequest, work: AiWork): Promise<readonly CategorySuggestion[]> {
  const { rows, categories, locale, allowNames } = request;
  if (work.desk === null || !allowNames || rows.length === 0 || categories.length === 0) return [];
  const subjects = categories.map(({ id, name }): Subject => ({ kind: "category", id, name }));
  const names = createPseudonyms(subjects, { allowNames, locale });
  const texts = frequentTexts(rows);
  const asked = question(texts, subjects, names, categories);
  const first = await askInTurn(work.desk, asked, work, [0, 500]);
  if (first === undefined) return [];
  const other = await askOther(work.desk, first.provider, asked, work, [500, 1_000]);
  const [one, two] = [placesOf(first.answer, texts, names, categories), other && placesOf(other.answer, texts, names, categories)];
  return texts.flatMap(({ rowIds }, place) => {
    const categoryId = one.get(place);
    if (categoryId === undefined || (two !== undefined && two.get(place) !== categoryId)) return [];
    return rowIds.slice(0, rowsOfTextMax).map((rowId) => ({ rowId, categoryId, check: two === undefined ? ("unchecked" as const) : ("agreed" as const) }));
  });
}

interface FrequentText {
  readonly text: string;
  readonly direction: "in" | "out";
  readonly rowIds: string[];
}

function frequentTexts(rows: readonly UnplacedRow[]): FrequentText[] {
  const texts = new Map<string, FrequentText>();
  for (const { id, text, direction } of rows) {
    const masked = maskedText(text);
    const key = `${direction} ${masked}`;
    const known = texts.get(key);
    if (known !== undefined) known.rowIds.push(id);
    else if (masked !== "") texts.set(key, { text: masked, direction, rowIds: [id] });
  }
  return [...texts.values()].toSorted((a, b) => b.rowIds.length - a.rowIds.length).slice(0, textsMax);
}

function question(texts: readonly FrequentText[], subjects: readonly Subject[], names: Pseudonyms, categories: SuggestionRequest["categories"]): ModelQuestion<Placements> {
  const instructions = [
    "You sort bank rows of a small business into its own categories. The data block holds its categories (c1, c2, …) and numbered texts of rows.",
    "For each text give the reference of the one category it belongs to, or null when the text does not tell. Money that came in goes into an income category, money that went out into an expense category.",
    blockRules,
  ].join("\n");
  const told = subjects.map((subject, place): JsonValue => ({ ref: names.refOf("category", subject.id) ?? null, name: names.toldName(subject), kind: categories[place]?.kind ?? null }));
  const data = dataBlock({ categories: told, texts: texts.map(({ text, direction }, place) => ({ text: place + 1, direction, says: text })) });
  return { purpose: "suggest_categories", instructions, data, schema: placements, outputTokensMax };
}

/** Places of texts with the category an answer gives them; one that is not there, of the other direction, or given twice differently is left out. */
function placesOf({ placements: given }: Placements, texts: readonly FrequentText[], names: Pseudonyms, categories: SuggestionRequest["categories"]): Map<number, string> {
  const places = new Map<number, string>();
  const unclear = new Set<number>();
  for (const { text, category: ref } of given) {
    const place = text - 1;
    const category = categories.find(({ id }) => id === names.subjectOf(ref ?? "")?.id);
    const isFitting = category !== undefined && texts[place] !== undefined && (category.kind === "income") === (texts[place].direction === "in");
    if (!isFitting) continue;
    if (places.has(place) && places.get(place) !== category.id) unclear.add(place);
    places.set(place, category.id);
  }
  for (const place of unclear) places.delete(place);
  return places;
}
