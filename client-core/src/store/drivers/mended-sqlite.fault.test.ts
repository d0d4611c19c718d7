import { existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync, truncateSync, writeFileSync, closeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { recordMutation } from "../../mutations/record.ts";
import { RelayModel } from "../../sync/testing/relay-model.ts";
import { rowsOf, testDevice } from "../../sync/testing/device.ts";
import type { LocalDatabase } from "../local-database.ts";
import { openMendedStore, type MendedStore } from "./mended-sqlite.ts";

const flipsOfRun = process.env["SALDO_TEST_DEEP"] === "1" ? 100 : 8;
const createdAt = "2026-01-01T00:00:00.000Z";
const stamp = "1";
const unsent = 40;
const directory = mkdtempSync(join(tmpdir(), "saldo-mend-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let model: RelayModel;
let image: Buffer;
let expected: readonly string[];
let files = 0;
let path = "";

const category = (id: string) => ({ id, name: `Категория ${id}`, kind: "expense", createdAt });
const onModel = (database: LocalDatabase) => testDevice(database, "http://model.test", { fetch: model.fetch });
const names = async (database: LocalDatabase) => (await rowsOf(database, "category")).map((row) => String(Object(row).name));

/** One synced store with unsent changes, as a process that was killed leaves it; each test damages a copy. */
beforeAll(async () => {
  model = new RelayModel();
  const made = join(directory, "made.db");
  const { database } = await openMendedStore({ path: made, stamp });
  const device = await onModel(database);
  for (let index = 0; index < 60; index++) await device.record("category.create", category(`a${index}`));
  await device.client.syncOnce();
  const workspace = { workspaceId: model.workspaceId, userId: model.userId, recordedAt: createdAt };
  for (let index = 0; index < unsent - 1; index++) await recordMutation(database, "category.create", category(`b${index}`), workspace);
  await recordMutation(database, "category.rename", { categoryId: "a0", name: "renamed" }, workspace);
  expected = (await names(database)).toSorted();
  await database.close();
  image = readFileSync(made);
});

beforeEach(() => {
  path = join(directory, `${++files}.db`);
  writeFileSync(path, image);
  writeFileSync(`${path}-open`, "");
});

const cut = (share: number) => (file: string) => truncateSync(file, Math.floor(statSync(file).size * share));
const damages: Readonly<Record<string, (file: string) => void>> = {
  "cut to 90%": cut(0.9),
  "cut to 50%": cut(0.5),
  "cut to 25%": cut(0.25),
  "its last 100 bytes cut": (file) => truncateSync(file, statSync(file).size - 100),
  "the root of its categories zeroed": (file) => {
    const connection = new Database(file, { readonly: true });
    const root = Number(connection.prepare("select rootpage from sqlite_master where name = 'category'").pluck().get());
    const bytes = Number(connection.pragma("page_size", { simple: true }));
    connection.close();
    writeFileSync(file, readFileSync(file).fill(0, (root - 1) * bytes, root * bytes));
  },
  "its header zeroed": (file) => writeFileSync(file, readFileSync(file).fill(0, 0, 100)),
  emptied: (file) => writeFileSync(file, Buffer.alloc(statSync(file).size)),
};

/** Syncs a mended store and compares it with the server; what was saved has to be there, what was not has to be told. */
async function expectMended({ database, damage }: MendedStore): Promise<void> {
  const device = await onModel(database);
  try {
    if (damage) {
      expect(existsSync(damage.setAsidePath)).toBe(true);
      if (damage.changesLost !== null) expect(damage.unsentSaved + damage.changesLost).toBeGreaterThanOrEqual(unsent);
    }
    const status = await device.client.syncOnce();
    expect(status.problems.filter(({ mutation }) => mutation !== "category.create" && mutation !== "category.rename")).toEqual([]);
    const found = await names(database);
    expect(found.toSorted()).toEqual(model.rows("category").map((row) => String(row["name"])).toSorted());
    if (damage === null || damage.unsentSaved === unsent) for (const name of expected) expect(found).toContain(name);
  } finally {
    await device.client.stop();
    await database.close();
  }
}

describe("a store left by a killed process", () => {
  it("is opened as it is when it is sound", async () => {
    const { database, damage } = await openMendedStore({ path, stamp });
    expect(damage).toBeNull();
    expect((await names(database)).toSorted()).toEqual(expected);
    await database.close();
  });

  it.each(Object.entries(damages))("is set aside and made anew when it is %s", async (_name, damage) => {
    damage(path);
    const mended = await openMendedStore({ path, stamp });
    expect(mended.damage).not.toBeNull();
    await expectMended(mended);
  });

  it("shows the unsent changes that were saved before anything is synced", async () => {
    damages["the root of its categories zeroed"]?.(path);
    const mended = await openMendedStore({ path, stamp });
    const { database, damage } = mended;
    expect(damage).toMatchObject({ unsentSaved: unsent, changesLost: 0 });
    expect(await names(database)).toContain("Категория b7");
    const [row] = await database.query(sql`select count(*) as "n" from "sync_outbox" where "status" = 'pending'`);
    expect(row?.["n"]).toBe(unsent);
    await expectMended(mended);
  });

  it("brings back a file's rows that were never sent, without a server", async () => {
    const file = join(directory, "never-synced.db");
    const { database } = await openMendedStore({ path: file, stamp });
    const device = await onModel(database);
    const about = { importId: "i1", fileName: "f.csv", fileSha256: "0".repeat(64), fileBytes: 1, format: "csv", understanding: {} };
    await device.record("import.begin", { ...about, accounts: [{ id: "account", name: "Банк", currency: "EUR", number: null }], categories: [], createdAt });
    const rows = Array.from({ length: 500 }, (_, index) => [`r${index}`, index, "2026-01-02", -100 - index, 0, -1, `Кофе ${index}`, null]);
    await device.record("import.addRows", { importId: "i1", currencies: ["EUR"], accounts: ["account"], categories: [], rowCurrencies: [], rows, createdAt });
    await device.record("import.complete", { importId: "i1", rowsAdded: 500, rowsRefused: 0, largestCategories: [], completedAt: createdAt });
    const before = [await rowsOf(database, "transaction"), await rowsOf(database, "import"), await rowsOf(database, "workspace")];
    await database.close();
    damages["its last 100 bytes cut"]?.(file);
    const mended = await openMendedStore({ path: file, stamp });
    expect(mended.damage).toMatchObject({ unsentSaved: 3, changesLost: 0 });
    expect([await rowsOf(mended.database, "transaction"), await rowsOf(mended.database, "import"), await rowsOf(mended.database, "workspace")]).toEqual(before);
    await mended.database.close();
  });

  it.each(Array.from({ length: flipsOfRun }, (_, index) => index + 1))("is sound, mended or refused, never silently half, with a bit flipped (%i)", async (seed) => {
    const bytes = Buffer.from(image);
    const at = (seed * 2_654_435_761) % bytes.length;
    bytes[at] = (bytes[at] ?? 0) ^ (1 << seed % 8);
    writeFileSync(path, bytes);
    const { database, damage } = await openMendedStore({ path, stamp });
    if (damage) expect(isSame(damage.setAsidePath, bytes)).toBe(true);
    await database.close();
  });
});

function isSame(file: string, bytes: Buffer): boolean {
  const found = Buffer.alloc(bytes.length);
  const descriptor = openSync(file, "r");
  readSync(descriptor, found, 0, bytes.length, 0);
  closeSync(descriptor);
  // SQLite may note in the header that it looked.
  return found.subarray(100).equals(bytes.subarray(100));
}
