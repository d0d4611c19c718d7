import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { atLeast, atMost, type Bench, type BenchContext, type BenchOptions, type Figure, shown } from "../../../deploy/bench/bench.ts";
import { forecastDataset, scoreDataset, type DatasetScores, type ForecastDataset } from "./forecast-dataset.ts";

const method = z.object({
  smape: z.number(),
  mase: z.number(),
  cov80: z.number(),
  cov95: z.number(),
  msis80: z.number(),
  msis95: z.number(),
});
const reference = z.object({ n_series: z.int(), methods: z.object({ "R-comb(ARIMA+ETS+Theta)": method }) });
const references = z.object({ dev_h6: reference, dev_h18: reference });

/** What it takes on the command line. */
export const options: BenchOptions = {
  data: { type: "string", help: "series to score, JSON [{id, start, train, test}], plain or gzipped; without it those of the M3 and M1 competitions in ../shared/data" },
  held: { type: "boolean", help: "only the figures that are held to bounds: six months ahead of the series with a reference" },
};

/**
 * Scores forecasts of monthly business series 6 and 18 months ahead: of the M3 and M1 competitions beside the mean of R's `auto.arima`, `ets` and `thetaf` on
 * the same first 408 series, and on all; or of a file of one's own.
 */
const evaluation: Bench = async (context) => {
  const { data, held } = context.options;
  if (typeof data === "string") return horizons.flatMap((horizon) => scored(context, readDataset(data), horizon));
  const folder = path.join(context.repository, "..", "shared", "data", "forecast");
  const dataset = readDataset(path.join(folder, "m3-business-dev.json.gz"));
  const known = references.parse(JSON.parse(readFileSync(path.join(folder, "reference.json"), "utf8")));
  return (held === true ? [6 as const] : horizons).flatMap((horizon) => {
    const { n_series: count, methods } = horizon === 6 ? known.dev_h6 : known.dev_h18;
    const beside = scored(context, dataset.slice(0, count), horizon, methods["R-comb(ARIMA+ETS+Theta)"]);
    return held === true ? beside : [...beside, ...scored(context, dataset, horizon)];
  });
};

const horizons = [6, 18] as const;
type Horizon = (typeof horizons)[number];

function readDataset(file: string): ForecastDataset {
  if (!existsSync(file)) throw new Error(`The series to score are not there: ${file}`);
  const bytes = readFileSync(file);
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  return forecastDataset.parse(JSON.parse(plain.toString("utf8")));
}

function scored(context: BenchContext, part: ForecastDataset, horizon: Horizon, beside?: z.infer<typeof method>): Figure[] {
  context.note(`${part.length} series, ${horizon} months ahead`);
  const startedAt = context.now();
  const scores = scoreDataset(part, horizon);
  const perSeriesMs = (context.now() - startedAt) / part.length;
  const label = (name: string) => `${name}, ${horizon} months, ${part.length} series`;
  return [
    ...scoreFigures(scores, label, beside),
    shown(label("time a series with intervals and back-test"), perSeriesMs, "ms"),
  ];
}

/** The bounds are for six months ahead of the series with a reference. */
function scoreFigures(scores: DatasetScores, label: (name: string) => string, beside: z.infer<typeof method> | undefined): Figure[] {
  const isHeld = beside !== undefined && scores.horizon === 6;
  const least = (name: string, value: number, unit: string, bound: number, other: number | null) =>
    isHeld ? atMost(label(name), value, unit, bound, other) : shown(label(name), value, unit, other);
  const total = label("accuracy of the total, mean");
  return [
    least("sMAPE", scores.sMape, "%", 11.45, beside?.smape ?? null),
    least("MASE", scores.mase, "", 0.66, beside?.mase ?? null),
    within(label("coverage of 80%"), scores.coverage80, isHeld ? [0.78, 0.82] : undefined, beside?.cov80 ?? null),
    within(label("coverage of 95%"), scores.coverage95, isHeld ? [0.94, 0.96] : undefined, beside?.cov95 ?? null),
    shown(label("MSIS 80"), scores.msis80, "", beside?.msis80 ?? null),
    least("MSIS 95", scores.msis95, "", 4.6, beside?.msis95 ?? null),
    isHeld ? atLeast(total, scores.totalAccuracy, "%", 92.5) : shown(total, scores.totalAccuracy, "%"),
  ];
}

function within(name: string, value: number, range: readonly [number, number] | undefined, other: number | null): Figure {
  if (range === undefined) return shown(name, value, "", other);
  return { name, value, unit: "", reference: other, hold: `${range[0]} to ${range[1]}`, ok: value >= range[0] && value <= range[1] };
}

export default evaluation;
