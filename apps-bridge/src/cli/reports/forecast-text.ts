import { whatIfIds, type Scenario } from "@saldo/client-core/forecast";
import { currencyExponent, type BusinessForecast, type Month } from "@saldo/schema";
import { formatMonth, formatMonthAxis } from "../../format/date.ts";
import { currencySign } from "../../format/money.ts";
import { formatNumber, formatPercent } from "../../format/number.ts";
import { tableText, type Locale } from "../terminal.ts";
import { forecastWords, type ForecastWords } from "./forecast-words.ts";

/** Names of categories are cut to so many characters: six months fit a terminal of 80 columns. */
const nameCharsMax = 24;
/** From this total on, amounts are told in thousands. */
const thousandsFrom = 1_000_000;

/** The forecast of a store as a terminal shows it: a column a month, what drives the scenario, and how good forecasts were. */
export function forecastText(report: BusinessForecast, scenario: Scenario, { computedBy, locale }: { readonly computedBy: "device" | "cloud"; readonly locale: Locale }): string {
  const words = forecastWords[locale];
  const percent = (basisPoints: number | null) => (basisPoints === null ? "–" : formatPercent(locale, basisPoints / 10_000));
  const { money, unit } = moneyIn(report, locale);
  const tested = report.backtest.net;
  const accuracy = (name: string, test: BusinessForecast["backtest"]["net"]) => `  ${name}: ${test === null ? words.tooShort : words.accuracy(test.totalMonths, percent(test.totalAccuracyBasisPoints), percent(test.monthAccuracyBasisPoints))}\n`;
  const drivers = scenario.drivers.map(({ componentId, effectMinor }) => `${nameOf(report.components.find(({ id }) => id === componentId), words)} ${money(effectMinor)}`);
  const planned = report.known.filter(({ source }) => source === "planned").length;
  return [
    `${words.title(formatMonth(locale, report.asOfMonth), words.scenarios[scenario.name])} (${words.quantile(scenario.quantilePercent)}), ${words.computed[computedBy]}\n\n`,
    tableText(tableOf(report, scenario, { words, money, percent, unit, month: (month) => formatMonthAxis(locale, month) }), scenario.months.map((_, at) => at + 1).concat(scenario.months.length + 1)),
    drivers.length === 0 ? "" : `\n${words.drivenBy} ${drivers.join(", ")}\n`,
    `\n${words.onThePast}${tested === null ? "" : `, ${words.origins(tested.origins)}`}:\n`,
    accuracy(words.revenue, report.backtest.revenue),
    accuracy(words.expenses, report.backtest.expenses),
    accuracy(words.profit, report.backtest.net),
    report.known.length === 0 ? "" : `\n${words.known(report.known.length, planned)}\n`,
  ].join("");
}

/** Whole units of the currency, or thousands of them where a column would be too wide. */
function moneyIn({ currency, points }: BusinessForecast, locale: Locale) {
  const major = 10 ** currencyExponent(currency);
  const total = points.reduce((sum, { revenue }) => sum + Math.abs(revenue.mean), 0) / major;
  const isLarge = total >= thousandsFrom;
  return {
    money: (amountMinor: number) => formatNumber(locale, Math.round(amountMinor / major / (isLarge ? 1_000 : 1))),
    unit: [isLarge ? forecastWords[locale].thousands : "", currencySign(locale, currency)].filter((part) => part !== "").join(" "),
  };
}

interface Writing {
  readonly words: ForecastWords;
  readonly money: (amountMinor: number) => string;
  readonly percent: (basisPoints: number | null) => string;
  readonly month: (month: Month) => string;
  readonly unit: string;
}

function tableOf(report: BusinessForecast, scenario: Scenario, { words, money, percent, month, unit }: Writing): string[][] {
  const row = (name: string, amounts: readonly number[]) => [name, ...amounts.map(money), money(amounts.reduce((sum, amount) => sum + amount, 0))];
  const parts = report.components.map((component, at) =>
    row(component.kind === "expense" ? `  ${shortened(nameOf(component, words))}` : shortened(nameOf(component, words)), scenario.months.map(({ componentsMinor }) => componentsMinor[at] ?? 0)),
  );
  const isRevenue = report.components.map(({ kind }) => kind === "revenue");
  const table = [
    [unit, ...scenario.months.map((one) => month(one.month)), words.total],
    ...parts.filter((_, at) => isRevenue[at]),
    row(words.expenses, scenario.months.map(({ expensesMinor }) => expensesMinor)),
    ...parts.filter((_, at) => !isRevenue[at]),
    row(words.profit, scenario.months.map(({ netMinor }) => netMinor)),
    [`  ${words.range80from}`, ...report.points.map(({ net }) => money(net.lo80)), ""],
    [`  ${words.range80to}`, ...report.points.map(({ net }) => money(net.hi80)), ""],
  ];
  if (report.cash === null) return table;
  return [...table, [words.cash, ...scenario.months.map(({ cashMinor }) => money(cashMinor ?? 0)), ""], [words.cashOut, ...(report.cashOutBasisPoints ?? []).map(percent), ""]];
}

function shortened(name: string): string {
  return name.length > nameCharsMax ? `${name.slice(0, nameCharsMax - 1)}…` : name;
}

function nameOf(component: BusinessForecast["components"][number] | undefined, words: ForecastWords): string {
  if (component === undefined) return "";
  if (component.name !== null) return component.name;
  if (component.id === "revenue") return words.revenue;
  if (component.id === whatIfIds.revenue || component.id === whatIfIds.expense) return words.whatIf;
  return component.id === "uncategorised" ? words.uncategorised : words.pooled(component.pooled);
}
