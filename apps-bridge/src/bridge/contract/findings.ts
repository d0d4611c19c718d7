import { analysisQuality, finding, findingVerdict, textLengthMax } from "@saldo/schema";
import { z } from "zod";
import { watch, write } from "../methods.ts";
import { accountingDate, currencyCode, instant, minorAmount, none, rowId } from "./money.ts";

/** Most findings a screen is given, of the open ones and of the judged ones. */
export const findingsShownMax = 500;

const row = z.object({
  id: rowId,
  postedOn: accountingDate,
  amountMinor: minorAmount,
  currency: currencyCode,
  counterparty: z.string(),
  description: z.string(),
  categoryId: rowId.nullable(),
  /** `suspect`: this row is in question. `beside`: it shows why. */
  role: z.enum(["suspect", "beside"]),
});

/** A finding with its rows as they are now (a row that is gone is left out), and as a model of the cloud said it, in its language. */
const shown = z.object({ finding, rows: z.array(row), inWords: z.object({ text: z.string(), locale: z.enum(["en", "ru"]) }).nullable() });

/** What a screen shows of findings. */
export const findingsViewSchema = z.object({
  /** Those nobody judged, the likeliest and costliest first. */
  open: z.array(shown).max(findingsShownMax),
  /** Those people judged, the newest first. */
  judged: z.array(shown.extend({ verdict: findingVerdict, judgedAt: instant })).max(findingsShownMax),
  /** How many there are of each, beyond those shown too. */
  openCount: z.int().nonnegative(),
  judgedCount: z.int().nonnegative(),
  /** What people said so far; `missed` are problems they reported themselves. */
  verdicts: z.object({ right: z.int(), wrong: z.int(), expected: z.int(), missed: z.int() }),
  quality: analysisQuality,
  /** Rows that were looked at; 0 in empty books. */
  rowsExamined: z.int().nonnegative(),
});
/** See {@link findingsViewSchema}. */
export type FindingsView = z.output<typeof findingsViewSchema>;

/** `undoId` names the step for `edits.undo`. */
const step = z.object({ undoId: z.string().nullable() });
const comment = z.string().max(textLengthMax).nullable();

/** Findings: computed on the device, kept once judged; every verdict can be taken back. */
export const findingMethods = {
  "findings.watch": watch(none, findingsViewSchema),
  /** Says what a finding of the view is; it leaves the open ones for good. `expected` dismisses it without calling it an error. */
  "findings.judge": write(z.object({ finding, verdict: findingVerdict, comment }), step),
  /** Puts a judged finding among the open ones again. */
  "findings.reopen": write(z.object({ stableKey: finding.shape.stableKey }), step),
  /** Reports a row with a problem no finding told of. */
  "findings.report": write(z.object({ transactionId: rowId, comment }), step),
};
