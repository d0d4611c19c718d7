import { z } from "zod";

const minorUnits = z.int();
const name = z.string().max(300);
const day = z.iso.date();
const rowId = z.string().min(1).max(64);

/** Most rows a figure names one by one; more are named by a filter. */
export const figureRowIdsMax = 200;
/** Most names one counterparty may be written by. */
export const counterpartyNamesMax = 50;
/** Most recommendations of one report. */
export const recommendationsMax = 100;

/** What a recommendation asks to do. Rules of the device and models of the cloud speak of the same actions. */
export const recommendationCode = z.enum([
  /** A category costs more than its own past leads to expect: bring it back. */
  "reduce_category",
  /** A regular payment went up: negotiate, or ask for another offer. */
  "renegotiate_vendor",
  /** One service is paid for twice. */
  "cancel_duplicate",
  /** A fixed fee goes on although nothing else happens with its vendor any more. */
  "cancel_unused",
  /** Two services of one purpose run side by side. */
  "merge_services",
  /** Too much revenue hangs on one client. */
  "widen_clients",
  /** Too much spending hangs on one vendor. */
  "widen_vendors",
  /** A client pays its invoices later than it used to. */
  "collect_faster",
  /** An expected payment of a client has not come. */
  "collect_overdue",
  /** Cash will not last through the months ahead. */
  "cover_shortfall",
  /** Month after month more goes out than comes in: spend less or earn more. */
  "stop_loss",
  /** A category has a season ahead. */
  "prepare_season",
  /** Fees take a larger part of revenue than they did. */
  "cut_fees",
  /** Penalties and overdraft interest that need not be. */
  "avoid_penalties",
]);
/** See {@link recommendationCode}. */
export type RecommendationCode = z.infer<typeof recommendationCode>;

/** What the effect is: money no longer spent, money that comes sooner, money that would be lost, or money to have ready. */
export const recommendationEffect = z.strictObject({
  kind: z.enum(["saves", "brings", "protects", "sets_aside"]),
  per: z.enum(["month", "once"]),
  /** Never negative; low ≤ amount ≤ high. */
  amountMinor: minorUnits.min(0),
  lowMinor: minorUnits.min(0),
  highMinor: minorUnits.min(0),
});
/** See {@link recommendationEffect}. */
export type RecommendationEffect = z.infer<typeof recommendationEffect>;

/** Which rows are behind a figure: those of the days and whatever narrows them, or exactly the ones named. */
export const figureRows = z.strictObject({
  from: day,
  to: day,
  direction: z.enum(["in", "out"]).exactOptional(),
  /** Null: rows without a category. */
  categoryId: rowId.nullable().exactOptional(),
  /** A counterparty as its rows write it. */
  counterpartyNames: z.array(name).min(1).max(counterpartyNamesMax).exactOptional(),
  ids: z.array(rowId).min(1).max(figureRowIdsMax).exactOptional(),
  /** What the rows add up to, positive in the direction meant. */
  totalMinor: minorUnits,
  count: z.int().min(0),
  /** The figure is the total shared over so many months or payments, rounded. */
  dividedBy: z.int().min(1),
});
/** See {@link figureRows}. */
export type FigureRows = z.infer<typeof figureRows>;

/** What a figure says; the words are the screen's. */
export const figureName = z.enum([
  "now",
  "before",
  "usual",
  "last_year",
  "difference",
  "payment",
  "other_payment",
  "last_activity",
  "revenue",
  "spending",
  "all_spending",
  "share",
  "share_before",
  "delay_days",
  "delay_days_before",
  "received",
  "overdue_days",
  "cash",
  "lowest_cash",
  "fees",
  "season",
  "season_before",
]);
/** See {@link figureName}. */
export type FigureName = z.infer<typeof figureName>;

/**
 * A figure behind a recommendation. Money is in minor units, a share in basis points. One without rows is worked out from the others
 * (a difference, a share, a forecast).
 */
export const recommendationFigure = z.strictObject({
  name: figureName,
  unit: z.enum(["money", "money_per_month", "basis_points", "days", "count"]),
  value: z.int(),
  rows: figureRows.nullable(),
});
/** See {@link recommendationFigure}. */
export type RecommendationFigure = z.infer<typeof recommendationFigure>;

/** How the result is measured later, against what it was before. */
export const recommendationMeasure = z.discriminatedUnion("kind", [
  /** The monthly outflow of the same rows. */
  z.strictObject({
    kind: z.literal("outflow"),
    categoryId: rowId.nullable().exactOptional(),
    counterpartyNames: z.array(name).min(1).max(counterpartyNamesMax).exactOptional(),
    /** What went out in a month before. */
    baselineMinor: minorUnits.min(0),
  }),
  /** Fees or penalties as a part of revenue. */
  z.strictObject({ kind: z.literal("fee_share"), of: z.enum(["fees", "penalties"]), baselineBasisPoints: z.int().min(0) }),
  /** What went out in a month beyond what came in. */
  z.strictObject({ kind: z.literal("loss"), baselineMinor: minorUnits.min(0) }),
  /** What part of revenue or spending hangs on some names. */
  z.strictObject({ kind: z.literal("share"), direction: z.enum(["in", "out"]), counterpartyNames: z.array(name).min(1).max(counterpartyNamesMax), baselineBasisPoints: z.int().min(0) }),
  /** What came in from a client after the day. */
  z.strictObject({ kind: z.literal("inflow"), counterpartyNames: z.array(name).min(1).max(counterpartyNamesMax) }),
  z.strictObject({ kind: z.literal("none") }),
]);
/** See {@link recommendationMeasure}. */
export type RecommendationMeasure = z.infer<typeof recommendationMeasure>;

/** What stands behind advice of a model: whether another model checked it, how sure that makes it, and its reason in words whose numbers are ours. */
export const recommendationOpinion = z.strictObject({
  check: z.enum(["agreed", "amended", "unchecked"]),
  confidencePermille: z.int().min(0).max(1000),
  /** In the language of the company. */
  reason: z.string().max(1_000),
  /** True when the model's own sentence did not hold, and this one was made of our figures. */
  isRewritten: z.boolean(),
});
/** See {@link recommendationOpinion}. */
export type RecommendationOpinion = z.infer<typeof recommendationOpinion>;

/** One concrete action. Its words are made of the code and the parameters by whoever shows it. */
export const recommendationItem = z.strictObject({
  /** The same for the same advice on the same subject, whenever and wherever it is worked out. */
  key: z.string().min(1).max(200),
  code: recommendationCode,
  /** Names, months, whole percents (`percent`), counts and days of the sentence. */
  parameters: z.record(z.string().max(40), z.union([name, z.number()])),
  effect: recommendationEffect,
  priority: z.enum(["high", "medium", "low"]),
  figures: z.array(recommendationFigure).max(12),
  measure: recommendationMeasure,
  source: z.enum(["rule", "model"]),
  /** Of a model's advice only. */
  opinion: recommendationOpinion.exactOptional(),
});
/** See {@link recommendationItem}. */
export type RecommendationItem = z.infer<typeof recommendationItem>;

/** What became of looking: an area that was found clear says so, one that lacks data says what it needs. */
export const recommendationCheck = z.strictObject({
  area: z.enum(["overspend", "prices", "subscriptions", "concentration", "collections", "cash", "profit", "season", "fees"]),
  outcome: z.enum(["found", "clear", "not_enough_data"]),
  /** What was looked at: categories, vendors, payments, clients or months. */
  looked: z.int().min(0),
});
/** See {@link recommendationCheck}. */
export type RecommendationCheck = z.infer<typeof recommendationCheck>;

/** The recommendations of a company in one currency, most valuable first, as stored in `report_result.result` for ever. */
export const recommendationsReport = z.strictObject({
  version: z.literal(1),
  currency: z.string(),
  /** The last day of the rows looked at; null without rows. */
  dataThrough: day.nullable(),
  /** Complete months looked at, first and last; null when there are none. */
  months: z.strictObject({ first: z.string(), last: z.string(), count: z.int() }).nullable(),
  /** Mean expenses of a month, which the priorities are measured by. */
  monthlyExpensesMinor: minorUnits.min(0),
  checks: z.array(recommendationCheck),
  items: z.array(recommendationItem).max(recommendationsMax),
});
/** See {@link recommendationsReport}. */
export type RecommendationsReport = z.infer<typeof recommendationsReport>;

/** What a `recommendation` row keeps in `parameters`: the advice as it was when somebody decided on it or a worker stored it. */
export const storedRecommendation = z.strictObject({
  version: z.literal(1),
  item: recommendationItem,
  /** When its status was set; null while nobody has. */
  decidedAt: z.iso.datetime().nullable(),
});
/** See {@link storedRecommendation}. */
export type StoredRecommendation = z.infer<typeof storedRecommendation>;
