import { readScenarios, scenarioOf, tryChanges, type SavedScenario, type ScenarioName } from "@saldo/client-core/forecast";
import type { SqlReader } from "@saldo/client-core/store";
import { SaldoError, type BusinessForecast } from "@saldo/schema";
import { forecastMaker, latestForecast, readForecastSources, type Latest } from "../../core/latest-forecast.ts";
import type { Progress } from "../progress.ts";
import { withBooks } from "../store-folder.ts";
import { forecastText } from "../reports/forecast-text.ts";
import { forecastWords } from "../reports/forecast-words.ts";
import { printJson, type Terminal } from "../terminal.ts";
import type { StoreOptions } from "./books-commands.ts";
import { isSameName } from "./same-name.ts";
import { parseWhatIf } from "./what-if.ts";

/** How to forecast a store. */
export interface StoreForecastOptions extends StoreOptions {
  readonly horizonMonths: number;
  readonly scenario: ScenarioName;
  /** Changes to try, as written on the command line. */
  readonly whatIf: readonly string[];
  /** Name of a saved scenario whose changes are tried first. */
  readonly saved?: string;
  readonly signal: AbortSignal;
}

type ForecastingOptions = Pick<StoreForecastOptions, "horizonMonths" | "signal">;
type Books = Parameters<Parameters<typeof withBooks>[2]>[0];

/**
 * Prints the forecast of a store, the cloud's newest while it is current, else this device's own; in a scenario and after changes to try. Throws `SaldoError`
 * `cli.wrong_usage`, `cli.scenario_missing`, `cli.interrupted`.
 */
export async function forecastStore(terminal: Terminal, progress: Progress, options: StoreForecastOptions): Promise<void> {
  await withBooks(options.store, { create: false, fresh: options.fresh }, async (books) => {
    const { workspaceId } = await books.recordContext();
    const latest = await latestOf(books, progress, options);
    const { locale } = options.fresh;
    const words = forecastWords[locale];
    if (latest === null) return options.json ? printJson(terminal, null) : void terminal.stdout.write(`${words.noRows}\n`);
    const { report } = latest;
    if (report.outcome === "not_enough_data" || report.version === 1) {
      if (options.json || report.outcome === "ok") return printJson(terminal, latest);
      return void terminal.stdout.write(`${words.needsMonths(report.monthsNeed, report.monthsHave)}\n`);
    }
    const saved = options.saved === undefined ? undefined : await savedNamed(books.database, workspaceId, options.saved);
    const changes = options.whatIf.map((text) => parseWhatIf(text, report));
    const kept = tryChanges(report, saved?.changes ?? [], saved?.currency);
    const changed = tryChanges(kept.report, changes).report;
    const scenario = scenarioOf(changed, options.scenario);
    if (options.json) return printJson(terminal, { ...latest, report: changed, whatIf: [...(saved?.changes ?? []), ...changes], leftOut: kept.leftOut, scenario });
    if (kept.leftOut > 0) terminal.stderr.write(`${words.leftOut(kept.leftOut)}\n`);
    terminal.stdout.write(forecastText(changed, scenario, { computedBy: latest.computedBy, locale }));
  });
}

/** The forecast of a store with categories; null while there is none. Throws `SaldoError` `cli.interrupted`. */
export async function businessForecastOf(books: Books, progress: Progress, options: ForecastingOptions): Promise<BusinessForecast | null> {
  const report = (await latestOf(books, progress, options))?.report;
  return report?.outcome === "ok" && report.version === 2 ? report : null;
}

async function latestOf(books: Books, progress: Progress, { horizonMonths, signal }: ForecastingOptions): Promise<Latest | null> {
  const { workspaceId } = await books.recordContext();
  const sources = await books.database.snapshot((reader) => readForecastSources(reader, { workspaceId, today: books.today(), horizonMonths }));
  const latest = await interruptible(signal, () => latestForecast(sources, books.nowInstant(), forecastMaker(), { signal, onProgress: ({ done, total }) => progress.update("Forecasting", done, total) }));
  progress.end();
  return latest;
}

async function savedNamed(reader: SqlReader, workspaceId: string, name: string): Promise<SavedScenario> {
  const found = (await readScenarios(reader, workspaceId)).find((scenario) => isSameName(scenario.name, name));
  if (found === undefined) throw new SaldoError("cli.scenario_missing");
  return found;
}

async function interruptible<Value>(signal: AbortSignal, run: () => Promise<Value>): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    if (signal.aborted) throw new SaldoError("cli.interrupted");
    throw error;
  }
}
