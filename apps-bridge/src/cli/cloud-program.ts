import { forecastHorizonMonthsMax } from "@saldo/schema";
import { Argument, Option, type Command } from "commander";
import { parseCount, type StoreOptions } from "./commands/books-commands.ts";
import { listWork, namesToModels, requestWork, retryWork, showWork, stopWork } from "./commands/cloud.ts";
import type { Terminal } from "./terminal.ts";

/** Half a year. */
const horizonDefault = 6;

/** Adds `saldo cloud`: work asked of the cloud workers, kept in the books and sent with the next sync. */
export function addCloudCommands(program: Command, { terminal, storeOf }: { readonly terminal: Terminal; storeOf(options: Record<string, unknown>): StoreOptions }): void {
  const cloud = program.command("cloud").description("ask the cloud for work on the books of a store; requests leave and results arrive with `saldo sync`");
  const command = (name: string, description: string) =>
    cloud
      .command(name)
      .description(description)
      .addOption(new Option("--store <dir>", "folder of the books").makeOptionMandatory())
      .addOption(new Option("--json", "print JSON"))
      .addOption(new Option("--locale <locale>", "language of messages (else by LANG)").choices(["en", "ru"]));
  const horizonOf = (options: Record<string, unknown>) => parseCount(String(options["horizon"]), "--horizon", forecastHorizonMonthsMax);
  const horizon = () => new Option("--horizon <n>", "months ahead").default(String(horizonDefault));

  command("analyze", "a report of the last complete month: dashboard, findings, recommendations and forecast, with what AI adds where the server has a key")
    .addOption(new Option("--title <title>", "name of the report").default("Analysis"))
    .addOption(horizon())
    .action((options: Record<string, unknown>) =>
      requestWork(terminal, { kind: "analyze_report", parameters: { title: String(options["title"]), period: "last_complete", horizonMonths: horizonOf(options) } }, storeOf(options)),
    );
  command("forecast", "a forecast")
    .addOption(horizon())
    .action((options: Record<string, unknown>) => requestWork(terminal, { kind: "generate_forecast", parameters: { horizonMonths: horizonOf(options) } }, storeOf(options)));
  command("list", "what was asked, and how far it is").action((options: Record<string, unknown>) => listWork(terminal, storeOf(options)));
  command("show <job>", "the results of one job; --json prints them whole").action((jobId: string, options: Record<string, unknown>) => showWork(terminal, jobId, storeOf(options)));
  command("stop <job>", "stop work that waits or runs").action((jobId: string, options: Record<string, unknown>) => stopWork(terminal, jobId, storeOf(options)));
  command("retry <job>", "ask again for work that failed or was stopped").action((jobId: string, options: Record<string, unknown>) => retryWork(terminal, jobId, storeOf(options)));
  command("names", "whether AI providers may see names of counterparties and texts of rows")
    .addArgument(new Argument("[allowed]", "decide it").choices(["on", "off"]))
    .action((allowed: string | undefined, options: Record<string, unknown>) => namesToModels(terminal, allowed === undefined ? undefined : allowed === "on", storeOf(options)));
}
