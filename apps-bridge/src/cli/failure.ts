import { errorEntry, SaldoError } from "@saldo/schema";
import { CommanderError } from "commander";
import type { Locale } from "./terminal.ts";

/** Exit codes of every command: done, input refused, command misused. */
export const exitCode = { ok: 0, refused: 1, usage: 2 } as const;

/** Codes that mean the command line itself was wrong, not what it was given. */
const usageCodes = new Set<string>(["cli.wrong_usage", "cli.store_missing", "cli.password_missing", "cli.several_workspaces"]);

/** Some of what was asked failed and was told where it happened; the command has to end as refused. */
export class PartlyRefused extends Error {
  override readonly name = "PartlyRefused";
}

/** What a failed command writes to stderr, and the code it ends with. */
export interface Failure {
  readonly text: string;
  readonly exitCode: number;
}

/** Says a failure in words with its catalogue code. The stack of an unexpected one is shown only when `debug` is set. */
export function describeFailure(error: unknown, { debug, locale }: { readonly debug: boolean; readonly locale: Locale }): Failure {
  if (error instanceof PartlyRefused) return { text: "", exitCode: exitCode.refused };
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return { text: "", exitCode: exitCode.ok };
    // Without a command the help itself was printed.
    if (error.code === "commander.help") return { text: "", exitCode: exitCode.usage };
  }
  const known = error instanceof SaldoError ? error : error instanceof CommanderError ? wrongUsage(error) : new SaldoError("cli.unexpected", {}, { cause: error });
  const entry = errorEntry(known.code);
  const detail = Object.entries(known.detail).map(([name, value]) => `${name}: ${value}`);
  const lines = [
    `saldo: ${known.code}: ${entry.meaning[locale]}${detail.length > 0 ? ` (${detail.join(", ")})` : ""}`,
    `  ${entry.cause[locale]} ${entry.remedy[locale]}`,
  ];
  if (debug) lines.push(stackOf(known));
  return { text: `${lines.join("\n")}\n`, exitCode: usageCodes.has(known.code) ? exitCode.usage : exitCode.refused };
}

/** What the parser of the command line found, without values: one may be a secret that was never wanted here. */
function wrongUsage(error: CommanderError): SaldoError {
  const found = error.message.replace(/^error: /, "").replace(/(--[\w-]+)=[^']*/g, "$1").replace(/\s+/g, " ");
  return new SaldoError("cli.wrong_usage", { found }, { cause: error });
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? String(error.stack) : `${error.stack}\ncaused by ${stackOf(error.cause)}`;
}
