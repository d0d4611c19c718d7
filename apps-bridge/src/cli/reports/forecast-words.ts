import type { ScenarioName } from "@saldo/client-core/forecast";
import type { Locale } from "../terminal.ts";

/** Words of the forecast a terminal shows. */
export interface ForecastWords {
  readonly title: (month: string, scenario: string) => string;
  readonly scenarios: Readonly<Record<ScenarioName, string>>;
  readonly quantile: (percent: number) => string;
  readonly computed: Readonly<Record<"device" | "cloud", string>>;
  readonly thousands: string;
  readonly total: string;
  readonly revenue: string;
  readonly expenses: string;
  readonly profit: string;
  readonly range80from: string;
  readonly range80to: string;
  readonly cash: string;
  readonly cashOut: string;
  readonly drivenBy: string;
  readonly onThePast: string;
  readonly origins: (count: number) => string;
  readonly tooShort: string;
  readonly accuracy: (months: number, total: string, single: string) => string;
  readonly known: (count: number, planned: number) => string;
  readonly whatIf: string;
  readonly uncategorised: string;
  readonly pooled: (count: number) => string;
  readonly noRows: string;
  readonly needsMonths: (need: number, have: number) => string;
  readonly leftOut: (count: number) => string;
}

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

const en: ForecastWords = {
  title: (month, scenario) => `Forecast after ${month}, ${scenario}`,
  scenarios: { pessimistic: "pessimistic", realistic: "realistic", optimistic: "optimistic" },
  quantile: (percent) => `${percent}% quantile of profit`,
  computed: { device: "computed on this device", cloud: "computed in the cloud" },
  thousands: "thousands of",
  total: "Total",
  revenue: "Revenue",
  expenses: "Expenses",
  profit: "Profit",
  range80from: "80% from",
  range80to: "80% to",
  cash: "Cash at the end",
  cashOut: "Cash has run out",
  drivenBy: "Driven by",
  onThePast: "Accuracy on the past, 100% − mean of |actual − forecast| / |actual|",
  origins: (count) => counted(count, "forecast"),
  tooShort: "the history is too short to test",
  accuracy: (months, total, single) => `total of ${counted(months, "month")} ${total}, single months ${single}`,
  known: (count, planned) => `${counted(count, "known payment")} in it, ${planned} planned.`,
  whatIf: "What if",
  uncategorised: "Without a category",
  pooled: (count) => (count === 1 ? "1 small category" : `${count} small categories`),
  noRows: "There are no transactions yet.",
  needsMonths: (need, have) => `A forecast needs ${counted(need, "complete month")}; so far: ${have}.`,
  leftOut: (count) => `No place in this forecast for ${counted(count, "change")} of the scenario.`,
};

const ru: ForecastWords = {
  title: (month, scenario) => `Прогноз после: ${month}, ${scenario}`,
  scenarios: { pessimistic: "пессимистичный", realistic: "реалистичный", optimistic: "оптимистичный" },
  quantile: (percent) => `прибыль по квантилю ${percent} %`,
  computed: { device: "посчитан на этом устройстве", cloud: "посчитан в облаке" },
  thousands: "тыс.",
  total: "Итого",
  revenue: "Выручка",
  expenses: "Расходы",
  profit: "Прибыль",
  range80from: "80 % от",
  range80to: "80 % до",
  cash: "Деньги на конец",
  cashOut: "Деньги кончились",
  drivenBy: "Из-за чего:",
  onThePast: "Точность на прошлом, 100 % − среднее |факт − прогноз| / |факт|",
  origins: (count) => `прогнозов: ${count}`,
  tooShort: "история слишком коротка для проверки",
  accuracy: (months, total, single) => `итог за ${months} мес. ${total}, отдельные месяцы ${single}`,
  known: (count, planned) => `Учтено известных платежей: ${count}, из них запланировано: ${planned}.`,
  whatIf: "Что, если",
  uncategorised: "Без категории",
  pooled: (count) => `Небольшие (${count})`,
  noRows: "Операций ещё нет.",
  needsMonths: (need, have) => `Для прогноза нужно полных месяцев: ${need}, есть: ${have}.`,
  leftOut: (count) => `Изменений сценария, которым нет места в этом прогнозе: ${count}.`,
};

/** See {@link ForecastWords}. */
export const forecastWords: Readonly<Record<Locale, ForecastWords>> = { en, ru };
