import path from "node:path";
import { bulkRecorder, recordMutation } from "@saldo/client-core/mutations";
import { openStore } from "@saldo/client-core/store";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { storeWorkspace } from "@saldo/client-core/sync";
import { applyCheckpoint, beginCounting, countSlice, readBatch } from "@saldo/client-core/sync/testing";
import { mutations, systemIds, type ImportRow } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { quantile } from "../bench/bench.ts";
import { openDevice, someInstant } from "./device.ts";

const pendingBatches = 100;
const batchRows = 5_000;
const checkpoints = 21;
const changedRows = 100;

/** What one task of a device under measurement tells, as its only line. */
export interface DeviceReport {
  readonly task: string;
  readonly ms: number;
  readonly rows: number;
  readonly peakMegabytes: number;
  /** Processor time of the whole process, which other work on the machine does not lengthen. */
  readonly cpuMs: number;
}

/** A device in a process of its own, so that its memory is only its own: `bench-device TASK STORE [SERVER BEARER]`. */
async function main([task = "", store = "", serverUrl = "", bearer = ""]: readonly string[]): Promise<void> {
  const measured = await tasks[task]?.(path.resolve(store), serverUrl, bearer);
  if (!measured) throw new Error(`no task ${task}`);
  const { user, system } = process.cpuUsage();
  const report: DeviceReport = { task, ...measured, cpuMs: Math.round((user + system) / 1_000), peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024) };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

type Task = (store: string, serverUrl: string, bearer: string) => Promise<{ readonly ms: number; readonly rows: number }>;

const tasks: Readonly<Record<string, Task>> = { sync, start, checkpoint, rehash };

/** A new device's first sync. */
async function sync(store: string, serverUrl: string, bearer: string) {
  const device = await openDevice(openBetterSqlite3({ path: store }), serverUrl, bearer);
  const from = performance.now();
  await device.client.syncOnce();
  const ms = performance.now() - from;
  const [row] = await device.database.query(sql`select count(*) as "n" from "transaction"`);
  await device.close();
  return { ms, rows: Number(row?.["n"]) };
}

/** From the start of the process to the first rows on a screen. */
async function start(store: string) {
  const database = await openStore(openBetterSqlite3({ path: store }));
  const rows = await database.query(sql`select * from "transaction" order by "posted_on" desc, "id" desc limit 50`);
  const ms = performance.now();
  await database.close();
  return { ms, rows: rows.length };
}

/** All stored rows read and summed up again, with no pauses. */
async function rehash(store: string) {
  const database = await openStore(openBetterSqlite3({ path: store }));
  await database.transaction((transaction) => beginCounting(transaction, true));
  const from = performance.now();
  let outcome = await countSlice(database, "transaction", someInstant);
  while (outcome === "more") outcome = await countSlice(database, "transaction", someInstant);
  const ms = performance.now() - from;
  if (outcome !== "counted") throw new Error(`the rows are ${outcome}`);
  const [row] = await database.query(sql`select "rows" from "sync_sum" where "name" = 'transaction'`);
  await database.close();
  return { ms, rows: Number(row?.["rows"]) };
}

/** The median checkpoint of some changed rows while an import is pending. */
async function checkpoint(store: string) {
  const database = await openStore(openBetterSqlite3({ path: store }));
  const workspace = await storeWorkspace(database);
  if (!workspace) throw new Error("the store has no workspace");
  const context = { ...workspace, recordedAt: someInstant };
  const ids = systemIds();
  const [importId, accountId] = [ids.next(), ids.next()];
  const file = { fileName: "bench.csv", fileSha256: "0".repeat(64), fileBytes: 1, format: "csv", understanding: {} };
  await recordMutation(database, "import.begin", { importId, ...file, accounts: [{ id: accountId, name: "Bank", currency: "EUR", number: null }], categories: [], createdAt: someInstant }, context);
  const bulk = bulkRecorder(database);
  for (let batch = 0; batch < pendingBatches; batch++) {
    const rows = Array.from({ length: batchRows }, (_, index): [...ImportRow] => [ids.next(), batch * batchRows + index, "2026-01-02", -100 - index, 0, -1, `Оплата по счёту ${index}`, "ООО Ромашка"]);
    await bulk.add(mutations["import.addRows"], { importId, currencies: ["EUR"], accounts: [accountId], categories: [], rowCurrencies: [], rows, createdAt: someInstant }, context);
  }
  await bulk.finish();
  const changed = await database.query(sql`select "id" from "transaction" where "import_id" <> ${importId} order by "id" limit ${changedRows}`);
  const took: number[] = [];
  for (let turn = 0; turn < checkpoints; turn++) {
    const lsn = 2n ** 60n + BigInt(turn);
    const raw = changed.map(({ id }, index) => ({ value: { id, note: `turn ${turn}` }, headers: { operation: "update", lsn: String(lsn), op_position: index } }));
    const { messages } = readBatch("transaction", raw);
    const shape = { name: "transaction", handle: "bench", offset: `${lsn}_0`, complete: true, load: null, stagedThrough: null, messages } as const;
    const from = performance.now();
    const result = await applyCheckpoint(database, { lsn, clientId: "bench", appliedAt: someInstant, shapes: [shape], serverSums: new Map() });
    took.push(performance.now() - from);
    if (result.rowsWritten !== changed.length) throw new Error(`${result.rowsWritten} rows of ${changed.length}`);
  }
  await database.close();
  return { ms: quantile(took, 0.5), rows: pendingBatches * batchRows };
}

await main(process.argv.slice(2));
