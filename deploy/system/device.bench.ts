import { execFile } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { z } from "zod";
import { atLeast, atMost, shown, type Bench } from "../bench/bench.ts";
import { startPostgres } from "../postgres/index.ts";
import type { DeviceReport } from "./bench-device.main.ts";
import { runRelay } from "./running-relay.ts";

const transactions = 500_000;
const starts = 7;
const run = promisify(execFile);
const report: z.ZodType<DeviceReport> = z.object({ task: z.string(), ms: z.number(), rows: z.number(), cpuMs: z.number(), peakMegabytes: z.number() });

/**
 * A device on a large company's books: its first sync from a relay and Postgres on the same machine (the relay in this process, the device in
 * one of its own), its start, and a checkpoint while an import of the same size is pending.
 */
const bench: Bench = async ({ folder, note, repository }) => {
  const [dataDir, storageDir] = [path.join(folder, "postgres"), path.join(folder, "relay")];
  for (const made of [dataDir, storageDir]) mkdirSync(made);
  const program = path.join(repository, "deploy", "dist", "bench", `bench-device-${process.pid}.mjs`);
  await bundleDevice(repository, program);
  const device = async (...args: readonly string[]) => {
    const { stdout } = await run(process.execPath, [program, ...args]);
    const told = report.parse(JSON.parse(stdout));
    note(`${told.task}: ${Math.round(told.ms)} ms, ${told.cpuMs} ms of processor time, ${told.rows} rows, ${told.peakMegabytes} MB`);
    return told;
  };
  const postgres = await startPostgres({ dataDir, database: "saldo" });
  const relay = await runRelay({ databaseUrl: postgres.url, storageDir, replicationSlot: "saldo_bench" });
  try {
    const bearer = await relay.signUp();
    await relay.sql(insertTransactions, [transactions]);
    const store = (name: string) => path.join(folder, `${name}.db`);
    const first = await device("sync", store("first"), relay.url, bearer);
    const second = await device("sync", store("second"), relay.url, bearer);
    for (const { rows } of [first, second]) if (rows !== transactions) throw new Error(`${rows} rows of ${transactions}`);
    const started: number[] = [];
    for (let turn = 0; turn < starts; turn++) started.push((await device("start", store("second"))).ms);
    const rehashed = await device("rehash", store("second"));
    const pending = await device("checkpoint", store("second"));
    return [
      atLeast("first sync of a new device", Math.round((transactions / second.ms) * 1_000), "rows/s", 60_000),
      shown("first sync of the first device, whose snapshot has yet to be made", Math.round((transactions / first.ms) * 1_000), "rows/s"),
      atMost("peak memory of a device in its first sync", Math.max(first.peakMegabytes, second.peakMegabytes), "MB", 300),
      atMost("start of a process to the first query's rows, median", median(started), "ms", 300),
      atMost("100,000 stored rows read and summed up again", (rehashed.ms / rehashed.rows) * 100_000, "ms", 500),
      atMost("checkpoint of 100 changed rows with 500,000 pending elsewhere, median", pending.ms, "ms", 15),
    ];
  } finally {
    await relay.close();
    await postgres.stop();
    for (const suffix of ["", ".map"]) rmSync(program + suffix, { force: true });
  }
};

export default bench;

/** Rows as an import makes them, in the company's books; ids grow as UUIDv7 do. */
const insertTransactions = `
  insert into transaction (id, workspace_id, account_id, import_id, import_line, posted_on, amount_minor, currency, description, counterparty_name,
    counterparty_id, category_id, category_source, parent_id, is_split, note, search_text, created_at)
  select '01990000-' || lpad(to_hex(n / 65536), 4, '0') || '-7' || lpad(to_hex(n / 16 % 4096), 3, '0') || '-8' || lpad(to_hex(n % 16), 3, '0') || '-' || left(md5(n::text), 12),
    w.id, '01990000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000002', n, to_char(date '2024-01-01' + n % 700, 'YYYY-MM-DD'), -100 - n % 1000000, w.currency,
    'Оплата по счёту № ' || n, 'ООО Ромашка ' || n % 500, null, '01990000-0000-7000-8000-000000000003', 'file', null, false, null,
    'оплата по счету № ' || n || ' ооо ромашка ' || n % 500, '2026-01-02T03:04:05.678Z'
  from workspace as w, generate_series(1, $1::int) as n`;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function bundleDevice(repository: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [path.join(repository, "deploy", "system", "bench-device.main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["better-sqlite3", "@electric-sql/pglite", "pg", "pg-native"],
    banner: { js: 'import { createRequire as nodeRequireFrom } from "node:module"; const require = nodeRequireFrom(import.meta.url);' },
  });
}
