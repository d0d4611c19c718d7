import { mkdirSync } from "node:fs";
import path from "node:path";
import { bulkRecorder } from "@saldo/client-core/mutations";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { storeWorkspace } from "@saldo/client-core/sync";
import { someInstant, testDevice, type Device } from "@saldo/client-core/sync/testing";
import { mutations, type ImportRow } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { atMost, quantile, shown, type Bench } from "../bench/bench.ts";
import { startPostgres } from "../postgres/index.ts";
import { runRelay } from "./running-relay.ts";

const writes = 20;
const importBatches = 10;
const batchRows = 5_000;

/** How soon one device sees another's write, and how fast an import goes up and comes down: relay, Postgres and both devices on one machine. */
const bench: Bench = async ({ folder, now, note }) => {
  const [dataDir, storageDir] = ["postgres", "relay"].map((name) => path.join(folder, name));
  if (dataDir === undefined || storageDir === undefined) throw new Error("no folders");
  for (const made of [dataDir, storageDir]) mkdirSync(made);
  const postgres = await startPostgres({ dataDir, database: "saldo" });
  const relay = await runRelay({ databaseUrl: postgres.url, storageDir, replicationSlot: "saldo_bench" });
  const bearer = await relay.signUp();
  const open = (name: string) => testDevice(openBetterSqlite3({ path: path.join(folder, `${name}.db`) }), relay.url, { bearer });
  const timed = async (work: () => Promise<unknown>) => {
    const startedAt = now();
    await work();
    return now() - startedAt;
  };
  const saved = (device: Device) => device.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);
  const [a, b] = [await open("a"), await open("b")];
  try {
    a.client.start();
    b.client.start();
    await Promise.all([saved(a), saved(b)]);
    const seen: number[] = [];
    for (let write = 0; write < writes; write++) {
      const id = `c${write}`;
      seen.push(
        await timed(async () => {
          const arrival = b.untilRow(sql`select 1 as "one" from "category" where "id" = ${id}`);
          await a.record("category.create", { id, name: id, kind: "expense", createdAt: someInstant });
          await arrival;
        }),
      );
    }
    await b.client.stop();
    await saved(a);
    note("importing");
    const rows = importBatches * batchRows;
    const recordMs = await timed(() => recordImport(a));
    const uploadMs = await timed(() => saved(a));
    const fetchMs = await timed(() => b.client.syncOnce());
    return [
      atMost("one write until another device sees it, p50", quantile(seen, 0.5), "ms", 30),
      shown("one write until another device sees it, p90", quantile(seen, 0.9), "ms"),
      shown("rows recorded while connected", (rows / recordMs) * 1_000, "rows/s"),
      shown("rows sent, committed and echoed after that", (rows / uploadMs) * 1_000, "rows/s"),
      shown("rows fetched by another device", (rows / fetchMs) * 1_000, "rows/s"),
    ];
  } finally {
    await a.close();
    await b.close();
    await relay.close();
    await postgres.stop();
  }
};

async function recordImport(device: Device): Promise<void> {
  const workspace = await storeWorkspace(device.database);
  if (!workspace) throw new Error("the store has no workspace");
  const context = { ...workspace, recordedAt: someInstant };
  await device.record("import.begin", {
    importId: "import",
    fileName: "bench.csv",
    fileSha256: "0".repeat(64),
    fileBytes: 1,
    format: "csv",
    understanding: {},
    accounts: [{ id: "account", name: "Bank", currency: "EUR", number: null }],
    categories: [],
    createdAt: someInstant,
  });
  const bulk = bulkRecorder(device.database);
  for (let batch = 0; batch < importBatches; batch++) {
    const rows = Array.from({ length: batchRows }, (_, index) => rowOf(batch * batchRows + index));
    const args = { importId: "import", currencies: ["EUR"], accounts: ["account"], categories: [], rowCurrencies: [], rows, createdAt: someInstant };
    await bulk.add(mutations["import.addRows"], args, context);
  }
  await bulk.finish();
  await device.record("import.complete", { importId: "import", rowsAdded: importBatches * batchRows, rowsRefused: 0, largestCategories: [], completedAt: someInstant });
}

function rowOf(line: number): [...ImportRow] {
  return [`row-${String(line).padStart(8, "0")}`, line, "2026-01-02", -100 - line, 0, -1, `Оплата по счёту ${line}`, "ООО Ромашка"];
}

export default bench;
