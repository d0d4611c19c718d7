import { SaldoError } from "@saldo/schema";
import packageJson from "../../package.json" with { type: "json" };
import { describeFailure, exitCode } from "./failure.ts";
import { createProgress } from "./progress.ts";
import { createProgram } from "./program.ts";

/** Runs the command line of this process. */
async function main(): Promise<number> {
  const { stdin, stdout, stderr, env } = process;
  const terminal = { stdin, stdout, stderr, environment: env };
  const progress = createProgress(terminal, () => performance.now());
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort(new SaldoError("cli.interrupted")));
  process.once("SIGTERM", () => interrupt.abort(new SaldoError("cli.interrupted")));
  try {
    await createProgram({ terminal, progress, signal: interrupt.signal, version: packageJson.version, random: Math.random }).parseAsync(process.argv);
    return exitCode.ok;
  } catch (error) {
    progress.end();
    const failure = describeFailure(error, env["SALDO_DEBUG"] === "1");
    stderr.write(failure.text);
    return failure.exitCode;
  }
}

// A reader that closed the pipe early (saldo … | head) is not a failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
const code = await main();
// Everything of ours has ended; a timer of a library (the stream client keeps one for a minute) must not keep the command alive.
process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
