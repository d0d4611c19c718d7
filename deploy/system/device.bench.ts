import { mkdirSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { atLeast, atMost, quantile, shown, withinTimes, type Bench, type BenchContext, type BenchOptions, type Figure } from "../bench/bench.ts";
import { startPostgres } from "../postgres/index.ts";
import { bareCommitsPerSecond } from "./bare-commits.ts";
import { medianStartMs, measureBrowser } from "./bench-browser.ts";
import type { DeviceReport } from "./bench-device.main.ts";
import { withDevice, type RunDevice } from "./bench-device.ts";
import { makeLedger } from "./ledger.ts";
import { runRelay, type RunningRelay } from "./running-relay.ts";

const transactions = 500_000;
const starts = 7;
const importRounds = 3;

/** Options of `npm run bench -- device`. */
export const options: BenchOptions = { only: { type: "string", help: "parts to measure, e.g. import,leave; all when left out: import, sync, leave, edits, browser" } };

interface Place extends BenchContext {
  readonly relay: RunningRelay;
  readonly databaseUrl: string;
  readonly device: RunDevice;
  store(name: string): string;
}

const parts: Readonly<Record<string, (place: Place) => Promise<readonly Figure[]>>> = { import: importing, sync: syncing, leave: leaving, edits: editing, browser: browsing };

/**
 * A device on a large company's books: its import, its first sync from a relay and Postgres on the same machine, its start, a checkpoint while
 * an import is pending, that import's way to the server and back, and the same in a browser. The relay is in this process, each device in one of its own.
 */
const bench: Bench = async (context) => {
  const { folder } = context;
  const named = typeof context.options["only"] === "string" ? context.options["only"].split(",") : Object.keys(parts);
  const unknown = named.find((name) => !(name in parts));
  if (unknown !== undefined) throw new Error(`no part ${unknown}: there are ${Object.keys(parts).join(", ")}`);
  const [dataDir, storageDir] = [path.join(folder, "postgres"), path.join(folder, "relay")];
  for (const made of [dataDir, storageDir]) mkdirSync(made);
  const postgres = await startPostgres({ dataDir, database: "saldo" });
  const relay = await runRelay({ databaseUrl: postgres.url, storageDir, replicationSlot: "saldo_bench" });
  try {
    const store = (name: string) => path.join(folder, `${name}.db`);
    return await withDevice(context, async (device) => {
      const figures: Figure[] = [];
      for (const name of named) figures.push(...((await parts[name]?.({ ...context, relay, databaseUrl: postgres.url, device, store })) ?? []));
      return figures;
    });
  } finally {
    await relay.close();
    await postgres.stop();
  }
};

export default bench;

async function importing({ repository, folder, device, store }: Place): Promise<readonly Figure[]> {
  const file = makeLedger(repository, folder);
  const [ours, plain]: [DeviceReport[], DeviceReport[]] = [[], []];
  for (let round = 0; round < importRounds; round++) {
    ours.push(await device("import", store(`import-${round}`), file));
    plain.push(await device("plain", store(`plain-${round}`), file));
  }
  return [
    withinTimes("import of 500,000 rows with no network, outbox included", median(ours), "ms", median(plain), 2.5),
    atMost("peak memory of an import", Math.max(...ours.map(({ peakMegabytes }) => peakMegabytes)), "MB", 300),
  ];
}

async function syncing({ relay, device, store }: Place): Promise<readonly Figure[]> {
  const bearer = await relay.signUp();
  await relay.sql(insertTransactions, [transactions]);
  const first = await device("sync", store("first"), relay.url, bearer);
  const second = await device("sync", store("second"), relay.url, bearer);
  for (const { rows } of [first, second]) if (rows !== transactions) throw new Error(`${rows} rows of ${transactions}`);
  const started: DeviceReport[] = [];
  for (let turn = 0; turn < starts; turn++) started.push(await device("start", store("second")));
  const rehashed = await device("rehash", store("second"));
  const pending = await device("checkpoint", store("second"));
  return [
    atLeast("first sync of a new device", rowsPerSecond(second), "rows/s", 60_000),
    shown("first sync of the first device, whose snapshot has yet to be made", rowsPerSecond(first), "rows/s"),
    atMost("peak memory of a device in its first sync", Math.max(first.peakMegabytes, second.peakMegabytes), "MB", 300),
    atMost("start of a process to the first query's rows, median", median(started), "ms", 300),
    atMost("100,000 stored rows read and summed up again", (rehashed.ms / rehashed.rows) * 100_000, "ms", 500),
    atMost("checkpoint of 100 changed rows with 500,000 pending elsewhere, median", pending.ms, "ms", 15),
  ];
}

/** The rows of an import made with no network leave the device and come back. */
async function leaving({ repository, folder, relay, device, store }: Place): Promise<readonly Figure[]> {
  const file = makeLedger(repository, folder);
  const bearer = await relay.signUp();
  await device("sync", store("leaving"), relay.url, bearer);
  await device("import", store("leaving"), file);
  const left = await device("leave", store("leaving"), relay.url, bearer);
  return [
    atLeast("rows of an import sent until the server has committed all", rowsPerSecond(left), "rows/s", 40_000),
    atMost("until all of them have come back after that", left.backMs ?? Number.NaN, "ms", 10_000),
    atMost("peak memory meanwhile", left.peakMegabytes, "MB", 300),
    atMost("longest wait of a screen meanwhile", left.longestWaitMs ?? Number.NaN, "ms", 50),
  ];
}

async function editing({ relay, databaseUrl, device, note }: Place): Promise<readonly Figure[]> {
  const bearer = await relay.signUp();
  const bare = await bareCommitsPerSecond(databaseUrl);
  note(`bare: ${Math.round(bare)} transactions of one row a second`);
  const sent = await device("edits", "", relay.url, bearer);
  const accepted = (sent.rows / sent.ms) * 1_000;
  return [{ ...atLeast("small mutations of 50 devices accepted and durable", Math.round(accepted), "mutations/s", bare / 2, Math.round(bare)), hold: ">= 0.5 × reference" }];
}

async function browsing({ repository, folder, relay, note }: Place): Promise<readonly Figure[]> {
  const { buildWeb } = await builder(repository);
  buildWeb();
  const measured = await measureBrowser({ repository, folder, note, serverUrl: relay.url, file: makeLedger(repository, folder) });
  return [
    atMost("import of 500,000 rows in PGlite on a browser's private files", measured.importMs, "ms", 8_000),
    atMost("start of the core there to the first query's rows, median", medianStartMs(measured), "ms", 1_500),
  ];
}

function rowsPerSecond({ ms }: DeviceReport): number {
  return Math.round((transactions / ms) * 1_000);
}

function median(reports: readonly DeviceReport[]): number {
  return Math.round(quantile(reports.map(({ ms }) => ms), 0.5));
}

/** The house's own builder, which only plain Node reads. */
async function builder(repository: string): Promise<{ buildWeb(): void }> {
  const file: unknown = await import(path.join(repository, "deploy", "build.mjs"));
  return z.object({ buildWeb: z.custom<() => void>((value) => typeof value === "function") }).parse(file);
}

/** Rows as an import makes them, in the company's books; ids grow as UUIDv7 do. */
const insertTransactions = `
  insert into transaction (id, workspace_id, account_id, import_id, import_line, posted_on, amount_minor, currency, description, counterparty_name,
    counterparty_id, category_id, category_source, parent_id, is_split, note, search_text, created_at)
  select '01990000-' || lpad(to_hex(n / 65536), 4, '0') || '-7' || lpad(to_hex(n / 16 % 4096), 3, '0') || '-8' || lpad(to_hex(n % 16), 3, '0') || '-' || left(md5(n::text), 12),
    w.id, '01990000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000002', n, to_char(date '2024-01-01' + n % 700, 'YYYY-MM-DD'), -100 - n % 1000000, w.currency,
    'Оплата по счёту № ' || n, 'ООО Ромашка ' || n % 500, null, '01990000-0000-7000-8000-000000000003', 'file', null, false, null,
    'оплата по счету № ' || n || ' ооо ромашка ' || n % 500, '2026-01-02T03:04:05.678Z'
  from workspace as w, generate_series(1, $1::int) as n`;
