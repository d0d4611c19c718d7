import type { ChartKey } from "@saldo/schema";
import type { Locale } from "../../format/locale.ts";

/** Something the made-up business pays or gets on given days of a month. */
export interface Regular {
  readonly party: string;
  /** `#` stands for a running number. */
  readonly purpose: string;
  readonly category: ChartKey | null;
  readonly days: readonly number[];
  /** Of one payment, negative when it goes out. */
  readonly amount: number;
  /** How far amounts lie to either side, as a share. */
  readonly spread: number;
  readonly isSeasonal?: boolean;
  readonly isSavings?: boolean;
  /** Every so many months, from January. */
  readonly every?: number;
  /** A month, as a share of the first. */
  readonly growth?: number;
  /** So many times as much in the last months. */
  readonly raised?: { readonly by: number; readonly months: number };
}

type Name = readonly [en: string, ru: string];

function line(party: Name, purpose: Name, category: ChartKey | null, amount: number, days: readonly number[], more: Partial<Omit<Regular, "party" | "purpose">> = {}) {
  return { party, purpose, category, amount, days, spread: 0, ...more };
}

const staff: Name = ["Salary", "Заработная плата"];
const beans: Name = ["Green Bean Roasters", "ООО «Зелёное зерно»"];
const toSavings: Name = ["Transfer to savings", "Перевод на накопительный счёт"];

const regulars = [
  line(["", ""], ["Card sales of the week", "Возмещение по эквайрингу за неделю"], "sales", 4_500, [7, 14, 21, 28], { spread: 0.05, isSeasonal: true, growth: 0.0015 }),
  line(["Bike Bites", "Велодоставка"], ["Orders delivered, report #", "Заказы с доставкой, отчёт №\u00a0#"], "sales", 1_450, [10, 25], { spread: 0.08, isSeasonal: true }),
  line(["Harbour Hotel", "Гостиница «Гавань»"], ["Breakfast coffee, monthly supply", "Кофе к завтракам, поставка за месяц"], "sales", 3_150, [6], { spread: 0.03 }),
  line(["Mill Lane Offices", "БЦ «Мельница»"], ["Invoice #, coffee points", "Счёт №\u00a0#, кофейные точки"], "salesOfServices", 1_280, [9, 24], { spread: 0.1 }),
  line(["A. Clarke", "Соколова А. В."], staff, "salaries", -2_480, [28]),
  line(["J. Patel", "Петров Д. И."], staff, "salaries", -2_350, [28]),
  line(["M. Osei", "Орлова М. С."], staff, "salaries", -2_350, [28]),
  line(["T. Novak", "Новак Т. Е."], staff, "salaries", -1_900, [28]),
  line(["Tax office", "ФНС России"], ["Payroll taxes", "Налоги и взносы с зарплаты"], "payrollTaxes", -1_720, [15]),
  line(["Tax office", "ФНС России"], ["Advance tax of the quarter", "Аванс по налогу за квартал"], "incomeTax", -2_900, [25], { every: 3, spread: 0.04 }),
  line(["Dockside Properties", "ООО «Причал»"], ["Rent", "Аренда помещения"], "rent", -3_350, [3], { raised: { by: 1.06, months: 5 } }),
  line(beans, ["Beans, invoice #", "Кофейное зерно, счёт №\u00a0#"], "goods", -1_240, [4, 12, 19, 27], { spread: 0.12, isSeasonal: true }),
  line(["Dale Dairy", "АО «Долина молока»"], ["Milk, invoice #", "Молоко, счёт №\u00a0#"], "goods", -430, [5, 13, 20, 26], { spread: 0.03, isSeasonal: true, raised: { by: 1.18, months: 4 } }),
  line(["Packline", "ООО «УпакСервис»"], ["Cups and lids, invoice #", "Стаканы и крышки, счёт №\u00a0#"], "materials", -340, [8, 22], { spread: 0.15 }),
  line(["Citywide Energy", "АО «Городской свет»"], ["Electricity", "Электроэнергия"], "utilities", -540, [18], { spread: 0.1 }),
  line(["Street & Social", "ООО «Медиа Порт»"], ["Advertising", "Реклама"], "advertising", -260, [2, 17], { spread: 0.06, raised: { by: 1.9, months: 4 } }),
  line(["Tillworks", "ООО «Кассовый сервис»"], ["Till software, monthly", "Касса, подписка за месяц"], "software", -49, [8]),
  line(["Rota", "ООО «График смен»"], ["Shift planning, monthly", "График смен, подписка за месяц"], "software", -35, [11]),
  line(["Northnet", "АО «Северная связь»"], ["Phone and internet", "Связь и интернет"], "telecoms", -64, [12]),
  line(["Harbour Mutual", "СК «Гавань»"], ["Insurance of the premises", "Страхование помещения"], "insurance", -185, [16]),
  line(["First Bank", "Первый банк"], ["Card fees of the month", "Комиссия за эквайринг"], "bankFees", -390, [27], { spread: 0.04, isSeasonal: true }),
  line(["First Bank", "Первый банк"], ["Loan repayment", "Погашение кредита"], "loans", -640, [20]),
  line(["E. Hall", "Громова Е. А."], ["Owner's draw", "Выплата владельцу"], "owners", -1_350, [29]),
  line(["", ""], toSavings, null, -600, [16]),
  line(["", ""], ["Transfer from current account", "Перевод с расчётного счёта"], null, 600, [16], { isSavings: true }),
];

/** What goes on every month, in a language. */
export function monthly(locale: Locale): Regular[] {
  return regulars.map((regular) => ({ ...regular, party: inLocale(regular.party, locale), purpose: inLocale(regular.purpose, locale) }));
}

/** The other words of the statement in a language. */
export function words(locale: Locale) {
  const say = (en: string, ru: string): string => inLocale([en, ru], locale);
  return {
    columns: locale === "ru" ? ["Дата", "Контрагент", "Назначение", "Категория", "Счёт", "Сумма", "Остаток", "Валюта"] : ["Date", "Counterparty", "Description", "Category", "Account", "Amount", "Balance", "Currency"],
    // Names no real account has: a real statement's rows must never join those made up.
    current: say("Sample current account", "Расчётный счёт кофейни (пример)"),
    savings: say("Sample savings account", "Накопительный счёт кофейни (пример)"),
    once: {
      machine: { party: say("Crema Machines", "ООО «Крема»"), purpose: say("Espresso machine, two groups", "Кофемашина, две группы"), category: "equipment" },
      wedding: { party: say("Lime Street Weddings", "ООО «Праздник»"), purpose: say("Invoice 77, coffee bar for a wedding", "Счёт №\u00a077, кофе-бар на свадьбу"), category: "salesOfServices" },
      cups: { party: say("Packline", "ООО «УпакСервис»"), purpose: say("Invoice 1184, cups 350 ml", "Счёт №\u00a01184, стаканы 350 мл"), category: "materials" },
    },
  } as const;
}

function inLocale([en, ru]: Name, locale: Locale): string {
  return locale === "ru" ? ru : en;
}
