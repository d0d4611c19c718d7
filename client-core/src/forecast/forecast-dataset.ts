import { z } from "zod";
import { coverage, mean, sMapePercent, scaledError, scaledIntervalScore, seasonalNaiveScale, totalAccuracyPercent, type Interval } from "./scores.ts";
import { seriesStart } from "./series-start.ts";
import { forecastSeries } from "./series-forecast.ts";

const monthsInSeason = 12;
/** A set of series with what came after each. */
export const forecastDataset = z.array(z.object({ id: z.string(), start: seriesStart, train: z.array(z.number()), test: z.array(z.number()) }));

/** See {@link forecastDataset}. */
export type ForecastDataset = z.infer<typeof forecastDataset>;

/** Scores as the M competitions average them: over the horizon, then over series. Coverage 0–1, percentages on their usual scale. */
export interface DatasetScores {
  readonly series: number;
  readonly horizon: number;
  readonly sMape: number;
  readonly mase: number;
  readonly coverage80: number;
  readonly coverage95: number;
  readonly msis80: number;
  readonly msis95: number;
  /** Mean accuracy of the total of the horizon. */
  readonly totalAccuracy: number;
}

/** Forecasts every series of a set and scores the first `horizon` values of what came. Throws when a series is too short to forecast. */
export function scoreDataset(dataset: ForecastDataset, horizon: number): DatasetScores {
  const scores = dataset.map(({ id, start, train, test }) => {
    const outcome = forecastSeries(train, { period: monthsInSeason, horizon, ...(start === undefined ? {} : { firstMonth: start }) });
    if (!outcome.ok) throw new RangeError(`series ${id} is too short to forecast`);
    const { mean: means, lo80, hi80, lo95, hi95 } = outcome.result;
    const actual = test.slice(0, horizon);
    const scale = seasonalNaiveScale(train, monthsInSeason);
    const in80 = intervals(lo80, hi80);
    const in95 = intervals(lo95, hi95);
    return {
      sMape: sMapePercent(actual, means),
      mase: scaledError(actual, means, scale),
      coverage80: coverage(actual, in80),
      coverage95: coverage(actual, in95),
      msis80: scaledIntervalScore(actual, in80, 0.2, scale),
      msis95: scaledIntervalScore(actual, in95, 0.05, scale),
      totalAccuracy: totalAccuracyPercent(actual, means) ?? 0,
    };
  });
  const average = (of: (score: (typeof scores)[number]) => number) => mean(scores.map(of));
  return {
    series: scores.length,
    horizon,
    sMape: average((score) => score.sMape),
    mase: average((score) => score.mase),
    coverage80: average((score) => score.coverage80),
    coverage95: average((score) => score.coverage95),
    msis80: average((score) => score.msis80),
    msis95: average((score) => score.msis95),
    totalAccuracy: average((score) => score.totalAccuracy),
  };
}

function intervals(lo: readonly number[], hi: readonly number[]): Interval[] {
  return lo.map((end, step) => ({ lo: end, hi: hi[step] ?? end }));
}
