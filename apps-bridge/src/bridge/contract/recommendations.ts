import { recommendationItem, recommendationsReport } from "@saldo/schema";
import { z } from "zod";
import { watch, write } from "../methods.ts";
import { accountingDate, currencyCode, instant, none } from "./money.ts";

/** Most recommendations a screen is given of those decided on. */
export const decidedShownMax = 200;

/** Longest sleep of a recommendation. */
const snoozeDaysMax = 366;

const standing = z.object({
  item: recommendationItem,
  currency: currencyCode,
  status: z.enum(["open", "done", "snoozed", "not_relevant"]),
  snoozedUntil: instant.nullable(),
  decidedAt: instant.nullable(),
  /** What came of advice that was followed; negative when it became worse. */
  measured: z.object({ from: accountingDate, to: accountingDate, per: z.enum(["month", "once"]), amountMinor: z.int() }).nullable(),
});
/** One recommendation as a screen shows it. */
export type RecommendationView = z.output<typeof standing>;

/** What a screen shows of recommendations. */
export const recommendationsViewSchema = z.object({
  /** What was looked at, and what of it was clear. Its items are those of `open` before anybody decided. */
  report: recommendationsReport,
  /** The most valuable first. */
  open: z.array(standing),
  /** Done, snoozed or not relevant, the newest first. */
  decided: z.array(standing).max(decidedShownMax),
});
/** See {@link recommendationsViewSchema}. */
export type RecommendationsView = z.output<typeof recommendationsViewSchema>;

/** Recommendations: worked out on the device, kept once somebody decided on them; every decision can be taken back. */
export const recommendationMethods = {
  "recommendations.watch": watch(none, recommendationsViewSchema),
  /** Says what is to become of a recommendation of the view. `undoId` names the step for `edits.undo`. */
  "recommendations.decide": write(
    z.object({
      item: recommendationItem,
      currency: currencyCode,
      decision: z.discriminatedUnion("status", [z.object({ status: z.enum(["open", "done", "not_relevant"]) }), z.object({ status: z.literal("snoozed"), days: z.int().min(1).max(snoozeDaysMax) })]),
    }),
    z.object({ undoId: z.string().nullable(), snoozedUntil: instant.nullable() }),
  ),
};
