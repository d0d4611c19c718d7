import { errorEntry, SaldoError } from "@saldo/schema";
import { CommanderError } from "commander";

/** Exit codes of every command: done, input refused, command misused. */
export const exitCode = { ok: 0, refused: 1, usage: 2 } as const;

/** Codes that mean the command line itself was wrong, not what it was given. */
const usageCodes = new Set<string>(["cli.wrong_usage", "cli.store_missing", "cli.password_missing", "cli.several_workspaces"]);

/** What a failed command writes to stderr, and the code it ends with. */
export interface Failure {
  readonly text: string;
  readonly exitCode: number;
}

/** Says a failure in words with its catalogue code. The stack of an unexpected one is shown only when `debug` is set. */
export function describeFailure(error: unknown, debug: boolean): Failure {
  if (error instanceof CommanderError) {
    // Commander has printed its own message; help and version end with 0.
    return { text: "", exitCode: error.exitCode === 0 ? exitCode.ok : exitCode.usage };
  }
  const known = error instanceof SaldoError ? error : new SaldoError("cli.unexpected", {}, { cause: error });
  const entry = errorEntry(known.code);
  const detail = Object.entries(known.detail).map(([name, value]) => `${name}: ${value}`);
  const lines = [
    `saldo: ${known.code}: ${entry.meaning.en}${detail.length > 0 ? ` (${detail.join(", ")})` : ""}`,
    `  ${entry.cause.en} ${entry.remedy.en}`,
  ];
  if (debug) lines.push(stackOf(known));
  return { text: `${lines.join("\n")}\n`, exitCode: usageCodes.has(known.code) ? exitCode.usage : exitCode.refused };
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? String(error.stack) : `${error.stack}\ncaused by ${stackOf(error.cause)}`;
}
