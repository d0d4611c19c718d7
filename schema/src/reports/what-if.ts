import { z } from "zod";
import { minorUnits, month } from "./forecast-parts.ts";

/** Nothing falls by more than all of it, in percent. */
export const whatIfPercentMin = -100;
/** Nothing is tried that grows to more than eleven times itself, in percent. */
export const whatIfPercentMax = 1_000;
/** Most changes tried together. */
export const whatIfChangesMax = 50;

const categoryPrefix = "category:";

/** Id of the part of a forecast that is expenses of one category. */
export function categoryComponentId(categoryId: string): string {
  return `${categoryPrefix}${categoryId}`;
}

/** The category a part of a forecast is of; undefined for revenue and parts that are not one category. */
export function categoryOfComponent(componentId: string): string | undefined {
  return componentId.startsWith(categoryPrefix) ? componentId.slice(categoryPrefix.length) : undefined;
}

/**
 * A change to try on a forecast: one of its parts by some percent, from a month on or from the first; an amount once, negative goes out; people more or
 * fewer from a month on, at what one of them costs a month. Amounts are minor units of the forecast's currency.
 */
export const whatIf = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("percent"), componentId: z.string().min(1).max(80), percent: z.number().min(whatIfPercentMin).max(whatIfPercentMax), from: month.optional() }),
  z.strictObject({ kind: z.literal("one_off"), amountMinor: minorUnits, month }),
  z.strictObject({ kind: z.literal("hire"), count: z.int().min(-10_000).max(10_000), monthlyCostMinor: minorUnits, from: month }),
]);
/** See {@link whatIf}. */
export type WhatIf = z.output<typeof whatIf>;

/** Changes tried together, in their order. */
export const whatIfList = z.array(whatIf).min(1).max(whatIfChangesMax);
