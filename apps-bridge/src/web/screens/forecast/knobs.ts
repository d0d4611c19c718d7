import { formatMinorDecimal, minor, parseDecimalMinor, whatIf, whatIfChangesMax, type BusinessForecast, type WhatIf } from "@saldo/schema";
import { z } from "zod";
import { typedDecimal } from "../../../format/money.ts";

/** How far a knob of percents turns to either side. */
export const percentMost = 50;
/** Most people a knob takes in. */
export const peopleMost = 10;

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

const knobsSchema = z.object({
  /** By id of a part of the forecast. */
  percents: z.record(z.string(), z.int().min(-percentMost).max(percentMost)),
  people: z.int().min(0).max(peopleMost),
  /** Amounts as they were typed. */
  cost: z.string().max(40),
  from: month,
  once: z.string().max(40),
  month,
  /** Changes no knob stands for, as a scenario saved elsewhere may have them. */
  more: z.array(whatIf).max(whatIfChangesMax).default([]),
});
/** Where the knobs of changes to try stand. */
export type Knobs = z.output<typeof knobsSchema>;

/** Knobs nobody has turned. */
export function stillKnobs(months: readonly string[]): Knobs {
  return { percents: {}, people: 0, cost: "", from: months[0] ?? "", once: "", month: months[0] ?? "", more: [] };
}

/** Knobs as an address has them; untouched ones when it has none, or such as do not fit the forecast's months. */
export function knobsOfText(text: string | null, months: readonly string[]): Knobs {
  if (text === null) return stillKnobs(months);
  try {
    const parsed = knobsSchema.safeParse(JSON.parse(text));
    return parsed.success && months.includes(parsed.data.from) && months.includes(parsed.data.month) ? parsed.data : stillKnobs(months);
  } catch {
    return stillKnobs(months);
  }
}

/** Knobs for an address; undefined when none is turned. */
export function textOfKnobs(knobs: Knobs, currency: string): string | undefined {
  return changesOf(knobs, currency).length === 0 && knobs.people === 0 && knobs.cost === "" && knobs.once === "" ? undefined : JSON.stringify(knobs);
}

/** What keeps typed knobs from being a change: people without what one costs, or an amount that cannot be read. */
export function missingOf({ people, cost, once }: Knobs, currency: string): "cost" | "misread" | undefined {
  const isRead = (text: string): boolean => text.trim() === "" || amountOf(text, currency) !== undefined;
  if (!isRead(cost) || !isRead(once)) return "misread";
  return people > 0 && (amountOf(cost, currency) ?? 0) === 0 ? "cost" : undefined;
}

function amountOf(text: string, currency: string): number | undefined {
  const decimal = typedDecimal(text);
  return decimal === undefined ? undefined : parseDecimalMinor(decimal, currency);
}

/** Changes the knobs stand for; what cannot be read as an amount changes nothing. */
export function changesOf({ percents, people, cost, from, once, month: onceIn, more }: Knobs, currency: string): WhatIf[] {
  const amount = (text: string): number => minor(amountOf(text, currency) ?? 0);
  const changes: WhatIf[] = Object.entries(percents).flatMap(([componentId, percent]) => (percent === 0 ? [] : [{ kind: "percent" as const, componentId, percent }]));
  if (people > 0 && amount(cost) !== 0) changes.push({ kind: "hire", count: people, monthlyCostMinor: amount(cost), from });
  if (amount(once) !== 0) changes.push({ kind: "one_off", amountMinor: amount(once), month: onceIn });
  return [...changes, ...more];
}

/** Knobs set to changes; what no knob stands for is kept beside them. */
export function knobsOf(changes: readonly WhatIf[], { components, points, currency }: Pick<BusinessForecast, "components" | "points" | "currency">): Knobs {
  const months = points.map(({ month: ahead }) => ahead);
  const [first = ""] = months;
  return changes.reduce<Knobs>((knobs, change) => {
    if (change.kind === "percent" && isKnobPercent(change, first) && !Object.hasOwn(knobs.percents, change.componentId) && components.some(({ id }) => id === change.componentId)) {
      return { ...knobs, percents: { ...knobs.percents, [change.componentId]: change.percent } };
    }
    if (change.kind === "hire" && knobs.people === 0 && change.count > 0 && change.count <= peopleMost && (months.includes(change.from) || change.from < first)) {
      return { ...knobs, people: change.count, cost: formatMinorDecimal(minor(change.monthlyCostMinor), currency), from: change.from < first ? first : change.from };
    }
    if (change.kind === "one_off" && knobs.once === "" && months.includes(change.month)) return { ...knobs, once: formatMinorDecimal(minor(change.amountMinor), currency), month: change.month };
    return { ...knobs, more: [...knobs.more, change] };
  }, stillKnobs(months));
}

function isKnobPercent({ percent, from }: Extract<WhatIf, { kind: "percent" }>, first: string): boolean {
  return Number.isInteger(percent) && Math.abs(percent) <= percentMost && (from ?? first) <= first;
}
