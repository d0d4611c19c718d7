import type { Draws } from "./draws.ts";
import { dayOf, daysLater, feesCategory, ledgerMonths, marketingCategory, type LedgerParty, type Posting } from "./ledger-under-test.ts";

interface FrameWords {
  readonly clients: readonly string[];
  /** Category and vendor. */
  readonly fixed: readonly (readonly [string, string])[];
  readonly ads: readonly string[];
  readonly payroll: readonly [string, string];
  readonly tax: readonly [string, string];
  readonly bank: string;
  readonly sales: string;
  readonly fee: string;
  readonly regular: string;
  invoice(number: number, on: string): string;
}

const words: Readonly<Record<"en" | "ru", FrameWords>> = {
  en: {
    clients: ["Northgate Dental", "Harbour Foods", "Elm Street School", "Brightwell Farms", "Castle Hotels", "Pennine Logistics", "Greenway Housing", "Orchard Clinics", "Tyne Engineering", "Moorland Brewery"],
    fixed: [
      ["Rent", "Kingsway Estates"], ["Telecom", "Crossline Broadband"], ["Software", "Ledgerly Cloud"], ["Software", "Pixelframe Studio"], ["Insurance", "Mutual Shield"], ["Security", "Watchman Alarms"], ["Leasing", "Autolease Fleet"],
    ],
    ads: ["Billboard Media", "Searchlight Ads"],
    payroll: ["Payroll", "Payroll"], tax: ["Taxes", "HMRC"], bank: "County Bank", sales: "Sales",
    invoice: (number: number, on: string) => `Invoice ${number} of ${on}`, fee: "Account and card fees", regular: "Monthly charge",
  },
  ru: {
    clients: ["ООО «Гранит»", "АО «Вектор»", "ООО «Маяк»", "ООО «Альтаир»", "ЗАО «Полюс»", "ООО «Каскад»", "ИП Ковалёва", "ООО «Лесной двор»", "АО «Север»", "ООО «Ромашка»"],
    fixed: [
      ["Аренда", "ООО «Бизнес-парк»"], ["Связь", "ПАО «Линия»"], ["Сервисы", "ООО «Облачный учёт»"], ["Сервисы", "ООО «Макет»"], ["Страхование", "АО «Щит»"], ["Охрана", "ЧОП «Дозор»"], ["Лизинг", "ООО «Автолизинг»"],
    ],
    ads: ["ООО «Медиаплан»", "ООО «Поисковая реклама»"],
    payroll: ["Зарплата", "Зарплатная ведомость"], tax: ["Налоги", "УФК (ФНС России)"], bank: "ПАО «Губернский банк»", sales: "Продажи",
    invoice: (number: number, on: string) => `Оплата по счёту ${number} от ${on.split("-").reverse().join(".")}`, fee: "Комиссия за ведение счёта и эквайринг", regular: "Ежемесячная плата",
  },
};

/** How a company's frame is made. */
export interface FrameRecipe {
  readonly draws: Draws;
  readonly locale: "en" | "ru";
  /** What goes out beside the frame, by month: it grows and shrinks with revenue. */
  readonly variableMinor: readonly number[];
}

/** What every small company has beside what it buys: clients who pay invoices, rent, services at fixed prices, people, taxes, fees, advertising. */
export function companyFrame({ draws, locale, variableMinor }: FrameRecipe): { readonly parties: readonly LedgerParty[]; readonly postings: readonly Posting[] } {
  const { clients, fixed, ads, payroll, tax, bank, sales, invoice, fee, regular } = words[locale];
  const variable = variableMinor.reduce((sum, amount) => sum + amount, 0) / variableMinor.length;
  const level = variable * (2.2 + draws.uniform());
  const chosen = draws.shuffled(clients).slice(0, draws.whole(5, 8)).map((name) => ({ name, weight: 0.7 + 0.6 * draws.uniform(), delay: draws.whole(6, 20) }));
  const weights = chosen.reduce((sum, { weight }) => sum + weight, 0);
  const fees = draws.shuffled(fixed).slice(0, draws.whole(4, 6)).map(([category, name]) => ({ category, name, day: draws.whole(1, 26), amount: Math.round(level * (0.006 + 0.03 * draws.uniform())) }));
  const people = Math.round(level * (0.2 + 0.08 * draws.uniform()));
  const adsVendors = draws.shuffled(ads).slice(0, draws.whole(1, 2));
  const adsLevel = level * (0.03 + 0.05 * draws.uniform());
  const feeRate = 0.006 + 0.006 * draws.uniform();
  const postings: Posting[] = [];
  let number = 100;
  for (const month of ledgerMonths) {
    let revenue = 0;
    for (const { name, weight, delay } of chosen) {
      const amount = Math.round(draws.lognormal((level * weight) / weights, 0.12));
      const invoiced = dayOf(month, draws.whole(1, 8));
      const on = daysLater(invoiced, Math.max(1, Math.round(delay + 1.5 * draws.normal())));
      revenue += amount;
      postings.push({ on, amountMinor: amount, party: name, category: sales, description: invoice(number++, invoiced), kind: "ordinary" });
    }
    for (const { category, name, day, amount } of fees) postings.push({ on: dayOf(month, day), amountMinor: -amount, party: name, category, description: regular, kind: "ordinary" });
    for (const name of adsVendors) {
      const amount = Math.round(draws.lognormal(adsLevel / adsVendors.length, 0.1));
      postings.push({ on: dayOf(month, draws.whole(3, 25)), amountMinor: -amount, party: name, category: marketingCategory[locale], description: regular, kind: "ordinary" });
    }
    for (const day of [10, 25]) postings.push({ on: dayOf(month, day), amountMinor: -Math.round(people / 2), party: payroll[1], category: payroll[0], description: payroll[1], kind: "payroll" });
    postings.push({ on: dayOf(month, 28), amountMinor: -Math.round(people * 0.3), party: tax[1], category: tax[0], description: tax[0], kind: "tax" });
    postings.push({ on: dayOf(month, 27), amountMinor: -Math.round(revenue * feeRate * (1 + 0.02 * draws.normal())), party: bank, category: feesCategory[locale], description: fee, kind: "fee" });
  }
  return {
    parties: [
      ...chosen.map(({ name }) => ({ name, role: "client" as const })),
      ...fees.map(({ name }) => ({ name, role: "fixed_fee" as const })),
      ...adsVendors.map((name) => ({ name, role: "marketing" as const })),
      { name: bank, role: "fees" },
    ],
    postings,
  };
}
