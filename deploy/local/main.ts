import path from "node:path";
import { fileURLToPath } from "node:url";
import { type LocalOptions, readOptions, UsageError, usage } from "./options.ts";
import { startSaldo } from "./supervise.ts";

/** The bundle lies in `deploy/dist/`. */
const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
const parentPollMs = 500;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), repository);
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const asked = askedToStop();
  try {
    await runUntil(asked, options);
  } catch (error) {
    if (!asked.aborted) throw error;
  }
  return 0;
}

async function runUntil(asked: AbortSignal, options: LocalOptions): Promise<void> {
  const saldo = await startSaldo({
    ...options,
    relayFile: path.join(repository, "sync-server", "dist", "main.mjs"),
    workerFile: path.join(repository, "compute", "dist", "main.mjs"),
    webDir: path.join(repository, "apps-bridge", "dist", "web"),
    databaseUrl: process.env["DATABASE_URL"],
    signal: asked,
    now: Date.now,
  });
  process.stdout.write(`Saldo is ready: ${saldo.url}\nData: ${options.dataDir}\nCtrl-C stops it.\n`);
  const stopAsked = new Promise<void>((resolve) => {
    if (asked.aborted) resolve();
    asked.addEventListener("abort", () => resolve());
  });
  try {
    await Promise.race([stopAsked, saldo.broken]);
  } finally {
    await saldo.stop();
  }
}

/** Aborted by Ctrl-C, by SIGTERM, and when the npm that started us was killed. */
function askedToStop(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => controller.abort());
  if (process.env["npm_lifecycle_event"] !== undefined) {
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && controller.abort(), parentPollMs).unref();
  }
  return controller.signal;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof UsageError) process.stderr.write("See npm start -- --help.\n");
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
