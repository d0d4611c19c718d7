import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { type Bench, type Figure, shown } from "../../../deploy/bench/bench.ts";
import { forecastDataset, scoreDataset, type DatasetScores, type ForecastDataset } from "./forecast-dataset.ts";

const method = z.object({
  smape: z.number(),
  mase: z.number(),
  cov80: z.number(),
  cov95: z.number(),
  msis80: z.number(),
  msis95: z.number(),
});
const reference = z.object({ n_series: z.int(), methods: z.object({ "R-ets": method }) });
const references = z.object({ dev_h6: reference, dev_h18: reference });

/**
 * Scores forecasts of monthly business series (M3 and M1 competitions) 6 and 18 months ahead, beside R's `forecast::ets` on the
 * same first 408 series, and on all of them without a reference.
 */
const evaluation: Bench = async (context) => {
  const folder = path.join(context.repository, "..", "shared", "data", "forecast");
  const file = path.join(folder, "m3-business-dev.json.gz");
  if (!existsSync(file)) throw new Error(`The series to score are not there: ${file}`);
  const dataset = forecastDataset.parse(JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")));
  const known = references.parse(JSON.parse(readFileSync(path.join(folder, "reference.json"), "utf8")));
  const figures: Figure[] = [];
  for (const [horizon, { n_series: count, methods }] of [[6, known.dev_h6], [18, known.dev_h18]] as const) {
    const ets = methods["R-ets"];
    for (const [part, beside] of [[dataset.slice(0, count), ets], [dataset, undefined]] as const) {
      context.note(`${part.length} series, ${horizon} months ahead`);
      figures.push(...measured(part, horizon, beside, () => context.now()));
    }
  }
  return figures;
};

function measured(part: ForecastDataset, horizon: number, beside: z.infer<typeof method> | undefined, now: () => number): Figure[] {
  const startedAt = now();
  const scores = scoreDataset(part, horizon);
  const perSeriesMs = (now() - startedAt) / part.length;
  const label = (name: string) => `${name}, ${horizon} months, ${part.length} series`;
  return [
    ...scoreFigures(scores, label, beside),
    shown(label("accuracy of the total, mean"), scores.totalAccuracy, "%"),
    shown(label("time a series with intervals and back-test"), perSeriesMs, "ms"),
  ];
}

function scoreFigures(scores: DatasetScores, label: (name: string) => string, beside: z.infer<typeof method> | undefined): Figure[] {
  return [
    shown(label("sMAPE"), scores.sMape, "%", beside?.smape ?? null),
    shown(label("MASE"), scores.mase, "", beside?.mase ?? null),
    shown(label("coverage of 80%"), scores.coverage80, "", beside?.cov80 ?? null),
    shown(label("coverage of 95%"), scores.coverage95, "", beside?.cov95 ?? null),
    shown(label("MSIS 80"), scores.msis80, "", beside?.msis80 ?? null),
    shown(label("MSIS 95"), scores.msis95, "", beside?.msis95 ?? null),
  ];
}

export default evaluation;
