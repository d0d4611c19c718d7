import { z } from "zod";
import { finding, findingFacts } from "./findings.ts";
import { reportDays } from "./period.ts";

const minorUnits = z.int();
const rowId = z.string().min(1).max(64);
/** A sentence of a model that passed its checks. */
const sentence = z.string().min(1).max(1_000);

/** Most findings an analysis says in plain words. */
export const namedFindingsMax = 20;
/** Most rows an analysis suggests categories for. */
export const suggestedRowsMax = 1_000;
/** Most figures whose change an analysis explains. */
export const explainedChangesMax = 4;
/** Most sentences on one change. */
export const changeSentencesMax = 4;

/** Which figure of a detail report is meant: a whole side, or a category of it with those beneath it; null is "no category". */
export const figureOfSide = z.strictObject({ side: z.enum(["revenue", "expenses"]), categoryId: rowId.nullable().exactOptional() });
/** See {@link figureOfSide}. */
export type FigureOfSide = z.infer<typeof figureOfSide>;

/** Why a figure changed, in sentences whose every number is one of the report's. The amounts tell whether it is still the same change. */
const explainedChange = z.strictObject({
  figure: figureOfSide,
  now: reportDays,
  before: reportDays,
  nowMinor: minorUnits,
  beforeMinor: minorUnits,
  sentences: z.array(sentence).min(1).max(changeSentencesMax),
});

/** What models said of an analysis beside their advice; each part was checked against the books, and none of it is a figure. */
export const analysisWords = z.strictObject({
  version: z.literal(1),
  /** The language of titles and sentences. */
  locale: z.enum(["en", "ru"]),
  currency: z.string(),
  /** Findings in plain words. The facts tell whether it is still the same that was found. */
  findings: z.array(z.strictObject({ stableKey: finding.shape.stableKey, facts: findingFacts, title: sentence })).max(namedFindingsMax),
  /** Categories for rows nobody could place: `agreed` when two models said so by themselves, `unchecked` when there was one. */
  suggestions: z.array(z.strictObject({ rowId, categoryId: rowId, check: z.enum(["agreed", "unchecked"]) })).max(suggestedRowsMax),
  changes: z.array(explainedChange).max(explainedChangesMax),
});
/** See {@link analysisWords}. */
export type AnalysisWords = z.infer<typeof analysisWords>;
