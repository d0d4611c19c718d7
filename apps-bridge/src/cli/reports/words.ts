import type { DashboardReport, DetailReport } from "@saldo/schema";
import type { Locale } from "../terminal.ts";

type RiskCode = DashboardReport["topRisks"][number]["code"];
type Severity = DashboardReport["topRisks"][number]["severity"];
type Activity = DetailReport["cashFlow"]["sections"][number]["activity"];

/** Words of the reports a terminal shows. */
export interface ReportWords {
  readonly running: string;
  readonly transactions: (count: number) => string;
  readonly now: string;
  readonly before: string;
  readonly yearAgo: string;
  readonly mean: string;
  readonly revenue: string;
  readonly expenses: string;
  readonly profit: string;
  readonly margin: string;
  readonly burnRate: string;
  readonly perMonth: string;
  readonly needsMonth: string;
  readonly runway: string;
  readonly months: (tenths: number) => string;
  readonly noBurn: string;
  readonly unknownBalance: string;
  readonly cash: string;
  readonly month: string;
  readonly byCategory: (side: "revenue" | "expenses") => string;
  readonly amount: string;
  readonly share: string;
  readonly noCategory: string;
  readonly risk: string;
  readonly severity: string;
  readonly severities: Readonly<Record<Severity, string>>;
  readonly atStake: string;
  readonly risks: Readonly<Record<RiskCode, string>>;
  readonly customers: string;
  readonly suppliers: string;
  readonly nameless: string;
  readonly others: string;
  readonly account: string;
  readonly net: string;
  readonly cashFlow: string;
  readonly activities: Readonly<Record<Activity, string>>;
  readonly transfers: string;
  readonly opening: string;
  readonly closing: string;
  readonly bridge: string;
  readonly profitBefore: string;
  readonly profitNow: string;
  readonly rest: string;
  readonly matrix: string;
  readonly total: string;
  readonly currency: string;
  readonly rateMissing: (months: string) => string;
  readonly combined: (currency: string) => string;
}

const en: ReportWords = {
  running: "running month",
  transactions: (count) => `${count} transactions`,
  now: "this period",
  before: "before",
  yearAgo: "a year ago",
  mean: "usual",
  revenue: "Revenue",
  expenses: "Expenses",
  profit: "Profit",
  margin: "Margin",
  burnRate: "Burn rate",
  perMonth: "a month",
  needsMonth: "needs a complete month",
  runway: "Runway",
  months: (tenths) => `${(tenths / 10).toFixed(1)} months`,
  noBurn: "no burn",
  unknownBalance: "unknown balance",
  cash: "Cash",
  month: "Month",
  byCategory: (side) => (side === "revenue" ? "Revenue by category" : "Expenses by category"),
  amount: "Amount",
  share: "Share",
  noCategory: "(no category)",
  risk: "Risk",
  severity: "Severity",
  severities: { high: "high", medium: "medium", low: "low" },
  atStake: "At stake",
  risks: {
    cash_runs_out: "Cash runs out",
    burning_without_balance: "Money goes out, cash is not known",
    loss_this_month: "A loss",
    revenue_falling: "Revenue is falling",
    expenses_growing_faster: "Expenses grow faster than revenue",
    one_customer: "One customer brings most revenue",
    one_supplier: "One supplier takes most expenses",
    category_jump: "A category costs far more than usual",
    uncategorised: "Expenses without a category",
  },
  customers: "Customers",
  suppliers: "Suppliers",
  nameless: "(no name)",
  others: "all others",
  account: "Account",
  net: "Net",
  cashFlow: "Cash flow",
  activities: { operating: "Operating", investing: "Investing", financing: "Financing" },
  transfers: "Transfers between own accounts",
  opening: "Cash at the beginning",
  closing: "Cash at the end",
  bridge: "Why profit changed",
  profitBefore: "Profit before",
  profitNow: "Profit now",
  rest: "all other categories",
  matrix: "Expenses by month",
  total: "Total",
  currency: "Currency",
  rateMissing: (months) => `no rate known for ${months}`,
  combined: (currency) => `All in ${currency}`,
};

const ru: ReportWords = {
  running: "месяц не закончен",
  transactions: (count) => `операций: ${count}`,
  now: "за период",
  before: "раньше",
  yearAgo: "год назад",
  mean: "обычно",
  revenue: "Выручка",
  expenses: "Расходы",
  profit: "Прибыль",
  margin: "Рентабельность",
  burnRate: "Расход денег",
  perMonth: "в месяц",
  needsMonth: "нужен полный месяц",
  runway: "Денег хватит",
  months: (tenths) => `${(tenths / 10).toFixed(1).replace(".", ",")} мес.`,
  noBurn: "деньги не убывают",
  unknownBalance: "остаток неизвестен",
  cash: "Деньги",
  month: "Месяц",
  byCategory: (side) => (side === "revenue" ? "Выручка по категориям" : "Расходы по категориям"),
  amount: "Сумма",
  share: "Доля",
  noCategory: "(без категории)",
  risk: "Риск",
  severity: "Важность",
  severities: { high: "высокая", medium: "средняя", low: "низкая" },
  atStake: "Цена вопроса",
  risks: {
    cash_runs_out: "Деньги заканчиваются",
    burning_without_balance: "Деньги убывают, остаток неизвестен",
    loss_this_month: "Убыток",
    revenue_falling: "Выручка падает",
    expenses_growing_faster: "Расходы растут быстрее выручки",
    one_customer: "Большую часть выручки приносит один клиент",
    one_supplier: "Большую часть расходов забирает один поставщик",
    category_jump: "Категория стоит намного больше обычного",
    uncategorised: "Расходы без категории",
  },
  customers: "Клиенты",
  suppliers: "Поставщики",
  nameless: "(без имени)",
  others: "все остальные",
  account: "Счёт",
  net: "Итог",
  cashFlow: "Движение денег",
  activities: { operating: "Текущая деятельность", investing: "Инвестиции", financing: "Финансирование" },
  transfers: "Переводы между своими счетами",
  opening: "Деньги на начало",
  closing: "Деньги на конец",
  bridge: "Почему изменилась прибыль",
  profitBefore: "Прибыль раньше",
  profitNow: "Прибыль теперь",
  rest: "остальные категории",
  matrix: "Расходы по месяцам",
  total: "Всего",
  currency: "Валюта",
  rateMissing: (months) => `нет курса за ${months}`,
  combined: (currency) => `Всё в ${currency}`,
};

/** The words of reports in each language. */
export const reportWords: Readonly<Record<Locale, ReportWords>> = { en, ru };
