import type { DashboardReport } from "@saldo/schema";
import type { EChartsCoreOption } from "echarts/core";
import { moneyScale } from "../../format/axis.ts";
import type { Locale } from "../../format/locale.ts";
import type { Formatters } from "../i18n/formatters.ts";
import type { TextKey } from "../i18n/text.ts";
import { marginRatio } from "../screens/overview/margin.ts";
import { axisText, moneyAxis, monthAxis } from "./money-axis.ts";
import type { ChartTheme } from "./theme.ts";
import { tipElement, tipFrame, tipIndex } from "./tooltip.ts";

type Month = DashboardReport["revenueTrend"][number];

/** What the drawing needs beside the months. */
export interface RevenueChartInput {
  readonly months: readonly Month[];
  /** The month of the report, labelled. */
  readonly month: string;
  readonly currency: string;
  readonly locale: Locale;
  readonly f: Formatters;
  readonly t: (key: TextKey) => string;
}

/** Revenue and expenses as pairs of bars from zero, profit in a strip of its own below; a month that is not over is hatched. */
export function revenueOption(theme: ChartTheme, input: RevenueChartInput): EChartsCoreOption {
  const { months, currency, locale, f } = input;
  const labels = months.map(({ month }, index) => f.monthAxis(month, index === 0 || month.endsWith("-01")) + (months[index]?.partial === true ? "*" : ""));
  const profits = months.map(({ profitMinor }) => profitMinor);
  const worst = Math.min(0, ...profits);
  const best = Math.max(0, ...profits);
  const [left, right] = [46, 10];
  return {
    textStyle: { fontFamily: theme.fontFamily },
    grid: [
      { left, right, top: 16, bottom: theme.narrow ? 92 : 106 },
      { left, right, height: theme.narrow ? 34 : 46, bottom: 22 },
    ],
    xAxis: [monthAxis(theme, labels, 0, false), { ...monthAxis(theme, labels, 1), axisLine: { onZero: true, lineStyle: { color: theme.color("chart-axis") } } }],
    yAxis: [
      moneyAxis(theme, locale, currency, months.flatMap(({ revenueMinor, expensesMinor }) => [revenueMinor, expensesMinor]), 3),
      { type: "value", gridIndex: 1, min: worst, max: best === worst ? 1 : best, axisLabel: { show: false }, splitLine: { show: false } },
    ],
    tooltip: { ...tipFrame, axisPointer: { type: "shadow", shadowStyle: { color: theme.color("chart-actual-area") } }, formatter: (params: unknown) => tip(input, tipIndex(params)) },
    series: [bars(theme, input, "revenueMinor"), bars(theme, input, "expensesMinor"), profitBars(theme, input)],
  };
}

/** Name of the scale the labels above the revenue bars, or of the profit strip, are written in. */
export function scaleName(locale: Locale, currency: string, values: readonly number[]): string {
  return moneyScale(locale, currency, topOf(values)).name;
}

function topOf(values: readonly number[]): number {
  return Math.max(0, ...values.map(Math.abs));
}

function bars(theme: ChartTheme, { months, month, currency, locale }: RevenueChartInput, field: "revenueMinor" | "expensesMinor") {
  const revenue = field === "revenueMinor";
  const fill = theme.color(revenue ? "chart-in" : "chart-out");
  const edge = theme.color(revenue ? "chart-in" : "chart-out-edge");
  const scale = moneyScale(locale, currency, topOf(months.map((entry) => Math.max(entry.revenueMinor, entry.expensesMinor))));
  const hatch = { color: fill === edge ? theme.color("surface") : edge, dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: -Math.PI / 4 };
  return {
    type: "bar",
    xAxisIndex: 0,
    yAxisIndex: 0,
    barMaxWidth: 13,
    barGap: "8%",
    barCategoryGap: "24%",
    cursor: "pointer",
    data: months.map((entry) => ({
      value: entry[field],
      itemStyle: { color: fill, borderColor: edge, borderWidth: revenue ? 0 : 0.75, borderRadius: [1, 1, 0, 0], ...(entry.partial ? { decal: hatch } : {}) },
      label: {
        show: revenue && entry.month === month,
        position: "top",
        formatter: scale.label(entry[field]),
        ...axisText(theme),
        ...halo(theme),
        color: theme.color("brand"),
        fontWeight: 600,
      },
    })),
  };
}

function profitBars(theme: ChartTheme, { months, month, currency, locale }: RevenueChartInput) {
  const scale = moneyScale(locale, currency, topOf(months.map(({ profitMinor }) => profitMinor)));
  const labelled = labelledProfits(months, month);
  return {
    type: "bar",
    xAxisIndex: 1,
    yAxisIndex: 1,
    barMaxWidth: 22,
    barCategoryGap: "24%",
    cursor: "pointer",
    data: months.map(({ month: name, profitMinor, partial }) => ({
      value: profitMinor,
      itemStyle: { color: theme.color(profitMinor < 0 ? "negative-mark" : "positive-mark"), opacity: partial ? 0.5 : 1 },
      label: {
        show: labelled.has(name) && !(theme.narrow && name !== month),
        // The top of a loss is the zero line: below it stand the names of the months.
        position: "top",
        distance: 2,
        formatter: scale.label(profitMinor),
        ...axisText(theme),
        ...halo(theme),
        ...(name === month ? { color: theme.color("text"), fontWeight: 600 } : {}),
      },
    })),
  };
}

/** Keeps a label legible over bars and lines. */
function halo(theme: ChartTheme) {
  return { textBorderColor: theme.color("surface"), textBorderWidth: 4 };
}

/** The reported month, the best and the worst one, unless they would touch. */
function labelledProfits(months: readonly Month[], month: string): ReadonlySet<string> {
  const labelled = new Set([month]);
  const taken = new Set(months.flatMap((entry, index) => (entry.month === month ? [index - 1, index, index + 1] : [])));
  const order = months.map((_, index) => index).toSorted((a, b) => (months[b]?.profitMinor ?? 0) - (months[a]?.profitMinor ?? 0));
  for (const index of [order[0], order.at(-1)]) {
    const entry = index === undefined ? undefined : months[index];
    if (entry === undefined || index === undefined || taken.has(index)) continue;
    labelled.add(entry.month);
    for (const near of [index - 1, index, index + 1]) taken.add(near);
  }
  return labelled;
}

function tip({ months, currency, f, t }: RevenueChartInput, index: number): HTMLElement | string {
  const entry = months[index];
  if (entry === undefined) return "";
  const ratio = marginRatio(entry.profitMinor, entry.revenueMinor);
  const margin = ratio === undefined ? [] : [{ name: t("kpi.margin"), value: f.percent(ratio, 1) }];
  return tipElement(f.month(entry.month), [
    { name: t("kpi.revenue"), value: f.money(entry.revenueMinor, currency) },
    { name: t("kpi.expenses"), value: f.money(-entry.expensesMinor, currency) },
    { name: t("kpi.profit"), value: f.money(entry.profitMinor, currency), sum: true },
    ...margin,
  ]);
}
