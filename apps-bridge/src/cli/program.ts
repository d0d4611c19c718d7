import { exportFormats } from "@saldo/client-core/export";
import { horizonStepsMax, scenarioNames, type ScenarioName } from "@saldo/client-core/forecast";
import { lastDay, periodChoice, SaldoError, type PeriodChoice } from "@saldo/schema";
import { Command, Option } from "commander";
import { z } from "zod";
import { addAdminCommands } from "./admin/admin-program.ts";
import { addCloudCommands } from "./cloud-program.ts";
import { analyze } from "./commands/analyze.ts";
import { listStoreTransactions, parseCount, reportDashboard, reportDetail } from "./commands/books-commands.ts";
import { categoriseFile } from "./commands/categorise.ts";
import { explain } from "./commands/explain.ts";
import { exportStore } from "./commands/export.ts";
import { findingsOfFile, findingsOfStore } from "./commands/findings.ts";
import { pastForecastOfStore } from "./commands/forecast-past.ts";
import { forecastSeriesFile } from "./commands/forecast-series.ts";
import { forecastStore, type StoreForecastOptions } from "./commands/forecast-store.ts";
import { importIntoStore, listStoreImports, undoStoreImport, writeStoreOriginal } from "./commands/import.ts";
import { inspect } from "./commands/inspect.ts";
import { parseRate, rateForm, ratesOfStore } from "./commands/rates.ts";
import { reportRecommendations } from "./commands/recommendations.ts";
import { scenariosOfStore } from "./commands/scenarios.ts";
import { signOutStore } from "./commands/sign-out.ts";
import { syncStore } from "./commands/sync.ts";
import { whatIfForms } from "./commands/what-if.ts";
import type { Progress } from "./progress.ts";
import { rowsSaid } from "./row-numbers.ts";
import type { FreshBooks } from "./store-folder.ts";
import type { Locale, Terminal } from "./terminal.ts";

/** What the program runs with. */
export interface ProgramParts {
  readonly terminal: Terminal;
  readonly progress: Progress;
  /** Language of messages where `--locale` names none. */
  readonly locale: Locale;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly version: string;
  /** A number in [0, 1). */
  readonly random: () => number;
}

const horizonDefault = 6;
const transactionsDefault = 100;
const transactionsMax = 2_000_000;

const currencyOption = () => new Option("--currency <code>", "currency of new books, for files that name none (ISO 4217; else the first file's)");
const localeOption = () => new Option("--locale <locale>", "language of messages and of names the books make (else by LANG)").choices(["en", "ru"]);
const storeOption = () => new Option("--store <dir>", "folder of the books").makeOptionMandatory();
const jsonOption = () => new Option("--json", "print JSON");

const currencyShape = z.string().regex(/^[A-Z]{3}$/);
const freshShape = z.object({ currency: currencyShape.exactOptional(), locale: z.enum(["en", "ru"]) });

/** The command line: every command, its options and help. Parsing a wrong command line throws a `CommanderError`. */
export function createProgram(parts: ProgramParts): Command {
  const { terminal, progress, signal } = parts;
  const program = new Command("saldo")
    .description("Financial reports from bank files, on your own machine.")
    .version(parts.version)
    .exitOverride()
    // A wrong command line is told with its code, by whoever runs the program.
    .configureOutput({ writeOut: (text) => terminal.stdout.write(text), writeErr: (text) => terminal.stderr.write(text), outputError: () => undefined });
  const command = (name: string, description: string) => program.command(name).description(description).addOption(localeOption());
  const freshOf = (options: Record<string, unknown>): FreshBooks => {
    const parsed = freshShape.safeParse({ ...(options["currency"] === undefined ? {} : { currency: options["currency"] }), locale: options["locale"] ?? parts.locale });
    if (!parsed.success) throw new SaldoError("cli.wrong_usage", { option: "--currency", form: "USD" });
    return parsed.data;
  };
  const storeOf = (options: Record<string, unknown>) => ({ store: String(options["store"]), json: options["json"] === true, fresh: freshOf(options) });

  command("analyze <file>", "read one file (- is standard input) in memory and tell what was understood, with its dashboard")
    .addOption(jsonOption())
    .addOption(currencyOption())
    .action((file: string, options: Record<string, unknown>) => {
      const fresh = freshOf(options);
      return analyze(terminal, progress, file, { json: options["json"] === true, fresh, locale: fresh.locale, signal });
    });

  command("findings [file]", "tell what is worth a look in one file (- is standard input) or in the books: payments made twice, unusual amounts, wrong categories and more")
    .option("--store <dir>", "the books to look through instead of a file; tells also how good findings were by what people said")
    .addOption(jsonOption())
    .addOption(currencyOption())
    .action((file: string | undefined, options: Record<string, unknown>) => {
      if ((file === undefined) === (options["store"] === undefined)) throw new SaldoError("cli.wrong_usage", { form: "FILE or --store DIR" });
      if (file === undefined) return findingsOfStore(terminal, storeOf(options));
      const fresh = freshOf(options);
      return findingsOfFile(terminal, file, { json: options["json"] === true, fresh, locale: fresh.locale });
    });

  command("import <files...>", "import files, or all files of a folder, into the books of a store; - is standard input")
    .addOption(storeOption())
    .addOption(jsonOption())
    .addOption(currencyOption())
    .option("--again", "add rows although the books have them")
    .addOption(new Option("--duplicates <what>", "rows that look like others of the books: leave them out, add them, or ask about each").choices(["skip", "import", "ask"]).default("skip"))
    .option("--add <rows>", "add these rows whatever they are like: numbers from 0 as --json tells them, such as 3,7-9")
    .option("--skip <rows>", "leave these rows out")
    .action((files: readonly string[], options: Record<string, unknown>) => {
      const store = storeOf(options);
      return importIntoStore(terminal, progress, files, { ...store, again: options["again"] === true, duplicates: duplicatesOf(options["duplicates"]), rows: new Map([...rowsSaid(textOf(options["add"]), "add"), ...rowsSaid(textOf(options["skip"]), "skip")]), locale: store.fresh.locale, signal });
    });

  command("imports", "list what was imported into the books, newest first, or write the original of one")
    .addOption(storeOption())
    .addOption(jsonOption())
    .option("--original <import>", "write the file this import was made of, fetched from the server when it is not here")
    .option("-o, --output <file>", "where to write it; - is standard output")
    .action((options: Record<string, unknown>) => {
      const importId = textOf(options["original"]);
      const output = textOf(options["output"]);
      if (importId === undefined && output === undefined) return listStoreImports(terminal, storeOf(options));
      if (importId === undefined || output === undefined) throw new SaldoError("cli.wrong_usage", { option: "--original", form: "--original <import> --output <file>" });
      return writeStoreOriginal(terminal, { ...storeOf(options), importId, output, signal, random: parts.random });
    });

  command("undo [import]", "take back an import, the newest when none is named (`saldo imports` lists them)")
    .addOption(storeOption())
    .addOption(jsonOption())
    .action((importId: string | undefined, options: Record<string, unknown>) => undoStoreImport(terminal, importId, storeOf(options)));

  command("report <kind>", "print a report of the books: dashboard, detail, forecast or recommendations")
    .addOption(storeOption())
    .addOption(jsonOption())
    .option("--period <period>", "month, last_complete, quarter, ytd, 12m or all, by where the rows end; or 2026-10, 2026-Q3, 2026, 2026-01-15..2026-03-20", "month")
    .option("--report-currency <code>", "currency of the report; the workspace's when it has rows")
    .action((kind: string, options: Record<string, unknown>) => {
      if (kind === "forecast") return forecastStore(terminal, progress, { ...storeOf(options), horizonMonths: horizonDefault, scenario: "realistic", whatIf: [], signal });
      const currency = currencyOf(options["reportCurrency"]);
      const period = periodOf(options["period"]);
      if (kind === "recommendations") return reportRecommendations(terminal, { ...storeOf(options), ...throughOf(period), ...(currency === undefined ? {} : { currency }) });
      const report = { dashboard: reportDashboard, detail: reportDetail }[kind];
      if (report === undefined) throw new SaldoError("cli.wrong_usage", { known: "dashboard, detail, forecast, recommendations" });
      return report(terminal, { ...storeOf(options), period, ...(currency === undefined ? {} : { currency }) });
    });

  command("forecast", "forecast the books of a store, or monthly series of a JSON file [{id, train, start}], plain or gzipped; - is standard input")
    .option("--store <dir>", "the books to forecast")
    .option("--series <file>", "series, each with its values, oldest first")
    .option("--horizon <n>", "months ahead", String(horizonDefault))
    .addOption(new Option("--scenario <name>", "course of business").choices(scenarioNames).default("realistic"))
    .option("--what-if <change>", `a change to try, any number of them: ${whatIfForms}`, (change: string, before: readonly string[]) => [...before, change], [])
    .option("--past <month>", "what was expected at the end of a month, 2026-03, beside what came since")
    .option("--saved <name>", "a saved scenario, whose changes are tried first")
    .addOption(jsonOption())
    .action((options: Record<string, unknown>) => {
      const horizon = parseCount(String(options["horizon"]), "--horizon", horizonStepsMax);
      const series = textOf(options["series"]);
      if ((series === undefined) === (options["store"] === undefined)) throw new SaldoError("cli.wrong_usage", { form: "--store DIR or --series FILE" });
      if (series !== undefined) return forecastSeriesFile(terminal, progress, series, { horizon, json: options["json"] === true, signal });
      const asOfMonth = textOf(options["past"]);
      if (asOfMonth !== undefined) return pastForecastOfStore(terminal, { ...storeOf(options), asOfMonth, signal });
      return forecastStore(terminal, progress, { ...storeOf(options), ...courseOf(options), horizonMonths: horizon, signal });
    });

  command("scenarios", "compare saved scenarios, changes to try on the forecast, with the forecast as it is; save, rename, remove them")
    .addOption(storeOption())
    .addOption(jsonOption())
    .option("--horizon <n>", "months ahead", String(horizonDefault))
    .option("--save <name>", "keep the changes of --what-if under a name; a scenario of that name takes them in place of its own")
    .option("--what-if <change>", `a change to keep, any number of them: ${whatIfForms}`, (change: string, before: readonly string[]) => [...before, change], [])
    .option("--rename <name>", "give a scenario the name of --to")
    .option("--to <name>", "its new name")
    .option("--remove <name>", "remove a scenario")
    .option("--undo", "take the last change of a scenario back")
    .action((options: Record<string, unknown>) => {
      const asked = z.object({ save: z.string().exactOptional(), whatIf: z.array(z.string()), rename: z.string().exactOptional(), to: z.string().exactOptional(), remove: z.string().exactOptional() }).parse(options);
      if ((asked.rename === undefined) !== (asked.to === undefined)) throw new SaldoError("cli.wrong_usage", { option: "--rename", form: "--rename NAME --to NAME" });
      if (asked.save === undefined && asked.whatIf.length > 0) throw new SaldoError("cli.wrong_usage", { option: "--what-if", form: "--save NAME --what-if CHANGE" });
      return scenariosOfStore(terminal, progress, { ...storeOf(options), ...asked, undo: options["undo"] === true, horizonMonths: parseCount(String(options["horizon"]), "--horizon", horizonStepsMax), signal });
    });

  command("categorise", "learn categories from the rows of one table and give them to those of another")
    .requiredOption("--train <file>", "table whose rows have a category, CSV, plain or gzipped")
    .requiredOption("--input <file>", "table whose rows are to be given one")
    .requiredOption("--label <column>", "column of the category")
    .requiredOption("--text <columns>", "columns of text, set apart by commas, the counterparty first")
    .requiredOption("--amount <column>", "column of the amount")
    .addOption(jsonOption())
    .action((options: Record<string, unknown>) => {
      const texts = String(options["text"]).split(",").map((name) => name.trim()).filter((name) => name !== "");
      if (texts.length === 0) throw new SaldoError("cli.wrong_usage", { option: "--text", form: "supplier,description" });
      const columns = { texts, amount: String(options["amount"]), label: String(options["label"]) };
      return categoriseFile(terminal, { train: String(options["train"]), input: String(options["input"]), columns, json: options["json"] === true, signal });
    });

  command("transactions", "list transactions, newest first")
    .addOption(storeOption())
    .addOption(jsonOption())
    .option("--from <date>", "first posting date")
    .option("--to <date>", "last posting date")
    .option("--search <text>", "text in description or counterparty")
    .option("--limit <n>", "rows to print", String(transactionsDefault))
    .action((options: Record<string, unknown>) => {
      const filter = { from: dateOf(options["from"], "from"), to: dateOf(options["to"], "to"), search: textOf(options["search"]) };
      if (filter.from !== undefined && filter.to !== undefined && filter.from > filter.to) throw new SaldoError("cli.wrong_usage", { option: "--from", form: "not after --to" });
      const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
      const limit = parseCount(String(options["limit"]), "--limit", transactionsMax);
      return listStoreTransactions(terminal, { ...storeOf(options), filter: given, limit });
    });

  command("rates", "list rates of exchange, which reports in several currencies are converted by, and set or remove some")
    .addOption(storeOption())
    .addOption(jsonOption())
    .option("--set <rate>", `what one unit was worth on a day, any number of them: ${rateForm}`, (rate: string, before: readonly string[]) => [...before, rate], [])
    .option("--source <text>", "who says so", "entered by hand")
    .option("--remove <id>", "forget a rate by its id, any number of them", (id: string, before: readonly string[]) => [...before, id], [])
    .action((options: Record<string, unknown>) => {
      const listed = z.object({ set: z.array(z.string()), remove: z.array(z.string()), source: z.string() }).parse(options);
      return ratesOfStore(terminal, { ...storeOf(options), ...listed, set: listed.set.map(parseRate) });
    });

  command("export", "write the rows of the books as a file other programs read")
    .addOption(storeOption())
    .addOption(jsonOption())
    .addOption(new Option("--format <format>", "csv, xlsx, ofx, or 1c (1CClientBankExchange)").choices(exportFormats).makeOptionMandatory())
    .addOption(new Option("--encoding <encoding>", "of 1C text").choices(["windows-1251", "utf-8"]).default("windows-1251"))
    .option("--from <date>", "first posting date")
    .option("--to <date>", "last posting date")
    .option("-o, --output <file>", "where to write it; - is standard output", "-")
    .action((options: Record<string, unknown>) => {
      const [from, to] = [dateOf(options["from"], "from"), dateOf(options["to"], "to")];
      const store = storeOf(options);
      return exportStore(terminal, {
        ...store,
        format: z.enum(exportFormats).parse(options["format"]),
        encoding: options["encoding"] === "utf-8" ? "utf-8" : "windows-1251",
        output: String(options["output"]),
        locale: store.fresh.locale,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      });
    });

  command("sync", "send and receive changes of the books in a folder")
    .addOption(storeOption())
    .addOption(jsonOption())
    .addOption(currencyOption())
    .requiredOption("--server <url>", "address of the server")
    .requiredOption("--email <address>", "email you sign in with")
    .option("--password-stdin", "read the password from standard input")
    .option("--sign-up <company>", "make the account first, with a company of this name")
    .option("--workspace <name>", "name or id of the company, when you belong to several")
    .addHelpText("after", "\nThe password comes from SALDO_PASSWORD, --password-stdin or a prompt; never from an argument.")
    .action((options: Record<string, unknown>) => {
      const signUpCompany = textOf(options["signUp"]);
      const workspace = textOf(options["workspace"]);
      return syncStore(terminal, progress, {
        ...storeOf(options),
        server: serverOf(options["server"]),
        email: String(options["email"]),
        passwordStdin: options["passwordStdin"] === true,
        signal,
        random: parts.random,
        ...(signUpCompany === undefined ? {} : { signUpCompany }),
        ...(workspace === undefined ? {} : { workspace }),
      });
    });

  command("sign-out", "end the sign-in of a folder and remove its books, which come back with the next sync")
    .addOption(storeOption())
    .addOption(jsonOption())
    .option("--export <file>", "write changes that were not sent to this file first")
    .option("--discard", "lose changes that were not sent")
    .addHelpText("after", "\nRefused while changes are unsent, unless one of these is given. Books that were never synced stay.")
    .action((options: Record<string, unknown>) => {
      const exportFile = textOf(options["export"]);
      return signOutStore(terminal, { ...storeOf(options), discard: options["discard"] === true, ...(exportFile === undefined ? {} : { exportFile }) });
    });

  command("inspect", "show a store from within: cursors, what waits, last failures, rows by table, checksums; no value of a row")
    .addOption(storeOption())
    .addOption(jsonOption())
    .action((options: Record<string, unknown>) => inspect(terminal, storeOf(options)));

  addCloudCommands(program, { terminal, storeOf });
  addAdminCommands(program, parts);

  command("explain [code]", "say what an error code means and what to do; without a code, list them all")
    .addOption(jsonOption())
    .action((code: string | undefined, options: Record<string, unknown>) => {
      explain(terminal, code, { json: options["json"] === true, locale: freshOf(options).locale });
    });
  return program;
}

function duplicatesOf(value: unknown): "skip" | "import" | "ask" {
  return z.enum(["skip", "import", "ask"]).parse(value);
}

function currencyOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const parsed = currencyShape.safeParse(value);
  if (!parsed.success) throw new SaldoError("cli.wrong_usage", { option: "--report-currency", form: "USD" });
  return parsed.data;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function dateOf(value: unknown, option: string): string | undefined {
  if (value === undefined) return undefined;
  const parsed = z.iso.date().safeParse(value);
  if (!parsed.success) throw new SaldoError("cli.wrong_usage", { option: `--${option}`, form: "YYYY-MM-DD" });
  return parsed.data;
}

function periodOf(value: unknown): PeriodChoice {
  const parsed = periodChoice.safeParse(value);
  if (!parsed.success) throw new SaldoError("cli.wrong_usage", { option: "--period", form: "month, last_complete, quarter, ytd, 12m, all, YYYY-MM, YYYY-Qn, YYYY or DATE..DATE" });
  return parsed.data;
}

/** A named period looks no further than its end; those that go by where the rows end look at everything. */
function throughOf(period: PeriodChoice): { readonly through?: string } {
  const [, days] = period.split("..");
  if (days !== undefined) return { through: days };
  const quarter = /^(\d{4})-Q([1-4])$/.exec(period);
  if (quarter) return { through: lastDay(`${quarter[1]}-${String(Number(quarter[2]) * 3).padStart(2, "0")}`) };
  if (/^\d{4}$/.test(period)) return { through: `${period}-12-31` };
  return /^\d/.test(period) ? { through: lastDay(period) } : {};
}

function serverOf(value: unknown): string {
  const parsed = z.url({ protocol: /^https?$/ }).safeParse(value);
  if (!parsed.success) throw new SaldoError("cli.wrong_usage", { option: "--server", form: "https://…" });
  return parsed.data;
}

function courseOf(options: Record<string, unknown>): Pick<StoreForecastOptions, "scenario" | "whatIf" | "saved"> {
  const scenario: ScenarioName = scenarioNames.find((name) => name === options["scenario"]) ?? "realistic";
  const saved = textOf(options["saved"]);
  return { scenario, whatIf: z.array(z.string()).parse(options["whatIf"]), ...(saved === undefined ? {} : { saved }) };
}
