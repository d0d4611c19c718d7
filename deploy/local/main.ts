import path from "node:path";
import { fileURLToPath } from "node:url";
import { parentOf, processCommand, processStamp } from "../process/process-table.ts";
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
  const starters = startersOfOurs();
  setInterval(() => {
    if (starters.some(({ pid, stamp }) => processStamp(pid) !== stamp)) controller.abort();
  }, parentPollMs).unref();
  return controller.signal;
}

/** The npm that started us, and the shell it put between; none when we were started without npm. */
function startersOfOurs(): { pid: number; stamp: string | undefined }[] {
  const script = process.env["npm_lifecycle_script"];
  if (script === undefined || process.platform === "win32") return [];
  const shellBetween = processCommand(process.ppid).includes(` -c ${script}`);
  const pids = [process.ppid, shellBetween ? parentOf(process.ppid) : undefined].filter((pid) => pid !== undefined);
  return pids.map((pid) => ({ pid, stamp: processStamp(pid) }));
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof UsageError) process.stderr.write("See npm start -- --help.\n");
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
