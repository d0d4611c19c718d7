import { categoryActivities, nameLengthMax, revertChangesMax, ruleConditions } from "@saldo/schema";
import { z } from "zod";
import { read, write } from "../methods.ts";
import { accountingDate, currencyCode, minorAmount, none, rowId } from "./money.ts";
import { categoryKind } from "./transactions.ts";

/** Most groups answered at once. */
const choicesMax = 100;

/** From this confidence on a suggestion may be accepted together with others, and nobody else is asked. */
export const sureFrom = 0.5;

const undoable = z.object({ undoId: z.string().nullable() });

const suggestion = z.object({
  categoryId: rowId,
  /** Share of suggestions like this that are right, from 0 to 1. */
  confidence: z.number(),
  why: z.discriminatedUnion("by", [
    z.object({ by: z.literal("memory"), rows: z.int(), sameRows: z.int(), agreed: z.int() }),
    z.object({ by: z.literal("words") }),
    z.object({ by: z.literal("known"), told: z.enum(["merchant_code", "kind", "word"]), text: z.string() }),
  ]),
});

const reviewGroup = z.object({
  name: z.string(),
  example: z.string(),
  ids: z.array(rowId),
  amountMinor: minorAmount,
  currency: currencyCode,
  firstOn: accountingDate,
  lastOn: accountingDate,
  suggestion: suggestion.nullable(),
  /** What models of the cloud suggest where this device has nothing to say or is less sure than {@link sureFrom}; `agreed` when two said so by themselves. */
  fromModels: z.object({ categoryId: rowId, check: z.enum(["agreed", "unchecked"]) }).nullable(),
});
/** Rows without a category of one counterparty. */
export type ReviewGroup = z.output<typeof reviewGroup>;

const chartRow = z.object({ id: rowId, name: z.string(), kind: categoryKind, parentId: rowId.nullable(), activity: z.enum(categoryActivities), slot: z.int(), rows: z.int() });
/** A category in its tree, with how many transactions have it. */
export type ChartRow = z.output<typeof chartRow>;

const ruleRow = z.object({ id: rowId, conditions: ruleConditions, categoryId: rowId, enabled: z.boolean() });
/** A rule as a list shows it. */
export type RuleRow = z.output<typeof ruleRow>;

const newRule = z.object({ conditions: ruleConditions, categoryId: rowId });

/** The chart of categories, rules, and what is left for a person to decide. */
export const categoryMethods = {
  /** Rows without a category by counterparty, the most valuable answers first. */
  "review.list": read(none, z.object({ groups: z.array(reviewGroup), groupsTotal: z.int(), rowsTotal: z.int() })),
  /** Gives groups their categories, as one step. */
  "review.accept": write(z.object({ choices: z.array(z.object({ ids: z.array(rowId).min(1).max(revertChangesMax), categoryId: rowId })).min(1).max(choicesMax) }), undoable),
  /** Categories in use; a parent comes before what lies below it. */
  "chart.list": read(none, z.object({ categories: z.array(chartRow) })),
  "chart.add": write(z.object({ name: z.string().trim().min(1).max(nameLengthMax), kind: categoryKind, parentId: rowId.nullable() }), undoable),
  "chart.rename": write(z.object({ categoryId: rowId, name: z.string().trim().min(1).max(nameLengthMax) }), undoable),
  "chart.move": write(z.object({ categoryId: rowId, parentId: rowId.nullable() }), undoable),
  "chart.merge": write(z.object({ categoryId: rowId, intoId: rowId }), undoable),
  "rules.list": read(none, z.object({ rules: z.array(ruleRow) })),
  /** What a rule would change of the rows that are there. */
  "rules.preview": read(newRule, z.object({ rows: z.int(), byPerson: z.int(), there: z.int() })),
  /** Adds a rule, and gives its category to past rows when asked to. */
  "rules.add": write(newRule.extend({ toPastRows: z.boolean() }), undoable.extend({ rows: z.int() })),
  "rules.remove": write(z.object({ ruleId: rowId }), undoable),
};
