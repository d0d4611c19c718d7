import { SaldoError } from "@saldo/schema";
import { Command, Option } from "commander";
import { z } from "zod";
import { analyze } from "./commands/analyze.ts";
import { importIntoStore, listStoreTransactions, parseCount, reportDashboard, reportForecast } from "./commands/books-commands.ts";
import { explain } from "./commands/explain.ts";
import { syncStore } from "./commands/sync.ts";
import type { Progress } from "./progress.ts";
import type { FreshBooks } from "./store-folder.ts";
import type { Terminal } from "./terminal.ts";

/** What the program runs with. */
export interface ProgramParts {
  readonly terminal: Terminal;
  readonly progress: Progress;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly version: string;
}

const transactionsDefault = 100;
const transactionsMax = 500;

const currencyOption = () => new Option("--currency <code>", "currency where the file names none (ISO 4217)").default("USD");
const localeOption = () => new Option("--locale <locale>", "language of names the books make").choices(["en", "ru"]).default("en");
const storeOption = () => new Option("--store <dir>", "folder of the books").makeOptionMandatory();
const jsonOption = () => new Option("--json", "print JSON").default(false);

const freshShape = z.object({ currency: z.string().regex(/^[A-Z]{3}$/), locale: z.enum(["en", "ru"]) });

/** The command line: every command, its options and help. Parsing a wrong command line throws a `CommanderError`. */
export function createProgram(parts: ProgramParts): Command {
  const { terminal, progress, signal } = parts;
  const program = new Command("saldo")
    .description("Financial reports from bank files, on your own machine.")
    .version(parts.version)
    .showHelpAfterError("(add --help for the options)")
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.stdout.write(text), writeErr: (text) => terminal.stderr.write(text) });
  const command = (name: string, description: string) => program.command(name).description(description).exitOverride();

  command("analyze <file>", "read one file in memory and tell what was understood, with its dashboard")
    .addOption(jsonOption())
    .addOption(currencyOption())
    .addOption(localeOption())
    .action((file: string, options: Record<string, unknown>) => analyze(terminal, progress, file, { json: options["json"] === true, fresh: freshOf(options) }));

  command("import <file>", "import one file into the books of a folder")
    .addOption(storeOption())
    .addOption(jsonOption())
    .addOption(currencyOption())
    .addOption(localeOption())
    .option("--again", "import although this very file is there already", false)
    .action((file: string, options: Record<string, unknown>) =>
      importIntoStore(terminal, progress, file, { ...storeOf(options), again: options["again"] === true, signal }),
    );

  command("report <kind>", "print a report of the books: dashboard or forecast")
    .addOption(storeOption())
    .addOption(jsonOption())
    .option("--month <month>", "a month (2026-10), `last`, `last_complete` or `all`", "last")
    .option("--report-currency <code>", "currency of the report; the workspace's when it has rows")
    .action((kind: string, options: Record<string, unknown>) => {
      if (kind === "forecast") return reportForecast(terminal, storeOf(options));
      if (kind !== "dashboard") throw new SaldoError("cli.wrong_usage", { known: "dashboard, forecast" });
      const currency = textOf(options["reportCurrency"]);
      return reportDashboard(terminal, { ...storeOf(options), month: monthOf(options["month"]), ...(currency === undefined ? {} : { currency }) });
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
      const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
      const limit = parseCount(String(options["limit"]), "--limit", transactionsMax);
      return listStoreTransactions(terminal, { ...storeOf(options), filter: given, limit });
    });

  command("sync", "send and receive changes of the books in a folder")
    .addOption(storeOption())
    .addOption(jsonOption())
    .addOption(currencyOption())
    .addOption(localeOption())
    .requiredOption("--server <url>", "address of the server")
    .requiredOption("--email <address>", "email you sign in with")
    .option("--password-stdin", "read the password from standard input", false)
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
        ...(signUpCompany === undefined ? {} : { signUpCompany }),
        ...(workspace === undefined ? {} : { workspace }),
      });
    });

  command("explain [code]", "say what an error code means and what to do; without a code, list them all")
    .addOption(jsonOption())
    .addOption(localeOption())
    .action((code: string | undefined, options: Record<string, unknown>) => {
      explain(terminal, code, { json: options["json"] === true, locale: freshOf({ currency: "USD", ...options }).locale });
    });
  return program;
}

function freshOf(options: Record<string, unknown>): FreshBooks {
  const parsed = freshShape.safeParse({ currency: options["currency"] ?? "USD", locale: options["locale"] ?? "en" });
  if (!parsed.success) throw new SaldoError("cli.wrong_usage", { option: "--currency" });
  return parsed.data;
}

function storeOf(options: Record<string, unknown>) {
  return { store: String(options["store"]), json: options["json"] === true, fresh: freshOf(options) };
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

function monthOf(value: unknown): string {
  const parsed = z.string().regex(/^(\d{4}-(0[1-9]|1[0-2])|last|last_complete|all)$/).safeParse(value);
  if (!parsed.success) throw new SaldoError("cli.wrong_usage", { option: "--month", form: "YYYY-MM, last, last_complete or all" });
  return parsed.data;
}

function serverOf(value: unknown): string {
  const parsed = z.url({ protocol: /^https?$/ }).safeParse(value);
  if (!parsed.success) throw new SaldoError("cli.wrong_usage", { option: "--server", form: "https://…" });
  return parsed.data;
}
