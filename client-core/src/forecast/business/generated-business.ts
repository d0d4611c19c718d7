import { addMonths, daysInMonth, minor, monthOf, type Minor, type Month } from "@saldo/schema";
import type { RecurringRow } from "../../recurring/index.ts";
import { seededRandom } from "../../seeded-random.ts";
import type { BusinessMonth } from "./model.ts";

/** A generated business: every posting of its past and future, and its categories. */
export interface GeneratedBusiness {
  readonly rows: readonly RecurringRow[];
  readonly months: readonly BusinessMonth[];
  readonly categories: ReadonlyMap<string, { readonly name: string; readonly slot: number }>;
}

const categoryNames = ["rent", "payroll", "materials", "marketing", "subscriptions", "taxes", "repairs", "travel"] as const;
type CategoryName = (typeof categoryNames)[number];
const firstMonth = "2020-01";

/** A standard normal number, by the sum of twelve uniform ones. */
function gaussian(random: () => number): number {
  return Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6);
}

/**
 * Books of a small business over some months: revenue with season, growth, shocks that last and noise with heavy tails; materials that follow it; rent, salaries and
 * subscriptions as regular payments with steps, beginnings and ends; quarterly taxes; marketing in campaigns; repairs now and then. The same seed gives the same books, and a
 * longer run begins as a shorter one.
 */
export function generatedBusiness(seed: number, monthCount: number): GeneratedBusiness {
  const random = seededRandom(seed);
  const traits = traitsOf(random);
  const staff = Array.from({ length: 2 + Math.floor(random() * 5) }, (_, index) => ({ name: `Employee ${letters(seed, index)}`, from: Math.floor(random() * 24) - 20, until: random() < 0.3 ? 12 + Math.floor(random() * 50) : 999, share: 0.03 + random() * 0.05 }));
  const subscriptions = Array.from({ length: 3 + Math.floor(random() * 4) }, (_, index) => ({ name: `Service ${letters(seed, 40 + index)}`, from: Math.floor(random() * 30) - 20, until: random() < 0.3 ? 20 + Math.floor(random() * 40) : 999, share: 0.002 + random() * 0.01, day: 1 + Math.floor(random() * 28) }));
  const rows: RecurringRow[] = [];
  let level = 1;
  let campaign = 0;
  for (let index = 0; index < monthCount; index += 1) {
    const month = addMonths(firstMonth, index);
    const post = poster(rows, month, random);
    level *= Math.exp(traits.growth + traits.drift * gaussian(random));
    const season = 1 + traits.season * Math.sin((2 * Math.PI * (index + traits.phase)) / 12);
    const heavy = gaussian(random) / Math.sqrt(Math.max(0.3, random() * 1.7));
    const revenue = traits.scale * level * season * Math.exp(traits.noise * heavy);
    for (let sale = 0; sale < 6; sale += 1) post(null, "Card sales", revenue / 6, 1 + sale * 5);
    const raised = (at: number) => (1 + traits.raise) ** Math.floor((index - at) / 12);
    post("rent", "Landlord", -traits.scale * 0.1 * raised(traits.rentAt), 5);
    for (const { name, from, until, share } of staff) if (index >= from && index < until) post("payroll", name, -traits.scale * share * raised(3), 10);
    for (const { name, from, until, share, day } of subscriptions) if (index >= from && index < until) post("subscriptions", name, -traits.scale * share, day);
    post("materials", "Wholesale", -revenue * traits.materials * Math.exp(0.08 * gaussian(random)), 12);
    if (random() < 0.25) campaign = random() * 0.08;
    post("marketing", "Agency", -traits.scale * (0.01 + campaign) * Math.exp(0.3 * gaussian(random)), 20);
    if (index % 3 === traits.phase % 3) post("taxes", "Tax office", -revenue * 0.15, 25);
    if (random() < 0.4) post("repairs", "Workshop", -traits.scale * 0.05 * random(), 15);
    if (random() < 0.7) post("travel", "Airline", -traits.scale * 0.02 * random(), 17);
  }
  const categories = new Map(categoryNames.map((name, slot) => [name, { name, slot: slot + 1 }]));
  return { rows, months: monthsOf(rows, monthCount), categories };
}

function traitsOf(random: () => number) {
  return {
    scale: 1_000_000 * 30 ** random(),
    growth: 0.01 * (random() - 0.3),
    drift: 0.03 * random(),
    season: 0.35 * random(),
    phase: Math.floor(random() * 12),
    noise: 0.03 + 0.12 * random(),
    raise: random() < 0.5 ? 0 : 0.02 + 0.08 * random(),
    rentAt: Math.floor(random() * 12),
    materials: 0.2 + 0.25 * random(),
  };
}

function letters(seed: number, index: number): string {
  const at = seed * 97 + index * 31;
  return [at, at >> 3, at >> 6, at >> 9].map((value) => String.fromCharCode(97 + (Math.abs(value) % 26))).join("") + String.fromCharCode(97 + (index % 26)).repeat(2);
}

function poster(rows: RecurringRow[], month: Month, random: () => number) {
  return (category: CategoryName | null, party: string, amount: number, day: number): void => {
    const on = Math.max(1, Math.min(daysInMonth(month), day + Math.floor(random() * 3) - 1));
    rows.push({
      id: `r${String(rows.length).padStart(6, "0")}`,
      postedOn: `${month}-${String(on).padStart(2, "0")}`,
      amountMinor: minor(Math.round(amount)),
      currency: "EUR",
      description: `Payment ${rows.length}`,
      counterpartyName: party,
      counterpartyId: null,
      counterpartyTaxId: null,
      categoryId: category,
    });
  };
}

/** Monthly sums of rows, as reading books gives them. */
function monthsOf(rows: readonly RecurringRow[], monthCount: number): BusinessMonth[] {
  const byMonth = new Map<Month, { revenue: number; expenses: Map<string | null, Minor> }>();
  for (let index = 0; index < monthCount; index += 1) byMonth.set(addMonths(firstMonth, index), { revenue: 0, expenses: new Map() });
  for (const { postedOn, amountMinor, categoryId } of rows) {
    const sums = byMonth.get(monthOf(postedOn));
    if (sums === undefined) continue;
    if (amountMinor > 0) sums.revenue += amountMinor;
    else sums.expenses.set(categoryId, minor((sums.expenses.get(categoryId) ?? 0) - amountMinor));
  }
  return [...byMonth].map(([month, { revenue, expenses }]) => ({ month, revenueMinor: minor(revenue), expensesMinor: expenses }));
}
