import { addMonths, daysInMonth, minor, monthRange, type Month } from "@saldo/schema";
import { seededRandom } from "../seeded-random.ts";
import type { AdviceBooks, AdviceCategory, AdviceRow } from "./ledger.ts";

/** Months of the generated books, first and last. */
export const generatedMonths = monthRange("2024-08", "2026-10");

const categoryNames = ["Аренда", "Связь", "Сервисы", "Материалы", "Реклама", "Офис", "Транспорт", "Зарплата", "Налоги", "Комиссии банка", "Продажи"] as const;
type CategoryName = (typeof categoryNames)[number];

const retainers = ["ООО «Ромашка»", "АО «Северный ветер»", "ООО «Лесной двор»", "ИП Ковалёва"] as const;
const projects = ["ООО «Гранит»", "АО «Вектор»", "ООО «Маяк»", "ООО «Альтаир»", "ЗАО «Полюс»", "ООО «Каскад»"] as const;
const shops = ["ООО «Стройбаза»", "Яндекс Директ", "ООО «Комус»", "ООО «Деловые линии»", "ИП Громов", "АО «Металлсервис»", "ООО «Типография»", "ООО «Склад-Сервис»"] as const;

/** Categories of the generated books. */
export const generatedCategories: readonly AdviceCategory[] = categoryNames.map((name) => ({ id: `category ${name}`, name, kind: name === "Продажи" ? "income" : "expense" }));

/** One row by what makes it. */
export interface Posting {
  readonly on: string;
  readonly amountMinor: number;
  readonly party: string;
  readonly category: CategoryName;
  readonly description?: string;
  readonly kind?: AdviceRow["kind"];
}

/** Makes the books of postings, in order of their dates. */
export function booksOf(postings: readonly Posting[], over: Partial<AdviceBooks> = {}): AdviceBooks {
  const rows = postings
    .toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
    .map(({ on, amountMinor, party, category, description, kind }, index): AdviceRow => ({
      id: `row ${index}`,
      postedOn: on,
      amountMinor: minor(Math.round(amountMinor)),
      currency: "RUB",
      description: description ?? `Оплата ${party}`,
      counterpartyName: party,
      counterpartyId: null,
      counterpartyTaxId: null,
      categoryId: `category ${category}`,
      kind: kind ?? "ordinary",
    }));
  return { currency: "RUB", rows, categories: generatedCategories, months: generatedMonths, cashMinor: null, cashAhead: [], ...over };
}

/** A day of a month, the last one where the month is shorter. */
export function dayOfMonth(month: Month, day: number): string {
  return `${month}-${String(Math.min(Math.max(1, Math.round(day)), daysInMonth(month))).padStart(2, "0")}`;
}

/**
 * Postings of a healthy small business over 27 months: clients on retainers and on invoices, rent, services at fixed prices, purchases of varying size,
 * people, taxes and fees, with a mild season and trend of its own. Nothing in it calls for advice.
 */
export function healthyPostings(seed: number): Posting[] {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const lognormal = (middle: number, sigma: number) => middle * Math.exp(sigma * normal());
  const scale = lognormal(1, 0.6);
  const growth = 1 + 0.008 * normal();
  const season = 0.12 * random();
  const phase = Math.floor(random() * 12);
  const noise = 0.25 + 0.25 * random();
  const delays = Array.from({ length: 6 }, () => 8 + 18 * random());
  const postings: Posting[] = [];
  let invoice = 1;
  for (const [index, month] of generatedMonths.entries()) {
    const level = scale * growth ** index * (1 + season * Math.sin((2 * Math.PI * (index + phase)) / 12));
    const out = (party: string, category: CategoryName, amount: number, day: number, more: Partial<Posting> = {}) => postings.push({ on: dayOfMonth(month, day), amountMinor: -amount, party, category, ...more });
    let revenue = 0;
    const receive = (party: string, amount: number, on: string, description: string) => {
      revenue += amount;
      postings.push({ on, amountMinor: amount, party, category: "Продажи", description });
    };
    for (let client = 0; client < 4; client++) receive(retainers[client] ?? "", scale * (12_000_000 + 2_000_000 * client), dayOfMonth(month, 5 + 4 * client + Math.round(normal())), "Абонентская плата за месяц");
    for (let client = 0; client < 6; client++) {
      for (let count = 1 + Math.floor(2 * random()); count > 0; count--) {
        const paidOn = dayOfMonth(month, 1 + Math.floor(28 * random()));
        const delay = Math.max(1, Math.round((delays[client] ?? 14) + 3 * normal()));
        const billedOn = new Date(Date.parse(paidOn) - delay * 86_400_000).toISOString().slice(0, 10).split("-").toReversed().join(".");
        receive(projects[client] ?? "", lognormal(level * 6_000_000, 0.4), paidOn, `Оплата по счету № ${invoice++} от ${billedOn} за услуги`);
      }
    }
    out("ООО «Бизнес-центр»", "Аренда", scale * 9_000_000, 3);
    out("ПАО «Связь»", "Связь", scale * 450_000, 12);
    for (const [place, service] of ["Figma Inc", "Slack", "Zoom", "Yandex Cloud"].entries()) out(service, "Сервисы", scale * (300_000 + 150_000 * place), 8 + place);
    const buy = (category: CategoryName, count: number, middle: number) => {
      for (let each = 0; each < count; each++) out(shops[Math.floor(shops.length * random())] ?? "", category, lognormal(level * middle, noise), 1 + Math.floor(28 * random()));
    };
    buy("Материалы", 8, 1_800_000);
    buy("Реклама", 5, 1_200_000);
    buy("Офис", 4, 350_000);
    buy("Транспорт", 6, 250_000);
    for (const person of ["Иванов И.", "Петрова А.", "Сидоров К."]) for (const day of [10, 25]) out(person, "Зарплата", scale * 4_500_000, day, { kind: "payroll" });
    if (index % 3 === 0) out("ФНС России", "Налоги", level * 9_000_000, 25, { kind: "tax" });
    out("Банк", "Комиссии банка", revenue * 0.012 * (1 + 0.05 * normal()), 28, { kind: "fee", description: "Комиссия за расчётное обслуживание" });
  }
  return postings;
}

/** The last months of the generated books, oldest first. */
export function lastMonths(count: number): Month[] {
  return Array.from({ length: count }, (_, index) => addMonths(generatedMonths.at(-1) ?? "2026-10", index + 1 - count));
}
