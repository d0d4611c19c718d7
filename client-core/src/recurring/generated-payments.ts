import { minor } from "@saldo/schema";
import { dateOfDay, dayNumber, dueDay, type Rhythm } from "./due-dates.ts";
import type { RecurringPeriod, RecurringRow } from "./model.ts";

/** What makes one series of payments. */
export interface PaymentsRecipe {
  readonly party: string;
  readonly period: RecurringPeriod;
  /** Day of the month, or of the week or fortnight. */
  readonly anchor: number;
  readonly payments: number;
  readonly amountMinor: number;
  /** Share by which amounts vary, 0 for a fixed one. */
  readonly spread: number;
  /** Most days late or early. */
  readonly strayDays: number;
  /** Payments, by number, that stay out. */
  readonly missed?: readonly number[];
  /** The amount is multiplied from this payment on. */
  readonly step?: { readonly at: number; readonly factor: number };
}

const slotsSince2023: Readonly<Record<RecurringPeriod, (anchor: number) => { rhythm: Rhythm; slot: number }>> = {
  week: (anchor) => ({ rhythm: { period: "week", anchor, phase: 0 }, slot: Math.floor(dayNumber("2023-01-09") / 7) }),
  two_weeks: (anchor) => ({ rhythm: { period: "two_weeks", anchor, phase: 0 }, slot: Math.floor(dayNumber("2023-01-15") / 14) }),
  month: (anchor) => ({ rhythm: { period: "month", anchor, phase: 0 }, slot: 2023 * 12 }),
  quarter: (anchor) => ({ rhythm: { period: "quarter", anchor, phase: 1 }, slot: (2023 * 12) / 3 }),
  year: (anchor) => ({ rhythm: { period: "year", anchor, phase: 2 }, slot: 2019 }),
};

/** Payments of a recipe in time order, spelled in several ways, with ids that tell party and number; `random` gives numbers from 0 up to 1. */
export function generatedPayments(recipe: PaymentsRecipe, random: () => number): RecurringRow[] {
  const { rhythm, slot } = slotsSince2023[recipe.period](recipe.anchor);
  return Array.from({ length: recipe.payments }, (_, number): RecurringRow => {
    const stray = Math.round((random() * 2 - 1) * recipe.strayDays);
    const factor = recipe.step !== undefined && number >= recipe.step.at ? recipe.step.factor : 1;
    const on = dateOfDay(dueDay(rhythm, slot + number) + stray);
    return {
      id: `${recipe.party}-${String(number).padStart(3, "0")}`,
      postedOn: on,
      amountMinor: minor(Math.round(recipe.amountMinor * factor * (1 + (random() * 2 - 1) * recipe.spread))),
      currency: "RUB",
      description: `Оплата по счёту № ${Math.floor(random() * 9_000)} от ${on}`,
      counterpartyName: spelled(recipe.party, random),
      counterpartyId: null,
      counterpartyTaxId: null,
      categoryId: null,
    };
  }).filter((_, number) => !(recipe.missed ?? []).includes(number));
}

function spelled(name: string, random: () => number): string {
  const ways = [name, name.toUpperCase(), `ООО «${name}»`, `${name.toLowerCase()}, ООО`, `ООО "${name}" №${Math.floor(random() * 99)}`];
  return ways[Math.floor(random() * ways.length)] ?? name;
}

/** Payments to one party at any days of 2023–2025 and of any size: a coincidence at best. */
export function unrelatedPayments(party: string, count: number, random: () => number): RecurringRow[] {
  const from = dayNumber("2023-01-01");
  return Array.from({ length: count }, (_, number): RecurringRow => ({
    id: `${party}-${String(number).padStart(3, "0")}`,
    postedOn: dateOfDay(from + Math.floor(random() * 1_095)),
    amountMinor: minor(-Math.round(10_000 * 100 ** random())),
    currency: "RUB",
    description: `Заказ ${Math.floor(random() * 9_000)}`,
    counterpartyName: party,
    counterpartyId: null,
    counterpartyTaxId: null,
    categoryId: null,
  }));
}
