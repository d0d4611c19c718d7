import { sarima } from "../arima/sarima.ts";
import { exponentialSmoothing } from "../ets/ets.ts";
import type { FittedModel, ForecastModel } from "../forecast-model.ts";
import { averageOf } from "./average.ts";

/**
 * Temporal aggregation (Kourentzes, Petropoulos & Trapero 2014; Athanasopoulos et al. 2017): totals of blocks of months hide what is noise
 * within them and show the level and trend better. Forecasts of the totals draw the monthly forecasts towards themselves.
 */

/** Fewest blocks a forecast of totals is made from. */
const blocksMin = 5;
/** Share of the way, in logs, that a block's months are moved towards the forecast of its total. */
const pull = 0.2;

const blockArima = sarima({
  id: "arima-blocks",
  periodsMin: 2,
  forms: [{ p: 0, d: 1, q: 1, seasonalP: 1, seasonalD: 0, seasonalQ: 1, constant: false }],
});

/** Forecasts of the totals of blocks of `length` values, fitted once. */
export interface BlockModel {
  readonly length: number;
  readonly fitted: FittedModel;
}

/** Fits the totals of blocks that end with the last value; undefined when there are too few or one is not positive. */
export function fitBlocks(values: readonly number[], period: number, length: number): BlockModel | undefined {
  const totals = logTotals(values, length);
  if (totals === undefined || totals.length < blocksMin) return undefined;
  const members = [exponentialSmoothing, blockArima].flatMap((model: ForecastModel) => model.fit(totals, period / length) ?? []);
  return members.length === 0 ? undefined : { length, fitted: averageOf(members) };
}

/** The same model with the totals of another stretch. */
export function moveBlocks({ length, fitted }: BlockModel, values: readonly number[]): BlockModel | undefined {
  const totals = logTotals(values, length);
  const moved = totals && fitted.withValues(totals);
  return moved && { length, fitted: moved };
}

/** Monthly forecasts drawn towards the forecast totals; `means` are positive and cover whole blocks. */
export function drawTowardsBlocks({ length, fitted }: BlockModel, means: readonly number[]): number[] {
  const totals = fitted.predict(Math.ceil(means.length / length)).mean;
  return means.map((value, step) => {
    const block = Math.floor(step / length);
    const sum = means.slice(block * length, (block + 1) * length).reduce((total, each) => total + each, 0);
    const gap = (totals[block] ?? 0) - Math.log(sum);
    return sum > 0 && Number.isFinite(gap) ? value * Math.exp(pull * gap) : value;
  });
}

function logTotals(values: readonly number[], length: number): number[] | undefined {
  const count = Math.floor(values.length / length);
  const from = values.length - count * length;
  const totals = Array.from({ length: count }, (_, block) => {
    const start = from + block * length;
    return values.slice(start, start + length).reduce((sum, value) => sum + value, 0);
  });
  return totals.every((total) => total > 0) ? totals.map(Math.log) : undefined;
}
