import { plainText } from "./features.ts";
import { trainCategoriser, type Categoriser, type LabelledRow } from "./categoriser.ts";

/** Rows of a group (counterparty seen before, or not) and what became of them. */
export interface GroupScores {
  readonly rows: number;
  /** Share given a category without asking, and share of those that are right. */
  readonly applied: number;
  readonly right: number;
  /** Share of all the first guess is right for, asked or not. */
  readonly guessedRight: number;
  /** Share that is right of the most confident tenth, two tenths, … all rows. */
  readonly curve: readonly number[];
}

/** What a categoriser that learned one part of a table does with the other. */
export interface SplitScores {
  readonly seen: GroupScores;
  readonly unseen: GroupScores;
}

const tenths = 10;

/** Learns the first rows, categorises the others. */
export async function scoreSplit(learned: readonly LabelledRow[], asked: readonly LabelledRow[]): Promise<SplitScores> {
  const categoriser = await trainCategoriser(learned);
  const groups: Record<"seen" | "unseen", Judged[]> = { seen: [], unseen: [] };
  for (const row of asked) {
    const verdict = categoriser.categorise(row);
    groups[verdict.why.by === "memory" ? "seen" : "unseen"].push({ confidence: verdict.confidence, isSure: verdict.isSure, isRight: verdict.label === row.label });
  }
  return { seen: scoresOf(groups.seen), unseen: scoresOf(groups.unseen) };
}

interface Judged {
  readonly confidence: number;
  readonly isSure: boolean;
  readonly isRight: boolean;
}

function scoresOf(judged: readonly Judged[]): GroupScores {
  const sorted = judged.toSorted((a, b) => b.confidence - a.confidence);
  const sure = sorted.filter(({ isSure }) => isSure);
  const curve = Array.from({ length: tenths }, (_, index) => rightShare(sorted.slice(0, Math.round(((index + 1) * sorted.length) / tenths))));
  return { rows: judged.length, applied: sure.length / Math.max(1, judged.length), right: rightShare(sure), guessedRight: rightShare(sorted), curve };
}

function rightShare(judged: readonly Judged[]): number {
  return judged.length === 0 ? 0 : judged.filter(({ isRight }) => isRight).length / judged.length;
}

/** A share of rows whose category the categoriser knew before it was told, told each row's after it, from nothing on. */
export async function scoreFeedback(rows: readonly LabelledRow[]): Promise<number> {
  const categoriser: Categoriser = await trainCategoriser([]);
  let right = 0;
  for (const row of rows) {
    if (categoriser.categorise(row).label === row.label) right++;
    categoriser.learn(row);
  }
  return right / Math.max(1, rows.length);
}

/** Cuts rows in two so that no counterparty is on both sides; about `share` of the counterparties are asked. */
export function splitByCounterparty<R extends LabelledRow>(rows: readonly R[], share: number): { readonly learned: R[]; readonly asked: R[] } {
  const [learned, asked]: [R[], R[]] = [[], []];
  for (const row of rows) (hashShare(plainText(row.texts[0] ?? "")) < share ? asked : learned).push(row);
  return { learned, asked };
}

/** FNV-1a, mixed, as a number from 0 to 1. */
function hashShare(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return ((hash ^ (hash >>> 15)) >>> 0) / 0x100000000;
}
