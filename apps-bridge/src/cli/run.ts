import { SaldoError } from "@saldo/schema";
import { describeFailure, exitCode } from "./failure.ts";
import { localeOf } from "./locale.ts";
import { createProgress } from "./progress.ts";
import { createProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";

/** What a run of the command line is given. */
export interface RunParts {
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly version: string;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** A monotonic clock. */
  readonly nowMs: () => number;
}

/** Runs one command line (without the names of node and the program), tells its failure on stderr and returns its exit code. Never throws. */
export async function runCommandLine(parameters: readonly string[], { terminal, signal, version, random, nowMs }: RunParts): Promise<number> {
  const locale = localeOf(parameters, terminal.environment);
  const progress = createProgress(terminal, nowMs);
  try {
    await createProgram({ terminal, progress, locale, signal, version, random }).parseAsync(parameters, { from: "user" });
    return exitCode.ok;
  } catch (error) {
    progress.end();
    const failure = describeFailure(signal.aborted ? interrupted(error) : error, { debug: terminal.environment["SALDO_DEBUG"] === "1", locale });
    terminal.stderr.write(failure.text);
    return failure.exitCode;
  }
}

/** What a command that Ctrl-C ended says: its own word for it when it has one, not the broken request that came of it. */
function interrupted(error: unknown): unknown {
  const hasWord = error instanceof SaldoError && ["import.cancelled", "sync.stopped"].includes(error.code);
  return hasWord ? error : new SaldoError("cli.interrupted", {}, { cause: error });
}
