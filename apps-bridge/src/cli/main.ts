import { keepHeapLean } from "@saldo/client-core/store/lean-heap";
import { SaldoError } from "@saldo/schema";
import packageJson from "../../package.json" with { type: "json" };
import { describeFailure } from "./failure.ts";
import { localeOf } from "./locale.ts";
import { runCommandLine } from "./run.ts";

keepHeapLean();

const { stdin, stdout, stderr, env } = process;
const parameters = process.argv.slice(2);
const locale = localeOf(parameters, env);

const interrupt = new AbortController();
const stop = () => {
  // Taking back half an import can last seconds; a second Ctrl-C ends at once, and the next start takes back the rest.
  if (stderr.isTTY) stderr.write(locale === "ru" ? "\nОстанавливаюсь, начатое отменяется…\n" : "\nStopping, taking back what was begun…\n");
  interrupt.abort(new SaldoError("cli.interrupted"));
};
process.once("SIGINT", stop);
process.once("SIGTERM", stop);

// A reader that closed the pipe early (saldo … | head) is not a failure; a full disk is.
let outputError: NodeJS.ErrnoException | undefined;
stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") outputError = error;
});

const code = await runCommandLine(parameters, {
  terminal: { stdin, stdout, stderr, environment: env },
  signal: interrupt.signal,
  version: packageJson.version,
  random: Math.random,
  nowMs: () => performance.now(),
});

// Everything of ours has ended; a timer of a library (the stream client keeps one for a minute) must not keep the command alive.
stdout.write("", () => setImmediate(end));

function end(): void {
  const failure = outputError && describeFailure(new SaldoError("cli.output_failed", { system: outputError.code ?? "" }), { debug: false, locale });
  stderr.write(failure?.text ?? "", () => process.exit(failure?.exitCode ?? code));
}
