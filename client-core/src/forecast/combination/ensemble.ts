import type { Month } from "@saldo/schema";
import { driftingSeason, fadingSeason, noSeason, returningSeason } from "../arima/families.ts";
import { exponentialSmoothing, isExactPattern } from "../ets/ets.ts";
import type { FittedModel, ForecastModel, PredictiveSteps } from "../forecast-model.ts";
import { adjust, type Adjusted } from "../gaussian-process/adjustment.ts";
import { gaussianProcess, rateKernels } from "../gaussian-process/gaussian-process.ts";
import type { Kernel } from "../gaussian-process/kernels.ts";
import { theta } from "../theta.ts";
import { workingDays } from "../working-days.ts";
import { averageOf } from "./average.ts";
import { drawTowardsBlocks, fitBlocks, moveBlocks, type BlockModel } from "./blocks.ts";

/** {@link ensembleFrom} of a series whose months are not known. */
export const ensemble: ForecastModel = ensembleFrom(undefined);

/**
 * What Saldo forecasts with: the mean of exponential smoothing, three families of seasonal ARIMA, Theta and Gaussian processes, on logarithms where the
 * values allow it, drawn towards forecasts of two-month and half-year totals. Outliers are brought in first and, where the month of the first value is known, the effect of
 * working days is taken out and put back. A series that follows a pattern without error is continued by that pattern alone.
 */
export function ensembleFrom(firstMonth: Month | undefined): ForecastModel {
  return {
    id: "ensemble",
    fit(values, period) {
      if (isExactPattern(values, period)) {
        const exact = exponentialSmoothing.fit(values, period);
        if (exact?.standardisedErrors.every((error) => error === 0) === true) return exact;
      }
      const scale = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      const view = viewOf(values, period, scale, firstMonth);
      const working = view.see(values);
      const members = membersFor(values.length, period).flatMap((model) => model.fit(working.values, period) ?? []);
      if (members.length === 0) return undefined;
      const blocks = view.logarithmic ? blockLengths(period).flatMap((length) => fitBlocks(working.values.map(Math.exp), period, length) ?? []) : [];
      return ensembleOf({ average: averageOf(members), blocks, view, working, count: values.length });
    },
  };
}

/** How the methods see a series: scaled, on logarithms or not, adjusted or not. */
interface View {
  readonly scale: number;
  readonly logarithmic: boolean;
  see(values: readonly number[]): Adjusted;
  /** The calendar of months after the first `count`. */
  calendarAhead(count: number, horizon: number): Float64Array | undefined;
}

function viewOf(values: readonly number[], period: number, scale: number, firstMonth: Month | undefined): View {
  const logarithmic = allowsLogs(values, scale);
  const working = toWorking(values, scale, logarithmic);
  const [best] = logarithmic && isSeasonalLength(values.length, period) ? rateKernels(working, period) : [];
  const calendar = period === monthsInYear ? firstMonth : undefined;
  return {
    scale,
    logarithmic,
    see: (other) => seen(toWorking(other, scale, logarithmic), period, best?.kernel, calendar),
    calendarAhead: (count, horizon) => (calendar === undefined ? undefined : workingDays(calendar, count + horizon).slice(count)),
  };
}

/** Only logarithms are adjusted: where zeros or signs mix, a rare large value may be all there is to know. */
function seen(working: readonly number[], period: number, kernel: Kernel | undefined, calendar: Month | undefined): Adjusted {
  if (kernel === undefined) return { values: working, calendarEffect: 0 };
  return adjust(working, kernel, period, calendar === undefined ? undefined : workingDays(calendar, working.length));
}

/** Logarithms need values that are positive and no outlier downwards: a single near-zero month would rule the rest. */
const smallestShare = 0.02;

function allowsLogs(values: readonly number[], scale: number): boolean {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return scale > 0 && values.every((value) => value > smallestShare * middle);
}

function toWorking(values: readonly number[], scale: number, logarithmic: boolean): number[] {
  return values.map((value) => (logarithmic ? Math.log(value / scale) : value / scale));
}

/** Methods a history of this many values feeds. */
function membersFor(count: number, period: number): readonly ForecastModel[] {
  if (isSeasonalLength(count, period)) return [exponentialSmoothing, returningSeason, fadingSeason, driftingSeason, theta, gaussianProcess];
  return count >= shortMin ? [exponentialSmoothing, noSeason, theta] : [exponentialSmoothing];
}

function isSeasonalLength(count: number, period: number): boolean {
  return count >= seasonalPeriodsMin * period && period > 1;
}

const monthsInYear = 12;
const seasonalPeriodsMin = 2.5;
const shortMin = 12;

/** Two months and half a year, for a period of twelve. */
function blockLengths(period: number): readonly number[] {
  return period === monthsInYear ? [2, 6] : [];
}

interface Parts {
  readonly average: FittedModel;
  readonly blocks: readonly BlockModel[];
  readonly view: View;
  readonly working: Adjusted;
  readonly count: number;
}

function ensembleOf({ average, blocks, view, working, count }: Parts): FittedModel {
  const { scale, logarithmic } = view;
  return {
    name: average.name,
    parameters: average.parameters,
    aicc: average.aicc,
    degreesOfFreedom: average.degreesOfFreedom,
    standardisedErrors: average.standardisedErrors,
    shape: logarithmic ? "skewed" : "normal",
    predict(horizon) {
      const reach = blocks.reduce((steps, { length }) => Math.max(steps, Math.ceil(horizon / length) * length), horizon);
      const plain = average.predict(reach);
      const steps = logarithmic ? fromLogs(plain, blocks) : plain;
      const calendar = working.calendarEffect === 0 ? undefined : view.calendarAhead(count, horizon);
      const shown = (row: readonly number[]) =>
        row.slice(0, horizon).map((value, step) => value * scale * (calendar === undefined ? 1 : Math.exp(working.calendarEffect * (calendar[step] ?? 0))));
      return { mean: shown(steps.mean), standardDeviation: shown(steps.standardDeviation) };
    },
    withValues(values) {
      if (logarithmic && values.some((value) => !(value > 0))) return undefined;
      const other = view.see(values);
      const moved = average.withValues(other.values);
      if (moved === undefined) return undefined;
      const movedBlocks = logarithmic ? blocks.flatMap((block) => moveBlocks(block, other.values.map(Math.exp)) ?? []) : [];
      return ensembleOf({ average: moved, blocks: movedBlocks, view, working: other, count: values.length });
    },
  };
}

/** Logarithms reach at most this far above the largest value of the history: a factor of e³. */
const logMax = 3;

/** Back from logarithms: medians, drawn towards the totals of blocks, and deviations relative to them. */
function fromLogs({ mean, standardDeviation }: PredictiveSteps, blocks: readonly BlockModel[]): PredictiveSteps {
  const medians = mean.map((value) => Math.exp(Math.min(logMax, value)));
  const drawn = blocks.reduce((means, block) => drawTowardsBlocks(block, means), medians);
  return { mean: drawn, standardDeviation: drawn.map((value, step) => value * (standardDeviation[step] ?? 0)) };
}
