import { axisLabels } from "../../format/axis.ts";
import type { Locale } from "../../format/locale.ts";
import { axisScale } from "./axis-scale.ts";
import type { ChartTheme } from "./theme.ts";

/** A value axis in money: round steps from zero, the unit on the top label only. Values are minor units. */
export function moneyAxis(theme: ChartTheme, locale: Locale, currency: string, values: readonly number[], lines: number, gridIndex = 0) {
  const scale = axisScale(values, lines);
  return {
    type: "value",
    gridIndex,
    ...scale,
    axisLabel: { ...axisText(theme), formatter: axisLabels(locale, currency, scale.max > 0 ? scale.max : scale.min, scale.interval) },
    splitLine: { lineStyle: { color: theme.color("chart-grid") } },
    axisLine: { show: false },
    axisTick: { show: false },
  } as const;
}

/** Type of the labels of an axis. */
export function axisText(theme: ChartTheme) {
  return { color: theme.color("chart-label"), fontFamily: theme.fontFamily, fontSize: 11 } as const;
}

/** A time axis of months. */
export function monthAxis(theme: ChartTheme, labels: readonly string[], gridIndex = 0, showLabels = true) {
  return {
    type: "category",
    gridIndex,
    data: [...labels],
    axisLabel: { ...axisText(theme), show: showLabels, interval: "auto" },
    axisLine: { lineStyle: { color: theme.color("chart-axis") }, onZero: true },
    axisTick: { show: false },
  } as const;
}
