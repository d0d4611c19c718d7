import { readScenarios, scenarioOf, tryChanges, whatIfIds, type SavedScenario, type Scenario, type ScenarioName } from "@saldo/client-core/forecast";
import type { SqlReader } from "@saldo/client-core/store";
import { formatMinorDecimal, minor, SaldoError, type BusinessForecast } from "@saldo/schema";
import { forecastMaker, latestForecast, readForecastSources, type Latest } from "../../core/latest-forecast.ts";
import type { Progress } from "../progress.ts";
import { withBooks } from "../store-folder.ts";
import { printJson, tableText, type Terminal } from "../terminal.ts";
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
    if (latest === null) return options.json ? printJson(terminal, null) : void terminal.stdout.write("There are no transactions yet.\n");
    const { report } = latest;
    if (report.outcome === "not_enough_data" || report.version === 1) {
      if (options.json || report.outcome === "ok") return printJson(terminal, latest);
      return void terminal.stdout.write(`A forecast needs ${report.monthsNeed} complete months; there are ${report.monthsHave}.\n`);
    }
    const saved = options.saved === undefined ? undefined : await savedNamed(books.database, workspaceId, options.saved);
    const changes = options.whatIf.map((text) => parseWhatIf(text, report));
    const kept = tryChanges(report, saved?.changes ?? [], saved?.currency);
    const changed = tryChanges(kept.report, changes).report;
    const scenario = scenarioOf(changed, options.scenario);
    if (options.json) return printJson(terminal, { ...latest, report: changed, whatIf: [...(saved?.changes ?? []), ...changes], leftOut: kept.leftOut, scenario });
    if (kept.leftOut > 0) terminal.stderr.write(`${kept.leftOut} changes of the scenario have no place in this forecast.\n`);
    terminal.stdout.write(forecastText(latest, changed, scenario));
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

function forecastText({ computedBy }: Latest, report: BusinessForecast, scenario: Scenario): string {
  const money = (amountMinor: number) => formatMinorDecimal(minor(amountMinor), report.currency);
  const percent = (basisPoints: number | null) => (basisPoints === null ? "–" : `${(basisPoints / 100).toFixed(1)}%`);
  const months = scenario.months.map(({ month }) => month);
  const row = (name: string, amounts: readonly number[]) => [name, ...amounts.map(money), money(amounts.reduce((sum, amount) => sum + amount, 0))];
  const parts = report.components.map((component, at) => row(component.kind === "expense" ? `  ${nameOf(component)}` : nameOf(component), scenario.months.map(({ componentsMinor }) => componentsMinor[at] ?? 0)));
  const isRevenue = report.components.map(({ kind }) => kind === "revenue");
  const table = [
    ["", ...months, "Total"],
    ...parts.filter((_, at) => isRevenue[at]),
    row("Expenses", scenario.months.map(({ expensesMinor }) => expensesMinor)),
    ...parts.filter((_, at) => !isRevenue[at]),
    row("Profit", scenario.months.map(({ netMinor }) => netMinor)),
    ["  80% from", ...report.points.map(({ net }) => money(net.lo80)), ""],
    ["  80% to", ...report.points.map(({ net }) => money(net.hi80)), ""],
  ];
  if (report.cash !== null) {
    table.push(["Cash at the end", ...scenario.months.map(({ cashMinor }) => money(cashMinor ?? 0)), ""]);
    table.push(["Cash has run out", ...(report.cashOutBasisPoints ?? []).map(percent), ""]);
  }
  const tested = report.backtest.net;
  const accuracy = (name: string, test: BusinessForecast["backtest"]["net"]) =>
    test === null ? `${name}: the history is too short to test` : `${name}: total of ${test.totalMonths} months ${percent(test.totalAccuracyBasisPoints)}, single months ${percent(test.monthAccuracyBasisPoints)}`;
  return [
    `Forecast from ${report.asOfMonth}, ${report.currency}, ${scenario.name} (${scenario.quantilePercent}% quantile of profit), computed ${computedBy === "cloud" ? "in the cloud" : "on this device"}\n\n`,
    tableText(table, months.map((_, at) => at + 1).concat(months.length + 1)),
    scenario.drivers.length === 0 ? "" : `\nDriven by ${scenario.drivers.map(({ componentId, effectMinor }) => `${nameOf(report.components.find(({ id }) => id === componentId))} ${money(effectMinor)}`).join(", ")}\n`,
    `\nAccuracy on the past, 100% − mean of |actual − forecast| / |actual|${tested === null ? "" : `, ${tested.origins} forecasts`}:\n`,
    `  ${accuracy("revenue", report.backtest.revenue)}\n  ${accuracy("expenses", report.backtest.expenses)}\n  ${accuracy("profit", report.backtest.net)}\n`,
    report.known.length === 0 ? "" : `\n${report.known.length} known payments are in it; ${report.known.filter(({ source }) => source === "planned").length} of them planned.\n`,
  ].join("");
}

function nameOf(component: BusinessForecast["components"][number] | undefined): string {
  if (component === undefined) return "";
  if (component.name !== null) return component.name;
  if (component.id === "revenue") return "Revenue";
  if (component.id === whatIfIds.revenue || component.id === whatIfIds.expense) return "What if";
  return component.id === "uncategorised" ? "Without a category" : `${component.pooled} small categories`;
}
