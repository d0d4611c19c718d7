import { addMonths, minor } from "@saldo/schema";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { type Bench, type BenchContext, type BenchOptions, type Figure, shown } from "../../../../deploy/bench/bench.ts";
import { forecastDataset } from "../forecast-dataset.ts";
import { mean, totalAccuracyPercent } from "../scores.ts";
import { forecastBusiness } from "./business-forecast.ts";
import { generatedBusiness } from "./generated-business.ts";
import type { BusinessMonth, BusinessRequest } from "./model.ts";
import type { Reconciliation } from "./reconcile-forecasts.ts";

/** What it takes on the command line. */
export const options: BenchOptions = {
  books: { type: "string", help: "how many generated books, 60 unless given" },
  from: { type: "string", help: "seed of the first of them, 1 unless given" },
  way: { type: "string", help: "bottom_up, min_trace (what Saldo does) or top_down; all of them unless given" },
};

const horizon = 6;
const measures = ["revenue", "expenses", "net"] as const;
const ways: readonly Reconciliation[] = ["bottom_up", "min_trace", "top_down"];
/** Series put together to one business: revenue and this many categories less one. */
const seriesOfBusiness = 8;

/** A business with what came after. */
interface Trial {
  readonly request: BusinessRequest;
  readonly future: readonly BusinessMonth[];
}

/** Scores forecasts of whole businesses six months ahead, by each way of bringing categories in line with their total: generated books, and books put together of competition series. */
const evaluation: Bench = (context) => {
  const { books, from, way: only } = context.options;
  const first = Number(from ?? 1);
  const generated = Array.from({ length: Number(books ?? 60) }, (_, index) => generatedTrial(first + index));
  const composed = composedTrials(context);
  return Promise.resolve(ways.filter((way) => only === undefined || way === only).flatMap((way) => [...scored(context, "generated", generated, way), ...scored(context, "M3 and M1", composed, way)]));
};

function generatedTrial(seed: number): Trial {
  const known = 18 + ((seed * 7) % 43);
  const { rows, months, categories } = generatedBusiness(seed, known + horizon);
  return { request: { ...empty, months: months.slice(0, known), categories, rows }, future: months.slice(known) };
}

const empty = { currency: "EUR", horizonMonths: horizon, categories: new Map<string, { name: string; slot: number }>(), rows: [], planned: [], cash: null };

/** Revenue of one series, expenses of seven others, each brought to a plausible size; none when the data are absent. */
function composedTrials(context: BenchContext): Trial[] {
  const file = path.join(context.repository, "..", "shared", "data", "forecast", "m3-business-dev.json.gz");
  if (!existsSync(file)) {
    context.note(`The competition series are not there: ${file}`);
    return [];
  }
  const series = forecastDataset.parse(JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")));
  return Array.from({ length: Math.floor(series.length / seriesOfBusiness) }, (_, index) => {
    const parts = series.slice(index * seriesOfBusiness, (index + 1) * seriesOfBusiness);
    const length = Math.min(...parts.map(({ train }) => train.length));
    const rows = parts.map(({ train, test }, at) => {
      const whole = [...train.slice(-length), ...test.slice(0, horizon)];
      const scale = (at === 0 ? 10_000_000 : 1_200_000) / mean(train.slice(-length));
      return whole.map((value) => minor(Math.max(0, Math.round(value * scale))));
    });
    const months = Array.from({ length: length + horizon }, (_unused, at): BusinessMonth => ({
      month: addMonths("2000-01", at),
      revenueMinor: rows[0]?.[at] ?? minor(0),
      expensesMinor: new Map(rows.slice(1).map((row, category) => [`c${category}`, row[at] ?? minor(0)])),
    }));
    return { request: { ...empty, months: months.slice(0, length) }, future: months.slice(length) };
  });
}

function scored(context: BenchContext, name: string, trials: readonly Trial[], way: Reconciliation): Figure[] {
  if (trials.length === 0) return [];
  context.note(`${trials.length} books, ${name}, ${way}`);
  const results = trials.map((trial) => ({ trial, points: pointsOf(trial, way) }));
  return measures.flatMap((measure) => {
    const pairs = results.flatMap(({ trial, points }) => points.map((point, step) => ({ range: point[measure], came: cameAt(trial.future[step], measure) })));
    const inside = (low: "lo80" | "lo95", high: "hi80" | "hi95") => mean(pairs.map(({ range, came }) => (came >= range[low] && came <= range[high] ? 1 : 0)));
    const accuracy = results.flatMap(({ trial, points }) => totalAccuracyPercent(points.map((_, step) => cameAt(trial.future[step], measure)), points.map((point) => point[measure].mean)) ?? []);
    const label = (figure: string) => `${figure} of ${measure}, ${name}, ${way}`;
    return [shown(label("coverage 80"), inside("lo80", "hi80"), ""), shown(label("coverage 95"), inside("lo95", "hi95"), ""), shown(label("accuracy of the total"), mean(accuracy), "%")];
  });
}

function pointsOf({ request }: Trial, way: Reconciliation) {
  const steps = forecastBusiness(request, way);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done !== true) continue;
    if (step.value.outcome !== "ok") throw new Error("too few months");
    return step.value.points;
  }
}

function cameAt(month: BusinessMonth | undefined, measure: (typeof measures)[number]): number {
  const revenue = month?.revenueMinor ?? 0;
  const expenses = [...(month?.expensesMinor.values() ?? [])].reduce<number>((sum, amount) => sum + amount, 0);
  return measure === "revenue" ? revenue : measure === "expenses" ? expenses : revenue - expenses;
}

export default evaluation;
