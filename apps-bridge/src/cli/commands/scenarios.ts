import { compareScenarios, outcomeOf, readScenarios, type ForecastOutcome, type SavedScenario } from "@saldo/client-core/forecast";
import { formatMinorDecimal, minor, SaldoError, type BusinessForecast } from "@saldo/schema";
import type { Progress } from "../progress.ts";
import { withBooks } from "../store-folder.ts";
import { printJson, tableText, type Terminal } from "../terminal.ts";
import type { StoreOptions } from "./books-commands.ts";
import { businessForecastOf } from "./forecast-store.ts";
import { isSameName } from "./same-name.ts";
import { parseWhatIf, whatIfForms, whatIfText } from "./what-if.ts";

/** What is done with the scenarios of a store, beside listing them. */
export interface ScenariosOptions extends StoreOptions {
  readonly horizonMonths: number;
  /** Name to keep the changes to try under; one there takes them in place of its own. */
  readonly save?: string;
  readonly whatIf: readonly string[];
  readonly rename?: string;
  readonly to?: string;
  readonly remove?: string;
  /** Takes the last change of a scenario back. */
  readonly undo: boolean;
  readonly signal: AbortSignal;
}

type Books = Parameters<Parameters<typeof withBooks>[2]>[0];

/** Saves, renames, removes scenarios of a store or takes that back, then compares all with the forecast as it is. Throws `SaldoError` `cli.wrong_usage`, `cli.scenario_missing`, `cli.nothing_to_undo`. */
export async function scenariosOfStore(terminal: Terminal, progress: Progress, options: ScenariosOptions): Promise<void> {
  await withBooks(options.store, { create: false, fresh: options.fresh }, async (books) => {
    const report = await businessForecastOf(books, progress, options);
    await changeScenarios(books, options, report);
    const { workspaceId } = await books.recordContext();
    const scenarios = await readScenarios(books.database, workspaceId);
    const compared = report === null ? null : compareScenarios(report, scenarios);
    if (options.json) return printJson(terminal, { currency: report?.currency ?? null, horizonMonths: report?.horizonMonths ?? null, base: report === null ? null : outcomeOf(report), scenarios: compared ?? scenarios.map((scenario) => ({ scenario })) });
    terminal.stdout.write(report === null ? plainText(scenarios) : comparedText(report, scenarios));
  });
}

async function changeScenarios(books: Books, { save, whatIf, rename, to, remove, undo }: ScenariosOptions, report: BusinessForecast | null): Promise<void> {
  const { workspaceId } = await books.recordContext();
  const named = async (name: string): Promise<SavedScenario | undefined> => (await readScenarios(books.database, workspaceId)).find((scenario) => isSameName(scenario.name, name));
  const present = async (name: string): Promise<SavedScenario> => (await named(name)) ?? missing();
  if (save !== undefined) {
    if (report === null) throw new SaldoError("cli.wrong_usage", { option: "--save", form: "books with a forecast" });
    const changes = whatIf.map((text) => parseWhatIf(text, report));
    if (changes.length === 0) throw new SaldoError("cli.wrong_usage", { option: "--what-if", form: whatIfForms });
    const before = await named(save);
    const { currency } = report;
    if (before === undefined) await books.history.record([{ name: "scenario.create", args: { id: books.ids.next(), name: save, currency, changes, createdAt: books.nowInstant() } }]);
    else await books.history.record([{ name: "scenario.update", args: { scenarioId: before.id, tried: { currency, changes } } }]);
  }
  if (rename !== undefined && to !== undefined) await books.history.record([{ name: "scenario.update", args: { scenarioId: (await present(rename)).id, name: to } }]);
  if (remove !== undefined) await books.history.record([{ name: "scenario.remove", args: { scenarioId: (await present(remove)).id } }]);
  if (undo) {
    const { undo: last } = await books.history.state(books.database);
    if (last?.mutation.startsWith("scenario.") !== true) throw new SaldoError("cli.nothing_to_undo");
    await books.history.undo(last.id);
  }
}

function missing(): never {
  throw new SaldoError("cli.scenario_missing");
}

function comparedText(report: BusinessForecast, scenarios: readonly SavedScenario[]): string {
  const { currency, horizonMonths } = report;
  const money = (amountMinor: number): string => formatMinorDecimal(minor(amountMinor), currency);
  const cells = ({ profitMinor, cash, cashOutBasisPoints }: ForecastOutcome, changeMinor: number | null): string[] => [
    money(profitMinor),
    changeMinor === null ? "" : `${changeMinor > 0 ? "+" : ""}${money(changeMinor)}`,
    ...(cash === null ? [] : [money(cash.lastMinor), `${money(cash.lowestMinor)} in ${cash.lowestMonth}`, cashOutBasisPoints === null ? "" : `${(cashOutBasisPoints / 100).toFixed(1)}%`]),
  ];
  const head = ["", `Profit, ${horizonMonths} months`, "Against it as it is", ...(report.cash === null ? [] : ["Cash at the end", "Lowest at a month's end", "Cash runs out"])];
  const compared = compareScenarios(report, scenarios);
  const table = [head, ["As it is", ...cells(outcomeOf(report), null)], ...compared.map((each) => [each.scenario.name, ...cells(each, each.profitChangeMinor)])];
  const told = compared.map(({ scenario, leftOut }) => `  ${scenario.name}: ${changesText(scenario, report)}${leftOut === 0 ? "" : `; ${leftOut} of them without a place in this forecast`}\n`);
  return [`Scenarios from ${report.asOfMonth}, ${currency}\n\n`, tableText(table, head.map((_, at) => at).slice(1)), told.length === 0 ? "" : `\n${told.join("")}`].join("");
}

function plainText(scenarios: readonly SavedScenario[]): string {
  const lines = scenarios.map((scenario) => `  ${scenario.name}: ${changesText(scenario, null)}\n`);
  return `There is no forecast to compare scenarios with yet.\n${lines.join("")}`;
}

function changesText({ changes, currency }: SavedScenario, report: BusinessForecast | null): string {
  return changes.map((change) => whatIfText(change, currency, report?.components ?? [])).join(", ");
}
