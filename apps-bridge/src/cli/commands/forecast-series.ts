import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { forecastSeries, historyPointsMin, seriesStart, valueAbsMax } from "@saldo/client-core/forecast";
import { SaldoError } from "@saldo/schema";
import { z } from "zod";
import type { Progress } from "../progress.ts";
import { printJson, tableText, type Terminal } from "../terminal.ts";
import { inputFileBytesMax, readInputFile } from "./input-file.ts";

const monthsInSeason = 12;

const seriesFile = z.array(z.object({ id: z.string(), start: seriesStart, train: z.array(z.number().min(-valueAbsMax).max(valueAbsMax)) })).min(1);

/**
 * Forecasts monthly series of a JSON file `[{id, train, start?: [year, month]}]`, plain or gzipped: means, 80% and 95% intervals, the methods used and the error the
 * same methods made on the past. A series that is too short tells so and has no means. Throws `SaldoError` `forecast.series_unreadable`.
 */
export async function forecastSeriesFile(
  terminal: Terminal,
  progress: Progress,
  path: string,
  { horizon, json, signal }: { readonly horizon: number; readonly json: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const series = await readSeries(terminal, path);
  const results = [];
  for (const [index, { id, start, train }] of series.entries()) {
    if (signal.aborted) throw new SaldoError("cli.interrupted");
    const outcome = forecastSeries(train, { period: monthsInSeason, horizon, ...(start === undefined ? {} : { firstMonth: start }) });
    results.push(outcome.ok ? { id, ...outcome.result } : { id, outcome: outcome.code, pointsHave: outcome.pointsHave, pointsNeed: outcome.pointsNeed });
    progress.update("Forecasting", index + 1, series.length);
    // Ctrl-C is heard between two series.
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
  progress.end();
  if (json) return printJson(terminal, results);
  for (const result of results) {
    if ("outcome" in result) {
      terminal.stdout.write(`${result.id}: ${result.pointsHave} values, ${historyPointsMin} are needed\n`);
      continue;
    }
    const { mean, lo80, hi80, lo95, hi95 } = result;
    const rows = mean.map((value, step) => [`+${step + 1}`, ...[value, lo80[step], hi80[step], lo95[step], hi95[step]].map((end) => shown(end ?? value))]);
    const accuracy = result.backtest?.total.accuracyPercent ?? null;
    const tested = accuracy === null ? "no back-test" : `accuracy of the total on the past ${accuracy.toFixed(1)}%`;
    terminal.stdout.write(`${result.id}: ${result.model.name}; ${tested}\n${tableText([["month", "mean", "80% from", "to", "95% from", "to"], ...rows], [1, 2, 3, 4, 5])}`);
  }
}

async function readSeries(terminal: Terminal, path: string): Promise<z.infer<typeof seriesFile>> {
  const { bytes } = await readInputFile(terminal, path);
  try {
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? await promisify(gunzip)(bytes, { maxOutputLength: inputFileBytesMax }) : bytes;
    return seriesFile.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain)));
  } catch (cause) {
    throw new SaldoError("forecast.series_unreadable", {}, { cause });
  }
}

/** Six significant digits are more than any forecast knows. */
function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}
