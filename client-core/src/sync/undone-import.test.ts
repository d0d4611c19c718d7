import { systemIds, tableNames } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, it } from "vitest";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openStore, type LocalDatabase } from "../store/index.ts";
import { renewIdentity } from "./identity.ts";
import { readSum } from "./kept-sums.ts";
import { RelayModel } from "./testing/relay-model.ts";
import { SteppedDevice } from "./testing/stepped-device.ts";

const createdAt = "2026-01-01T00:00:00.000Z";
const importId = "import-1";
const open: LocalDatabase[] = [];

afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
});

/** A device whose rows are counted, with an import of two batches that has yet to be sent: three mutations. */
async function importing() {
  const database = await openStore(openBetterSqlite3({ path: ":memory:" }));
  open.push(database);
  const device = new SteppedDevice({ model: new RelayModel(), database, ids: systemIds() });
  await device.begin();
  await device.settle(4);
  await device.count(tableNames.length);
  const file = { fileName: "a.csv", fileSha256: "0".repeat(64), fileBytes: 1, format: "csv", understanding: {} };
  await device.record("import.begin", { importId, ...file, accounts: [{ id: "a", name: "Bank", currency: "EUR", number: null }], categories: [], createdAt });
  for (const index of [0, 1]) {
    const rows = [[`row-${index}`, index, "2026-01-02", -100, 0, -1, "coffee", null]];
    await device.record("import.addRows", { importId, currencies: ["EUR"], accounts: ["a"], categories: [], rowCurrencies: [], rows, createdAt });
  }
  const takeIn = async () => {
    await device.listen();
    for (const shape of tableNames) await device.pull(shape, "none");
  };
  /** All is sent, taken in, counted where that is due, and compared. */
  const settled = async () => {
    await device.settle(4);
    expect(await device.count(tableNames.length)).toEqual([]);
    await device.begin();
    await device.settle(2);
    const [compared] = await database.query(sql`select "same_lsn" = (select max("same_lsn") from "sync_sum") as "same" from "sync_sum" where "name" = 'transaction'`);
    return { different: device.compared.different, isCompared: Number(compared?.["same"]) === 1, rows: (await readSum(database, "transaction"))?.kept?.rows };
  };
  return { database, device, takeIn, settled };
}

describe("the sum of rows is the server's after an import is taken back", () => {
  it("of which the server's confirmation of a part was applied", async () => {
    const { device, takeIn, settled } = await importing();
    await device.upload("none", 2);
    await takeIn();
    await device.apply();
    await device.record("import.undo", { importId });
    expect(await settled()).toEqual({ different: [], isCompared: true, rows: 0 });
  });

  it("whose rows have come back and wait for their checkpoint", async () => {
    const { device, takeIn, settled } = await importing();
    await device.upload("none", 100);
    await takeIn();
    await device.record("import.undo", { importId });
    await device.apply();
    expect(await settled()).toEqual({ different: [], isCompared: true, rows: 0 });
  });

  it("while its rows are being counted anew", async () => {
    const { device, takeIn, settled } = await importing();
    await device.upload("none", 2);
    await takeIn();
    await device.apply();
    await device.record("import.undo", { importId });
    expect(await device.count(tableNames.length, true)).toEqual([]);
    expect(await settled()).toEqual({ different: [], isCompared: true, rows: 0 });
  });
});

it("rows of an import that the server answered under a client id that was left are not counted before they are its own", async () => {
  const { database, device, settled } = await importing();
  await device.upload("none", 100);
  await renewIdentity({ database, ids: systemIds() }, { throughSeq: 3, serverWentBack: false });
  await device.begin();
  expect(await device.count(tableNames.length, true)).toEqual([]);
  expect(await settled()).toEqual({ different: [], isCompared: true, rows: 2 });
});
