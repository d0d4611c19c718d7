import path from "node:path";
import { bulkRecorder, recordMutation } from "@saldo/client-core/mutations";
import { openStore, type LocalDatabase } from "@saldo/client-core/store";
import { keepHeapLean } from "@saldo/client-core/store/lean-heap";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { createSyncClient, sessionTokens, storeWorkspace, systemClock } from "@saldo/client-core/sync";
import { applyCheckpoint, beginCounting, countSlice, readBatch, someInstant, testDevice } from "@saldo/client-core/sync/testing";
import { mutations, systemIds, type ImportRow } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { quantile } from "../bench/bench.ts";
import { sendEdits } from "./bench-edits.ts";
import { importInto } from "./ledger.ts";
import { plainInsert } from "./plain-insert.ts";

const transactions = 500_000;
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
  /** After the rows had left: until all of them had come back and were confirmed. */
  readonly backMs?: number | undefined;
  /** The longest a screen's query waited, the wait for the event loop included. */
  readonly longestWaitMs?: number | undefined;
}

/** A device in a process of its own, so that its memory is only its own: `bench-device TASK STORE [SERVER BEARER | FILE]`. */
async function main([task = "", store = "", ...rest]: readonly string[]): Promise<void> {
  const measured = await tasks[task]?.(path.resolve(store), ...rest);
  if (!measured) throw new Error(`no task ${task}`);
  const { user, system } = process.cpuUsage();
  const report: DeviceReport = { task, ...measured, cpuMs: Math.round((user + system) / 1_000), peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024) };
  // The stream library keeps a timer of a minute for its cache: nobody waits for that.
  process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit());
}

type Task = (store: string, ...rest: readonly string[]) => Promise<Omit<DeviceReport, "task" | "peakMegabytes" | "cpuMs">>;

const tasks: Readonly<Record<string, Task>> = { sync, start, checkpoint, rehash, import: importOffline, plain, leave, edits: (_store, serverUrl = "", bearer = "") => sendEdits(serverUrl, bearer) };

/** A file's rows into the books, with no network. */
async function importOffline(store: string, file = "") {
  const from = performance.now();
  await importInto(store, file);
  return { ms: performance.now() - from, rows: transactions };
}

/** The same file's rows by the least anyone must do. */
async function plain(store: string, file = "") {
  const from = performance.now();
  plainInsert(store, file, "all");
  return { ms: performance.now() - from, rows: transactions };
}

/** Rows imported with no network leave this device and come back, while somebody looks at a list. */
async function leave(store: string, serverUrl = "", bearer = "") {
  const database = await openStore(openBetterSqlite3({ path: store }));
  const [last] = await database.query(sql`select max("seq") as "seq" from "sync_outbox"`);
  const from = performance.now();
  const [leaving, gone] = [screenOf(database), withResolve()];
  const client = createSyncClient({
    database,
    serverUrl,
    fetch,
    clock: systemClock(),
    random: () => 0.1,
    ids: systemIds(),
    log: (_level, event, detail) => {
      if (event === "sync.uploaded" && detail["through"] === last?.["seq"]) gone.resolve();
    },
    tokenSource: sessionTokens(serverUrl, fetch, { kind: "bearer", token: bearer }),
  });
  const back = new Promise<void>((resolve) => client.onStatus(({ state, pendingChanges }) => void (state === "saved" && pendingChanges === 0 && resolve())));
  client.start();
  await gone.promise;
  const goneAt = performance.now();
  await back;
  const backMs = performance.now() - goneAt;
  const longestWaitMs = await leaving.close();
  await client.stop();
  await database.close();
  return { ms: goneAt - from, rows: transactions, backMs, longestWaitMs };
}

const glanceEveryMs = 20;

/** Somebody who looks at the newest rows again and again. `close` tells the longest wait. */
function screenOf(database: LocalDatabase) {
  let isOpen = true;
  let longestMs = 0;
  const look = async () => {
    while (isOpen) {
      const dueAt = performance.now() + glanceEveryMs;
      await new Promise((resolve) => setTimeout(resolve, glanceEveryMs));
      await database.query(newestRows);
      longestMs = Math.max(longestMs, performance.now() - dueAt);
    }
    return longestMs;
  };
  const looking = look();
  return {
    close() {
      isOpen = false;
      return looking;
    },
  };
}

function withResolve() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

const newestRows = sql`select * from "transaction" order by "posted_on" desc, "id" desc limit 50`;

/** A new device's first sync. */
async function sync(store: string, serverUrl = "", bearer = "") {
  const device = await testDevice(openBetterSqlite3({ path: store }), serverUrl, { bearer });
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
  const rows = await database.query(newestRows);
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

// As the programs of a device do.
keepHeapLean();
await main(process.argv.slice(2));
