import { addMonths, monthRange } from "@saldo/schema";
import { companyFrame } from "./company-frame.ts";
import type { Draws } from "./draws.ts";
import { dayOf, ledgerMonths, type BaseLedger, type LedgerParty, type Posting } from "./ledger-under-test.ts";
import type { SpendRow } from "./spend-data.ts";

/** Suppliers of one company's real spend. */
const suppliersMax = 40;
/** Categories its labels are narrowed to, the rest standing together. */
const labelsMax = 7;
/** A supplier paid so often is a regular one. */
const regularPayments = 6;
/** The data are samples: a window has so many payments in every month, no month more than twice or less than half of the middle one, and so many regular suppliers. */
const monthRowsMin = 20;
const monthTimesMax = 2;
const regularsMin = 10;
/** A regular supplier's payment above so many times its median stands out by itself. */
const standsOut = 4;
/** The same amount to the same supplier again within so many days may be a duplicate by itself. */
const repeatDays = 14;
/** Of payments to suppliers paid now and then, those above this quantile of regular ones stand out by themselves. */
const occasionalQuantile = 0.95;
const variableMonthlyMinor = 2_500_000;

/** The first of payments of one amount within days of each other. */
function withoutRepeats(rows: readonly SpendRow[]): SpendRow[] {
  const kept: SpendRow[] = [];
  const dayNumber = ({ month, day }: SpendRow) => Date.parse(`${month}-01`) / 86_400_000 + day;
  for (const row of rows.toSorted((a, b) => dayNumber(a) - dayNumber(b))) {
    if (!kept.some((other) => other.amountMinor === row.amountMinor && dayNumber(row) - dayNumber(other) <= repeatDays)) kept.push(row);
  }
  return kept;
}

function withoutOutliers(rows: readonly SpendRow[]): SpendRow[] {
  const median = quantile(rows.map(({ amountMinor }) => amountMinor), 0.5);
  return rows.filter(({ amountMinor }) => amountMinor <= standsOut * median);
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? 0;
}

function groupedBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** Months in a row of one body in which it published payments, long enough for a ledger. */
export interface SpendWindow {
  readonly source: string;
  readonly first: string;
  readonly rows: readonly SpendRow[];
}

/** Every window of the data in which each month has payments, and enough suppliers are regular ones. */
export function spendWindows(rows: readonly SpendRow[]): SpendWindow[] {
  const bySource = groupedBy(rows, ({ source }) => source);
  return [...bySource].flatMap(([source, own]) => {
    const byMonth = groupedBy(own, ({ month }) => month);
    return [...byMonth.keys()].toSorted().flatMap((first) => {
      const months = monthRange(first, addMonths(first, ledgerMonths.length - 1));
      const found = months.map((month) => byMonth.get(month) ?? []);
      const middle = quantile(found.map(({ length }) => length), 0.5);
      const isSteady = found.every(({ length }) => length >= monthRowsMin && length <= monthTimesMax * middle && length * monthTimesMax >= middle);
      const regulars = () => [...groupedBy(found.flat(), ({ supplier }) => supplier).values()].filter(({ length }) => length >= regularPayments);
      return isSteady && regulars().length >= regularsMin ? [{ source, first, rows: found.flat() }] : [];
    });
  });
}

/**
 * A company whose purchases are real payments of one public body, moved in time and scaled, within a frame of clients and fixed costs. Payments
 * that stand out or repeat by themselves are left out: nobody knows what is behind them, and a ledger's truth must be known.
 */
export function realSpendLedger(window: SpendWindow, draws: Draws, name: string): BaseLedger {
  const suppliers = [...groupedBy(window.rows, ({ supplier }) => supplier).values()].map(withoutRepeats);
  const regulars = draws.shuffled(suppliers.filter(({ length }) => length >= regularPayments)).slice(0, suppliersMax / 2).map(withoutOutliers);
  const highest = quantile(regulars.flat().map(({ amountMinor }) => amountMinor), occasionalQuantile);
  const others = draws.shuffled(suppliers.filter(({ length }) => length < regularPayments)).slice(0, suppliersMax);
  const usual = [...regulars.flat(), ...others.flat().filter(({ amountMinor }) => amountMinor <= highest)];
  const scale = (variableMonthlyMinor * ledgerMonths.length * (0.5 + draws.uniform())) / Math.max(1, usual.reduce((sum, { amountMinor }) => sum + amountMinor, 0));
  const labels = [...groupedBy(usual, ({ label }) => label)].toSorted(([, a], [, b]) => b.length - a.length).slice(0, labelsMax).map(([label]) => label);
  const postings = usual.map(({ month, day, supplier, label, amountMinor }): Posting => ({
    on: dayOf(addMonths("2024-10", monthRange(window.first, month).length - 1), day),
    amountMinor: -Math.max(1, Math.round(amountMinor * scale)),
    party: supplier,
    category: labels.includes(label) ? label : "Other purchases",
    description: label,
    kind: "ordinary",
  }));
  return companyOf({ name, origin: "real_spend", locale: "en", currency: "GBP", draws, postings, parties: [...new Set(usual.map(({ supplier }) => supplier))].map((supplier) => ({ name: supplier, role: "variable" })) });
}

const generatedShops = [
  ["Материалы", "ООО «Стройбаза»"], ["Материалы", "АО «Металлсервис»"], ["Офис", "ООО «Канцторг»"], ["Транспорт", "ООО «Деловые перевозки»"], ["Транспорт", "ИП Громов"], ["Типография", "ООО «Оттиск»"], ["Материалы", "ООО «Склад-Сервис»"],
  ["Офис", "ООО «Кулер»"], ["Ремонт", "ИП Мастеров"], ["Командировки", "ООО «Билет»"],
] as const;

/** A company that is made up whole: purchases of varying size and rhythm within the same frame, in roubles. */
export function generatedLedger(draws: Draws, name: string): BaseLedger {
  const shops = draws.shuffled(generatedShops).slice(0, draws.whole(6, 10)).map(([category, party]) => ({ category, party, perMonth: draws.whole(1, 6), usual: draws.lognormal(4_000_00, 0.8), sigma: 0.2 + 0.4 * draws.uniform() }));
  const growth = 1 + 0.006 * draws.normal();
  const season = 0.12 * draws.uniform();
  const postings = ledgerMonths.flatMap((month, place) =>
    shops.flatMap(({ category, party, perMonth, usual, sigma }) =>
      Array.from({ length: Math.max(0, perMonth + draws.whole(-1, 1)) }, (): Posting => {
        const level = usual * growth ** place * (1 + season * Math.sin((2 * Math.PI * place) / 12));
        return { on: dayOf(month, draws.whole(1, 28)), amountMinor: -Math.round(draws.lognormal(level, sigma)), party, category, description: `Оплата по счёту ${draws.whole(100, 9_999)}`, kind: "ordinary" };
      }),
    ),
  );
  return companyOf({ name, origin: "generated", locale: "ru", currency: "RUB", draws, postings, parties: shops.map(({ party }) => ({ name: party, role: "variable" })) });
}

interface CompanyParts extends Pick<BaseLedger, "name" | "origin" | "locale" | "currency"> {
  readonly draws: Draws;
  readonly postings: readonly Posting[];
  readonly parties: readonly LedgerParty[];
}

function companyOf({ draws, postings, parties, ...about }: CompanyParts): BaseLedger {
  const variableMinor = ledgerMonths.map((month) => postings.reduce((sum, { on, amountMinor }) => (on.startsWith(month) ? sum - amountMinor : sum), 0));
  const frame = companyFrame({ draws, locale: about.locale, variableMinor });
  const all = [...frame.postings, ...postings];
  const out = all.reduce((sum, { amountMinor }) => sum - Math.min(0, amountMinor), 0) / ledgerMonths.length;
  return { ...about, parties: [...frame.parties, ...parties], postings: all, cashMinor: Math.round(out * (4 + 3 * draws.uniform())) };
}
