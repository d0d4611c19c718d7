import type { FindingKind } from "@saldo/schema";
import { ledgerBuilder, type Ledger } from "../ledger.ts";
import { amountOf, makeVendor, type LedgerRecipe, type Vendor } from "./ledger-recipe.ts";
import { dateOfDay, plantAnomalies, rowId, type MadeRow, type PlantingGround } from "./plant-anomalies.ts";
import { seededRandom, type Random } from "./random.ts";

/** A generated ledger and what was planted in which of its rows. */
export interface PlantedLedger {
  readonly ledger: Ledger;
  readonly labels: ReadonlyMap<string, FindingKind>;
}

const dayMs = 86_400_000;
const firstDay = Date.UTC(2024, 0, 1) / dayMs;

/** Generates a ledger: vendors by popularity, price lists, bursts of payments on a day, one-off vendors, refunds, habits of departments, and planted anomalies. */
export function plantedLedger(recipe: LedgerRecipe): PlantedLedger {
  const random = seededRandom(recipe.seed * 7_919 + 13);
  const vendors = Array.from({ length: recipe.vendors }, (_, number) => makeVendor(random, number, recipe));
  const habits = Array.from({ length: recipe.departments }, () => ({ vendors: Array.from({ length: 12 }, () => random.below(vendors.length)), category: random.below(recipe.categories) }));
  const rows: MadeRow[] = [];
  while (rows.length < recipe.rows) rows.push(...payments(recipe, vendors, habits, random, rows.length));
  return planted(rows.map((row) => ({ ...row, details: row.details.slice(0, recipe.details) })), recipe, random);
}

/** Plants anomalies in rows, which may be those of a real ledger, and makes a ledger of them. */
export function planted(rows: MadeRow[], ground: PlantingGround, random: Random): PlantedLedger {
  const labels = plantAnomalies(rows, ground, random);
  const builder = ledgerBuilder(rows[0]?.details.length ?? 0);
  for (const row of rows.toSorted((a, b) => (a.postedOn < b.postedOn ? -1 : a.postedOn > b.postedOn ? 1 : a.id < b.id ? -1 : 1))) builder.add(row);
  return { ledger: builder.build(), labels };
}

/** One payment, or several of one day where the vendor bills so. */
function payments(recipe: LedgerRecipe, vendors: readonly Vendor[], habits: readonly { readonly vendors: readonly number[]; readonly category: number }[], random: Random, number: number): MadeRow[] {
  const department = random.below(habits.length);
  const habit = habits[department];
  const isOneOff = random.chance(0.06);
  const popular = Math.floor(vendors.length * random() ** 3);
  const vendor = isOneOff ? makeVendor(random, number, { ...recipe, typicalMinor: recipe.typicalMinor * 2 }) : vendors[random.chance(0.5) && habit !== undefined ? random.pick(habit.vendors) : popular];
  if (vendor === undefined) return [];
  const day = workday(recipe, random);
  const copies = vendor.burst > 1 && random.chance(0.3) ? 1 + random.below(vendor.burst) : 1;
  const card = `card ${department}-${random.below(3)}`;
  return Array.from({ length: copies }, (_, copy) => {
    const amount = amountOf(vendor, random);
    const category = habit !== undefined && random.chance(recipe.habitShare) ? habit.category : categoryOf(vendor, random);
    return {
      id: rowId(random, number + copy),
      postedOn: dateOfDay(day),
      minuteOfDay: null,
      amountMinor: random.chance(0.02) ? amount : -amount,
      currency: "GBP",
      counterparty: vendor.hasShops ? `${vendor.name} ${100 + random.below(40)}` : vendor.name,
      description: "",
      category: `category ${category}`,
      account: null,
      details: [`department ${department}`, random.chance(0.9) ? card : `card ${department}-9`],
      isDistinct: false,
    };
  });
}

function categoryOf(vendor: Vendor, random: Random): number {
  const total = vendor.categories.reduce((sum, { weight }) => sum + weight, 0);
  let left = random() * total;
  for (const { category, weight } of vendor.categories) {
    left -= weight;
    if (left <= 0) return category;
  }
  return vendor.categories[0]?.category ?? 0;
}

/** A day of the ledger; weekends as often as the recipe says. */
function workday({ days, weekendShare }: LedgerRecipe, random: Random): number {
  const isWeekend = random.chance(weekendShare);
  for (;;) {
    const day = firstDay + random.below(days);
    if ((day + 3) % 7 >= 5 === isWeekend) return day;
  }
}
