import type { BusinessForecast, DashboardReport, ForecastReport } from "@saldo/schema";
import type { EChartsCoreOption } from "echarts/core";
import type { Locale } from "../../format/locale.ts";
import type { Formatters } from "../i18n/formatters.ts";
import type { TextKey, TextValues } from "../i18n/text.ts";
import { axisText, moneyAxis, monthAxis } from "./money-axis.ts";
import type { ChartTheme } from "./theme.ts";
import { tipElement, tipFrame, tipIndex } from "./tooltip.ts";

/** What is forecast. */
export type ForecastMeasure = "revenue" | "expenses" | "net";
/** A forecast that could be made. */
export type ForecastPoints = Extract<ForecastReport, { outcome: "ok" }>["points"];

/** One month of the joined line: what happened, or what is expected with its ranges. Minor units. */
export interface ForecastMonth {
  readonly month: string;
  readonly actual: number | undefined;
  readonly expected: ForecastPoints[number][ForecastMeasure] | undefined;
  /** What a scenario other than the expected one has; absent without one. */
  readonly course?: number | undefined;
}

const actualOf = { revenue: "revenueMinor", expenses: "expensesMinor", net: "profitMinor" } as const;

/** The complete months of the past, then the forecast months after them. */
export function forecastMonths(trend: DashboardReport["revenueTrend"], points: ForecastPoints, measure: ForecastMeasure): ForecastMonth[] {
  const first = points[0]?.month;
  const past = trend.filter(({ month, partial }) => (first === undefined ? !partial : month < first));
  return [
    ...past.map((entry) => ({ month: entry.month, actual: entry[actualOf[measure]], expected: undefined })),
    ...points.map((point) => ({ month: point.month, actual: undefined, expected: point[measure] })),
  ];
}

/**
 * Cash at the ends of the complete months, then at those of the forecast months. A forecast that began with other balances than are known now stands without
 * the months before it: where they met, cash would seem to have jumped.
 */
export function cashMonths({ asOfMonth, cash, points }: Pick<BusinessForecast, "asOfMonth" | "cash" | "points">, path: DashboardReport["cashPath"]): ForecastMonth[] {
  if (cash === null) return [];
  if (path.some(({ month, balanceMinor }) => month === asOfMonth && balanceMinor === cash.openingMinor)) return cashOutlook(path, points);
  return cashOutlook([{ month: asOfMonth, balanceMinor: cash.openingMinor }], points);
}

/** Cash at the ends of the months of the past, then at those of the forecast months. */
export function cashOutlook(path: readonly Pick<DashboardReport["cashPath"][number], "month" | "balanceMinor">[], points: ForecastPoints): ForecastMonth[] {
  const ahead = points.flatMap((point) => ("cash" in point && point.cash !== null ? [{ month: point.month, actual: undefined, expected: point.cash }] : []));
  const first = ahead[0]?.month;
  return [...path.filter(({ month }) => first === undefined || month < first).map(({ month, balanceMinor }) => ({ month, actual: balanceMinor, expected: undefined })), ...ahead];
}

/** What the drawing needs. */
export interface ForecastChartInput {
  readonly months: readonly ForecastMonth[];
  readonly currency: string;
  readonly locale: Locale;
  readonly f: Formatters;
  readonly t: (key: TextKey, values?: TextValues) => string;
}

/** What happened as a solid line, what is expected as a dashed one, with the 80 % band over the paler 95 % one. */
export function forecastOption(theme: ChartTheme, input: ForecastChartInput): EChartsCoreOption {
  const { months, currency, locale, f } = input;
  const lastActual = months.findLastIndex(({ expected }) => expected === undefined);
  const joined = (index: number): number | undefined => (index === lastActual ? months[index]?.actual : months[index]?.expected?.mean);
  const edge = (index: number, side: "lo80" | "hi80" | "lo95" | "hi95"): number | undefined =>
    index === lastActual ? months[index]?.actual : months[index]?.expected?.[side];
  const all = months.flatMap(({ actual, expected, course }) => [actual ?? [], course ?? [], expected?.lo95 ?? [], expected?.hi95 ?? []].flat());
  const indexes = months.map((_, index) => index);
  const label = (index: number) => f.monthAxis(months[index]?.month ?? "", index === 0 || (months[index]?.month ?? "").endsWith("-01"));
  const band = (low: "lo80" | "lo95", high: "hi80" | "hi95", role: string) => [
    line(`${low}-base`, indexes.map((index) => edge(index, low) ?? null), { lineStyle: { opacity: 0 }, stack: low, stackStrategy: "all" }),
    line(
      `${low}-band`,
      indexes.map((index) => {
        const [from, to] = [edge(index, low), edge(index, high)];
        return from === undefined || to === undefined ? null : to - from;
      }),
      { lineStyle: { opacity: 0 }, stack: low, stackStrategy: "all", areaStyle: { color: theme.color(role), opacity: 1 } },
    ),
  ];
  return {
    textStyle: { fontFamily: theme.fontFamily },
    grid: { left: 52, right: 12, top: 26, bottom: 24 },
    xAxis: monthAxis(theme, indexes.map(label)),
    yAxis: moneyAxis(theme, locale, currency, all, 4),
    tooltip: { ...tipFrame, axisPointer: { type: "line", lineStyle: { color: theme.color("chart-axis") } }, formatter: (params: unknown) => tip(input, tipIndex(params)) },
    series: [
      ...band("lo95", "hi95", "chart-band95"),
      ...band("lo80", "hi80", "chart-band80"),
      line("actual", indexes.map((index) => months[index]?.actual ?? null), {
        lineStyle: { color: theme.color("chart-actual"), width: 1.75 },
        areaStyle: { color: theme.color("chart-actual-area"), opacity: 1 },
        markLine: lastActualLine(theme, lastActual, indexes.length, lineWords(input, lastActual)),
      }),
      line("expected", indexes.map((index) => joined(index) ?? null), {
        lineStyle: { color: theme.color("chart-forecast"), width: 1.75, type: [5, 3.5] },
      }),
      ...courseLine(theme, indexes.map((index) => (index === lastActual ? (months[index]?.actual ?? null) : (months[index]?.course ?? null))), months),
    ],
  };
}

/** What the line at the last month that happened is called; nothing before any month is over. */
function lineWords({ months, f, t }: ForecastChartInput, lastActual: number): string {
  const month = months[lastActual]?.month;
  return month === undefined ? "" : t(months.at(-1)?.actual === undefined ? "forecast.actualTo" : "past.line", { month: f.monthAxis(month, true) });
}

/** The scenario beside the expected line; nothing without one. */
function courseLine(theme: ChartTheme, data: readonly (number | null)[], months: readonly ForecastMonth[]) {
  return months.some(({ course }) => course !== undefined) ? [line("course", data, { z: 4, lineStyle: { color: theme.color("warning"), width: 2 } })] : [];
}

function line(name: string, data: readonly (number | null)[], rest: Readonly<Record<string, unknown>>) {
  return { name, type: "line", symbol: "none", silent: true, data: [...data], z: name === "actual" || name === "expected" ? 3 : 1, ...rest };
}

/** The months are whole ones, so the line stands where the data end, not at today. */
function lastActualLine(theme: ChartTheme, index: number, count: number, text: string) {
  return {
    symbol: "none",
    silent: true,
    animation: false,
    data: index < 0 ? [] : [{ xAxis: index }],
    lineStyle: { color: theme.color("chart-today"), width: 1, type: "solid" },
    // Centred on the line, the words would leave the chart when no month, or few, are foretold.
    label: { formatter: text, position: "end", align: index * 6 >= (count - 1) * 5 ? "right" : "center", ...axisText(theme), color: theme.color("text-2"), fontWeight: 500 },
  };
}

function tip({ months, currency, f, t }: ForecastChartInput, index: number): HTMLElement | string {
  const entry = months[index];
  if (entry === undefined) return "";
  if (entry.expected === undefined) return tipElement(f.month(entry.month), [{ name: t("forecast.actual"), value: f.money(entry.actual ?? 0, currency) }]);
  const came = entry.actual === undefined ? [] : [{ name: t("forecast.actual"), value: f.short(entry.actual, currency) }];
  const { mean, lo80, hi80, lo95, hi95 } = entry.expected;
  const range = (low: number, high: number): string => `${f.short(low, currency, { unit: false })} – ${f.short(high, currency)}`;
  return tipElement(f.month(entry.month), [
    ...came,
    { name: t("forecast.expected"), value: f.short(mean, currency) },
    { name: t("forecast.range80"), value: range(lo80, hi80) },
    { name: t("forecast.range95"), value: range(lo95, hi95) },
  ]);
}
