import { seededRandom, type Random } from "./random.ts";

/** What a generated ledger is like. */
export interface LedgerRecipe {
  readonly seed: number;
  readonly rows: number;
  readonly days: number;
  readonly vendors: number;
  readonly categories: number;
  /** Departments; each has cards. Rows tell both, one, or neither. */
  readonly departments: number;
  readonly details: 0 | 1 | 2;
  /** Middle of amounts in minor units. */
  readonly typicalMinor: number;
  /** Share of rows on weekends. */
  readonly weekendShare: number;
  /** How often anomalies of each kind are planted, of a thousand rows. */
  readonly plantedPermille: number;
  /** Share of vendors whose payments are of several categories, and of payments that are in the one of their department: books kept by rules have few of either. */
  readonly mixedVendors: number;
  readonly habitShare: number;
}

/** Ledgers of small firms, large ones and public bodies. Seeds from 1,000 on are kept from fitting. */
export function ledgerRecipes(firstSeed: number, count: number): LedgerRecipe[] {
  return Array.from({ length: count }, (_, number) => {
    const random = seededRandom(firstSeed + number);
    const rows = random.pick([2_500, 5_000, 10_000]);
    return {
      seed: firstSeed + number,
      rows,
      days: random.pick([270, 365, 730]),
      vendors: Math.round(rows * random.pick([0.04, 0.08, 0.15])),
      categories: random.pick([12, 30, 80]),
      departments: random.pick([3, 20, 120]),
      details: random.pick([0, 1, 2, 2] as const),
      typicalMinor: random.pick([3_000, 12_000, 90_000, 400_000]),
      weekendShare: random.pick([0.005, 0.02, 0.06, 0.2]),
      plantedPermille: random.pick([0.8, 1.5, 2.5]),
      ...random.pick([{ mixedVendors: 0.45, habitShare: 0.02 }, { mixedVendors: 0.15, habitShare: 0.005 }, { mixedVendors: 0.02, habitShare: 0 }]),
    };
  });
}

/** How a vendor bills. */
export interface Vendor {
  readonly name: string;
  readonly categories: readonly { readonly category: number; readonly weight: number }[];
  readonly middle: number;
  readonly spread: number;
  /** Prices of a list; empty where every amount is its own. */
  readonly prices: readonly number[];
  readonly roundShare: number;
  /** Payments that tend to come on one day. */
  readonly burst: number;
  /** Its name comes with numbers of shops. */
  readonly hasShops: boolean;
}

const beginnings = ["nor", "alt", "bel", "cor", "dan", "ever", "fen", "gal", "har", "il", "jas", "kel", "lor", "mer", "new", "or", "pal", "quin", "ros", "sel", "tor", "ul", "ver", "west", "yor", "zen"];
const endings = ["ton", "wick", "ford", "mark", "dale", "line", "tech", "mart", "foods", "print", "fuel", "media", "works", "way", "stone", "field"];
const trades = ["supplies", "services", "hotel", "stores", "travel", "logistics", "office", "catering", "systems", "parts", "energy", "books"];

/** Makes a vendor of one's own name. */
export function makeVendor(random: Random, number: number, recipe: LedgerRecipe): Vendor {
  const name = `${random.pick(beginnings)}${random.pick(beginnings)}${random.pick(endings)} ${random.pick(trades)}${random.chance(0.4) ? " ltd" : ""}${number % 7 === 0 ? ` ${random.pick(endings)}` : ""}`;
  const main = random.below(recipe.categories);
  const seconds = random.chance(recipe.mixedVendors) ? Array.from({ length: 1 + random.below(4) }, () => ({ category: random.below(Math.max(2, Math.min(8, recipe.categories))), weight: random() * 0.25 })) : [];
  const middle = recipe.typicalMinor * Math.exp(random.normal() * 1.1);
  const isPriced = random.chance(0.2);
  return {
    name,
    categories: [{ category: main, weight: 1 }, ...seconds],
    middle,
    spread: random.pick([0.05, 0.3, 0.6, 0.9, 1.2]),
    prices: isPriced ? Array.from({ length: 1 + random.below(8) }, () => Math.max(100, Math.round((middle * Math.exp(random.normal() * 0.5)) / 50) * 50)) : [],
    roundShare: random.chance(0.15) ? random() * 0.6 : 0.01,
    burst: random.chance(0.12) ? 2 + random.below(8) : 1,
    hasShops: random.chance(0.15),
  };
}

/** An amount of a vendor in minor units. */
export function amountOf(vendor: Vendor, random: Random): number {
  if (vendor.prices.length > 0 && random.chance(0.9)) return random.pick(vendor.prices);
  const amount = Math.max(50, Math.round(vendor.middle * Math.exp(random.normal() * vendor.spread)));
  return random.chance(vendor.roundShare) ? roundTo(amount) : amount;
}

/** An amount of one or two digits near another one. */
export function roundTo(amount: number): number {
  const unit = 10 ** Math.max(2, Math.floor(Math.log10(amount)));
  return Math.max(100, Math.round(amount / unit) * unit || unit / 2);
}
