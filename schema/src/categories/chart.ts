import { idOfName } from "../ids.ts";
import type { Row } from "../tables/index.ts";

type Kind = Row<"category">["kind"];
type Activity = Row<"category">["activity"];
type Locale = Row<"workspace">["locale"];

/** A category of the default chart, named in each language. */
export interface ChartCategory {
  readonly kind: Kind;
  readonly activity: Activity;
  readonly name: Readonly<Record<Locale, string>>;
  /** Key of the one it lies below; null at the top. */
  readonly parent: ChartKey | null;
}

/** A line of the chart: kind, activity (operating unless said), and its names. */
function group(kind: Kind, en: string, ru: string, activity: Activity = "operating") {
  return { kind, activity, name: { en, ru }, parent: null };
}

function below<const Parent extends string>(parent: Parent, kind: Kind, en: string, ru: string, activity: Activity = "operating") {
  return { kind, activity, name: { en, ru }, parent };
}

const declared = {
  sales: group("income", "Sales", "Выручка"),
  salesOfGoods: below("sales", "income", "Sales of goods", "Продажа товаров"),
  salesOfServices: below("sales", "income", "Sales of services", "Оказание услуг"),
  otherIncome: group("income", "Other income", "Прочие доходы"),
  interestReceived: below("otherIncome", "income", "Interest received", "Проценты полученные"),
  grants: below("otherIncome", "income", "Grants and subsidies", "Гранты и субсидии"),
  compensations: below("otherIncome", "income", "Compensation received", "Возмещения полученные"),
  costOfSales: group("expense", "Cost of sales", "Себестоимость"),
  goods: below("costOfSales", "expense", "Goods for resale", "Товары для продажи"),
  materials: below("costOfSales", "expense", "Materials", "Материалы"),
  subcontractors: below("costOfSales", "expense", "Subcontractors", "Подрядчики"),
  delivery: below("costOfSales", "expense", "Delivery", "Доставка"),
  people: group("expense", "People", "Персонал"),
  salaries: below("people", "expense", "Salaries", "Зарплата"),
  payrollTaxes: below("people", "expense", "Payroll taxes", "Налоги и взносы с зарплаты"),
  training: below("people", "expense", "Training", "Обучение"),
  marketing: group("expense", "Marketing", "Маркетинг"),
  advertising: below("marketing", "expense", "Advertising", "Реклама"),
  premises: group("expense", "Premises", "Помещения"),
  rent: below("premises", "expense", "Rent", "Аренда"),
  utilities: below("premises", "expense", "Utilities", "Коммунальные услуги"),
  repairs: below("premises", "expense", "Repairs and maintenance", "Ремонт и обслуживание"),
  office: group("expense", "Office", "Офис"),
  supplies: below("office", "expense", "Office supplies", "Канцтовары и хозтовары"),
  telecoms: below("office", "expense", "Phone and internet", "Связь и интернет"),
  software: below("office", "expense", "Software and services", "Программы и сервисы"),
  transport: group("expense", "Transport and travel", "Транспорт и поездки"),
  fuel: below("transport", "expense", "Fuel", "Топливо"),
  vehicles: below("transport", "expense", "Vehicles and taxis", "Автомобили и такси"),
  travel: below("transport", "expense", "Business trips", "Командировки"),
  meals: group("expense", "Meals and entertainment", "Питание и представительские"),
  professional: group("expense", "Professional services", "Профессиональные услуги"),
  accounting: below("professional", "expense", "Accounting and audit", "Бухгалтерия и аудит"),
  legal: below("professional", "expense", "Legal services", "Юридические услуги"),
  bankFees: group("expense", "Bank fees", "Комиссии банка"),
  insurance: group("expense", "Insurance", "Страхование"),
  taxes: group("expense", "Taxes", "Налоги"),
  incomeTax: below("taxes", "expense", "Income tax", "Налог на доход"),
  valueAddedTax: below("taxes", "expense", "Value added tax", "НДС"),
  duties: below("taxes", "expense", "Duties and fines", "Пошлины и штрафы"),
  interestPaid: group("expense", "Interest paid", "Проценты уплаченные", "financing"),
  equipment: group("expense", "Equipment", "Оборудование", "investing"),
  otherExpenses: group("expense", "Other expenses", "Прочие расходы"),
  ownTransfers: group("transfer", "Between own accounts", "Между своими счетами"),
  cash: group("transfer", "Cash in and out", "Внесение и снятие наличных"),
  loans: group("transfer", "Loans taken and repaid", "Кредиты и займы", "financing"),
  owners: group("transfer", "Owners' money in and out", "Вклады и выплаты владельцам", "financing"),
} as const;

/** Key of a category of the default chart. */
export type ChartKey = keyof typeof declared;

/** The default chart of a small business, parents before what lies below them. */
export const chart: Readonly<Record<ChartKey, ChartCategory>> = declared;

/** All keys of the chart, in its order. */
export const chartKeys: readonly ChartKey[] = Object.keys(declared).filter(isChartKey);

function isChartKey(key: string): key is ChartKey {
  return Object.hasOwn(declared, key);
}

/**
 * The id of a category of the chart in a language. It is made of the name, as for a category a file names: "Rent" in a file is the chart's Rent.
 */
export function chartCategoryId(key: ChartKey, locale: Locale): string {
  return idOfName("category", chart[key].name[locale]);
}
