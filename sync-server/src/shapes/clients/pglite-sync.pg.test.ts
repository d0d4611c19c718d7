import { PGlite } from "@electric-sql/pglite";
import { electricSync } from "@electric-sql/pglite-sync";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

const tables = "CREATE TABLE accounts (id int PRIMARY KEY, name text NOT NULL); CREATE TABLE postings (id int PRIMARY KEY, account int NOT NULL, amount bigint NOT NULL, tags text[], note jsonb)";

const openDatabase = () => PGlite.create({ extensions: { electric: electricSync() } });

let server: ShapeServer;
let db: Awaited<ReturnType<typeof openDatabase>>;
beforeAll(async () => {
  db = await openDatabase();
  await db.exec(tables);
  server = await startShapeServer({ longPollMs: 1_000 });
  await server.client.query(tables);
  await server.client.query("INSERT INTO accounts SELECT g, 'account ' || g FROM generate_series(1, 50) g; INSERT INTO postings SELECT g, 1 + g % 50, g, ARRAY['t', 'u'], '{\"n\": 1}' FROM generate_series(1, 500) g");
});
afterAll(async () => {
  await server.stop();
  await db.close();
});

/** A device that follows both tables; its states are looked at all the time. */
async function openDevice() {
  const sums: string[] = [];
  const total = "SELECT concat_ws(' ', (SELECT count(*) FROM accounts), (SELECT count(*) FROM postings), (SELECT sum(amount) FROM postings)) AS total";
  const seen = new Set<() => void>();
  let closing = false;
  const looking = (async () => {
    while (!closing) {
      const { rows } = await db.query<{ total: string }>(total);
      if (sums.at(-1) !== rows[0]?.total) sums.push(rows[0]?.total ?? "");
      for (const check of seen) check();
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  const shape = (table: string) => ({ shape: { url: server.url, params: { table } }, table, primaryKey: ["id"] });
  const failures: Error[] = [];
  const follow = () => db.electric.syncShapesToTables({ key: "ledger", shapes: { accounts: shape("accounts"), postings: shape("postings") }, onError: (error) => failures.push(error) });
  let sync = await follow();
  return {
    sums,
    failures,
    /** Waits until the device has exactly this. */
    until: (wanted: string) =>
      new Promise<void>((resolve) => {
        const check = (): void => {
          if (sums.at(-1) !== wanted) return;
          seen.delete(check);
          resolve();
        };
        seen.add(check);
        check();
      }),
    /** Stops following, does something, and follows again from what is stored. */
    async pause(work: () => Promise<unknown>) {
      sync.unsubscribe();
      await work();
      sync = await follow();
    },
    async close() {
      sync.unsubscribe();
      closing = true;
      await looking;
    },
  };
}

it("keeps two tables of a device in step, one transaction at a time, through pauses and rotations", async () => {
  const device = await openDevice();
  const { client } = server;
  try {
    await device.until("50 500 125250");
    // Each transaction moves an amount between two rows and adds one row to each table: the sum never changes in between.
    for (let n = 0; n < 10; n++) {
      await client.query(`BEGIN; INSERT INTO accounts VALUES (${100 + n}, 'new'); INSERT INTO postings VALUES (${1_000 + n}, ${100 + n}, 0); UPDATE postings SET amount = amount + 7 WHERE id = 1; UPDATE postings SET amount = amount - 7 WHERE id = 2; COMMIT`);
    }
    await device.until("60 510 125250");
    for (const sum of device.sums.slice(device.sums.indexOf("50 500 125250"))) {
      const [accounts = 0, postings = 0, total = 0] = sum.split(" ").map(Number);
      expect([postings - accounts, total]).toEqual([450, 125_250]);
    }

    await device.pause(() => client.query("BEGIN; DELETE FROM postings WHERE id > 500; DELETE FROM accounts WHERE id > 50; UPDATE accounts SET id = 51 WHERE id = 50; COMMIT"));
    await device.until("50 500 125250");
    await client.query("TRUNCATE postings; INSERT INTO postings SELECT g, 1, 2 FROM generate_series(1, 30) g");
    await device.until("50 30 60");
    const { rows } = await db.query("SELECT id, account, amount, tags, note FROM postings ORDER BY id LIMIT 1");
    expect(rows).toEqual([{ id: 1, account: 1, amount: 2, tags: null, note: null }]);
    expect((await db.query("SELECT id FROM accounts WHERE id >= 50")).rows).toEqual([{ id: 51 }]);
    expect(device.failures).toEqual([]);
  } finally {
    await device.close();
  }
});
