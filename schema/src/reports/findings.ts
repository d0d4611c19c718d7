import { z } from "zod";

const minorUnits = z.int();
const date = z.iso.date();
const month = z.string().regex(/^\d{4}-\d{2}$/);
const permille = z.int().min(0).max(1000);
/** A counterparty as the bank names it; empty where it names none. */
const name = z.string();

/** How often a payment recurs. */
export const findingPeriod = z.enum(["week", "two_weeks", "month", "quarter", "year"]);

/** A usual range: the middle of what was paid before, and where nine payments in ten lie. All positive. */
const usualRange = { usualMinor: minorUnits, usualLowMinor: minorUnits, usualHighMinor: minorUnits, payments: z.int() };

/**
 * What was expected and what happened, by kind. Amounts are positive minor units of the finding's currency; names are those of the books.
 * `words.ts` of the findings engine says them as sentences in every language.
 */
export const findingFacts = z.discriminatedUnion("kind", [
  /** The same counterparty, amount and day more often than expected. */
  z.strictObject({ kind: z.literal("duplicate_exact"), counterparty: name, amountMinor: minorUnits, onDate: date, copies: z.int(), usualCopies: z.int() }),
  /** The same amount again within days, or under another spelling of the name. */
  z.strictObject({ kind: z.literal("duplicate_near"), counterparty: name, otherCounterparty: name, amountMinor: minorUnits, onDate: date, otherOn: date }),
  z.strictObject({ kind: z.literal("amount_unlike_vendor"), counterparty: name, amountMinor: minorUnits, ...usualRange }),
  z.strictObject({ kind: z.literal("amount_unlike_category"), counterparty: name, category: name, amountMinor: minorUnits, ...usualRange }),
  /** A round sum where they are rare. `roundPermille`: how many of the payments to compare with are as round. */
  z.strictObject({ kind: z.literal("round_amount"), counterparty: name, amountMinor: minorUnits, roundPermille: permille, usualMinor: minorUnits, payments: z.int() }),
  /** Several payments, each just under a limit, that pass it together. */
  z.strictObject({ kind: z.literal("split_invoice"), counterparty: name, parts: z.int(), totalMinor: minorUnits, limitMinor: minorUnits, firstOn: date, lastOn: date }),
  /** `usualPermille`: the share of this counterparty's payments that are in the usual category. */
  z.strictObject({ kind: z.literal("category_unlike_vendor"), counterparty: name, category: name, usualCategory: name, usualPermille: permille, payments: z.int(), amountMinor: minorUnits }),
  /** A first payment far above what first payments are. `higherPermille`: how many of all payments are as large. */
  z.strictObject({ kind: z.literal("new_vendor_large"), counterparty: name, amountMinor: minorUnits, usualMinor: minorUnits, higherPermille: permille }),
  /** A category spends faster than its trend, by the same day of the months before. */
  z.strictObject({ kind: z.literal("category_pace"), category: name, month, throughDate: date, amountMinor: minorUnits, usualMinor: minorUnits, usualHighMinor: minorUnits }),
  z.strictObject({ kind: z.literal("recurring_missing"), counterparty: name, usualMinor: minorUnits, period: findingPeriod, expectedOn: date, lastOn: date, payments: z.int() }),
  z.strictObject({ kind: z.literal("price_step"), counterparty: name, beforeMinor: minorUnits, amountMinor: minorUnits, period: findingPeriod, sinceOn: date, payments: z.int() }),
  /** `minuteOfDay` is null where the rows have no time. `usualPermille`: how many of the payments to compare with are on such days or hours. */
  z.strictObject({ kind: z.literal("off_hours"), counterparty: name, amountMinor: minorUnits, onDate: date, minuteOfDay: z.int().min(0).max(1439).nullable(), usualPermille: permille }),
  /** First digits of a whole set of amounts against Benford's law. Information only: it accuses no row. `deviation` is the mean absolute deviation in millionths. */
  z.strictObject({ kind: z.literal("benford"), amounts: z.int(), deviation: z.int(), digit: z.int().min(1).max(9), digitPermille: permille, expectedPermille: permille }),
  /** A problem a person saw and the engine did not. */
  z.strictObject({ kind: z.literal("reported"), counterparty: name, amountMinor: minorUnits, onDate: date }),
]);
/** See {@link findingFacts}. */
export type FindingFacts = z.infer<typeof findingFacts>;

/** What a finding can be. */
export type FindingKind = FindingFacts["kind"];
/** Every {@link FindingKind}. */
export const findingKinds: readonly FindingKind[] = findingFacts.options.map(({ shape }) => shape.kind.value);

/** Most rows one finding names; more belong to a report. */
export const findingRowsMax = 50;

/** A row of the books a finding is about. */
const findingRow = z.strictObject({
  transactionId: z.string().min(1).max(64),
  postedOn: date,
  amountMinor: minorUnits,
  /** `suspect`: this row is in question. `beside`: it shows why. */
  role: z.enum(["suspect", "beside"]),
});

/** One thing that speaks for a finding, and how much: parts of the log-odds in thousandths. Negative speaks against. */
const findingSignal = z.strictObject({ name: z.string().max(60), weightMilli: z.int() });

/** What a finding rests on; kept with it when a person judged it. */
export const findingEvidence = z.strictObject({
  version: z.literal(1),
  facts: findingFacts,
  rows: z.array(findingRow).max(findingRowsMax),
  signals: z.array(findingSignal).max(20),
  /** Whom or what a verdict teaches about, e.g. one counterparty; empty for the whole set. */
  subjectKey: z.string().max(300),
});
/** See {@link findingEvidence}. */
export type FindingEvidence = z.infer<typeof findingEvidence>;

/** How sure and how costly: high findings come first. */
export const findingSeverity = z.enum(["high", "medium", "low"]);

/** One finding as it is computed. Equal books give equal findings on every device. */
export const finding = z.strictObject({
  /** Made of what the rows say, not of their ids: the same after the file was imported again. */
  stableKey: z.string().min(1).max(200),
  kind: z.enum(findingKinds),
  severity: findingSeverity,
  /** Probability in thousandths that a person will call it right. */
  scorePermille: permille,
  /** Money at stake, positive. Null where none is. */
  amountMinor: minorUnits.nullable(),
  currency: z.string().nullable(),
  evidence: findingEvidence,
});
/** See {@link finding}. */
export type Finding = z.infer<typeof finding>;

/** What a person can say of a finding. `expected`: it is as told, and all right. */
export const findingVerdict = z.enum(["right", "wrong", "expected"]);
/** See {@link findingVerdict}. */
export type FindingVerdict = z.infer<typeof findingVerdict>;

const share = z.number().min(0).max(1).nullable();

/**
 * How good the findings of a workspace are, by what its people said of them. A positive is a row that was reported: `right` makes it a true one,
 * `wrong` and `expected` a false one; a problem a person reported that the engine had not seen is a false negative; every other row
 * that was looked at is a true negative. Findings nobody judged count in nothing. Null where there is nothing to divide by.
 */
export const analysisQuality = z.strictObject({ accuracy: share, precision: share, recall: share, f1Score: share, falsePositiveRate: share });
/** See {@link analysisQuality}. */
export type AnalysisQuality = z.infer<typeof analysisQuality>;
