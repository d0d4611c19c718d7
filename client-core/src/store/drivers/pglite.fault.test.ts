import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import type { TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { emptyPglite } from "../../../../deploy/testing/pglite.ts";
import { recordTogether } from "../../mutations/record.ts";
import { rowsOf, testDevice } from "../../sync/testing/device.ts";
import { RelayModel } from "../../sync/testing/relay-model.ts";
import { systemClock } from "../../sync/ports.ts";
import { createRecounter } from "../../sync/recounter.ts";
import type { LocalDatabase } from "../local-database.ts";
import { openStore } from "../migrate.ts";
import { findDamage, openCheckedPglite, restoreSalvage, salvageParameters, salvagePglite, type OpenedPglite } from "./mended-pglite.ts";
import { openPglite } from "./pglite.ts";

const pageBytes = 8_192;
const sent = 80;
const unsent = 60;
const createdAt = "2026-01-01T00:00:00.000Z";
const directory = mkdtempSync(join(tmpdir(), "saldo-mend-pglite-"));
const image = join(directory, "killed");
let model: RelayModel;
let folders = 0;
let folder = "";
/** Files of tables, below a database's folder. */
let fileOf: (table: string) => string;

/** A note that lasts as long as the test. */
function noteOf(wasThere: boolean, wasDamaged = false) {
  const note = {
    wasThere,
    wasDamaged,
    isThere: wasThere,
    isDamaged: wasDamaged,
    write: async () => void (note.isThere = true),
    writeDamaged: async () => void (note.isThere = note.isDamaged = true),
    remove: async () => void (note.isThere = note.isDamaged = false),
  };
  return note;
}

/** The damage a count finds that runs as the sync client runs it. */
async function count(database: LocalDatabase): Promise<readonly TableName[]> {
  const found: TableName[] = [];
  const recounter = createRecounter({ ports: { database, clock: systemClock(), log: () => undefined }, signal: new AbortController().signal, counted: () => undefined, damaged: (shape) => void found.push(shape) });
  await recounter.run();
  return found;
}

const category = (id: string) => ({ id, name: `Категория ${id}`, kind: "expense", createdAt });
const names = async (database: LocalDatabase) => (await rowsOf(database, "category")).map((row) => String(Object(row).name)).toSorted();
const onModel = (database: LocalDatabase) => testDevice(database, "http://model.test", { fetch: model.fetch });

/** One synced and counted store with unsent changes, as a process that was killed leaves it; each test damages a copy. */
beforeAll(async () => {
  model = new RelayModel();
  const made = join(directory, "made");
  const pglite = await PGlite.create(made);
  const database = await openStore(openPglite(pglite));
  const device = await onModel(database);
  await device.client.syncOnce();
  const workspace = { workspaceId: model.workspaceId, userId: model.userId, recordedAt: createdAt };
  const created = (length: number, first: string) => Array.from({ length }, (_, index) => ({ name: "category.create", args: category(`${first}${index}`) }) as const);
  const record = (edits: Parameters<typeof recordTogether>[1]) => recordTogether(database, edits, workspace, () => Promise.resolve());
  await record(created(sent, "a"));
  await device.client.syncOnce();
  await record([...created(unsent - 1, "b"), { name: "category.rename", args: { categoryId: "a0", name: "renamed" } }]);
  expect(await count(database)).toEqual([]);
  const { rows } = await pglite.query<{ readonly name: string; readonly path: string }>(`select relname as "name", pg_relation_filepath(oid) as "path" from pg_class where relkind in ('r', 'i')`);
  const paths = new Map(rows.map(({ name, path }) => [name, path]));
  fileOf = (table) => join(folder, paths.get(table) ?? "");
  await pglite.exec("checkpoint");
  cpSync(made, image, { recursive: true });
  await device.client.stop();
  await database.close();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

beforeEach(() => {
  folder = join(directory, `copy${++folders}`);
  cpSync(image, folder, { recursive: true });
});

/** Opened as one in which damage was seen, unless another note is given. */
const open = async (note = noteOf(true, true)): Promise<OpenedPglite> => openCheckedPglite(await PGlite.create(folder), note);

/** One byte of a page that is not what was written. */
function flip(table: string, page: number): void {
  const bytes = readFileSync(fileOf(table));
  const at = page * pageBytes + pageBytes - 200;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(fileOf(table), bytes);
}

/** A new store with what was saved, before and after it is synced. */
async function mended(opened: OpenedPglite): Promise<{ readonly shown: readonly string[]; readonly synced: readonly string[] }> {
  if (opened.ok) throw new Error("it was not found damaged");
  const database = await openStore(openPglite(await emptyPglite()));
  await restoreSalvage(database, opened.salvage);
  const shown = await names(database);
  const device = await onModel(database);
  const { problems, pendingChanges } = await device.client.syncOnce();
  expect({ problems, pendingChanges }).toEqual({ problems: [], pendingChanges: 0 });
  const synced = await names(database);
  await device.client.stop();
  await database.close();
  expect(synced).toEqual(model.rows("category").map((row) => String(row["name"])).toSorted());
  return { shown, synced };
}

describe("a store left by a killed process", () => {
  it("is opened as it is when it is sound", async () => {
    const opened = await open();
    if (!opened.ok) throw opened.cause;
    expect(await names(opened.database)).toHaveLength(sent + unsent - 1);
    await opened.database.close();
  });

  it("gives its unsent changes to a new one when a byte of a table is another", async () => {
    flip("category", 1);
    const opened = await open();
    expect(opened).toMatchObject({ ok: false, cause: { code: "store.damaged" }, salvage: { told: { unsentSaved: unsent, changesLost: 0 } } });
    const { shown, synced } = await mended(opened);
    expect(shown).toContain("Категория b7");
    expect(synced).toContain("renamed");
  });

  it("is found damaged when the end of a table's file is gone, which its key still names", async () => {
    truncateSync(fileOf("category"), statSync(fileOf("category")).size - pageBytes);
    const opened = await open();
    expect(opened).toMatchObject({ ok: false, cause: { code: "store.damaged" }, salvage: { told: { unsentSaved: unsent, changesLost: 0 } } });
    expect(await open(noteOf(false))).toMatchObject({ ok: true });
  });

  it("says how many changes went with the last page of its outbox, which their effects still name", async () => {
    flip("sync_outbox", statSync(fileOf("sync_outbox")).size / pageBytes - 1);
    const opened = await open();
    if (opened.ok) throw new Error("it was not found damaged");
    const { unsentSaved, changesLost } = opened.salvage.told;
    expect(changesLost).toBeGreaterThan(0);
    expect(unsentSaved).toBeGreaterThan(0);
    expect(unsentSaved + Number(changesLost)).toBeGreaterThanOrEqual(unsent);
  });

  it("says that changes are lost when its outbox is gone", async () => {
    truncateSync(fileOf("sync_outbox"), 0);
    const opened = await open();
    expect(opened).toMatchObject({ ok: false, salvage: { outbox: [], told: { unsentSaved: 0, changesLost: unsent } } });
  });
});

describe("a look at pages while the store is used", () => {
  /** What a look finds in a store that ended uncleanly, and whether it is noted. */
  const look = async () => {
    const note = noteOf(true);
    const opened = await open(note);
    if (!opened.ok) throw opened.cause;
    let pauses = 0;
    const isDamaged = await findDamage(opened.database, async () => void (pauses += 1));
    expect(pauses > 0 || isDamaged).toBe(true);
    await opened.database.close();
    return { isDamaged, isNoted: note.isDamaged };
  };

  it("finds nothing where there is nothing", async () => {
    expect(await look()).toEqual({ isDamaged: false, isNoted: false });
  });

  it("finds a byte of a table that is another, and the next opening saves what was not sent", async () => {
    flip("category", 1);
    expect(await look()).toEqual({ isDamaged: true, isNoted: true });
    expect(await open()).toMatchObject({ ok: false, cause: { code: "store.damaged" }, salvage: { told: { unsentSaved: unsent, changesLost: 0 } } });
  });

  it("finds that the end of a table's file is gone, which its key still names", async () => {
    truncateSync(fileOf("category"), statSync(fileOf("category")).size - pageBytes);
    expect(await look()).toEqual({ isDamaged: true, isNoted: true });
  });
});

const openedWith = async (note: ReturnType<typeof noteOf>) => openPglite(await PGlite.create(folder), note);

describe("a store on which Postgres does not start", () => {
  it("gives its unsent changes where pages of its catalogue and of that one's indexes are damaged", async () => {
    for (const file of ["pg_attribute", "pg_class_oid_index"]) for (let page = 0; page < statSync(fileOf(file)).size / pageBytes; page++) flip(file, page);
    await expect(PGlite.create(folder)).rejects.toThrow();
    const salvage = await salvagePglite(await PGlite.create(folder, { startParams: [...PGlite.defaultStartParams, ...salvageParameters] }));
    expect(salvage.told).toEqual({ unsentSaved: unsent, changesLost: 0 });
    expect((await mended({ ok: false, cause: null, salvage })).shown).toContain("Категория b7");
  });

  it("gives nothing where its log is gone", async () => {
    for (const name of readdirSync(join(folder, "pg_wal"))) if (name.length === 24) rmSync(join(folder, "pg_wal", name));
    for (const startParams of [[], salvageParameters]) await expect(PGlite.create(folder, { startParams: [...PGlite.defaultStartParams, ...startParams] })).rejects.toThrow();
  });
});

describe("a count of stored rows", () => {
  it("is made after an unclean end, which a note tells from a clean one, and finds the row that is not what was written", async () => {
    const note = noteOf(false);
    const clean = await openedWith(note);
    expect(clean.endedUnclean).toBe(false);
    await clean.query(sql`select 1`);
    expect(note.isThere).toBe(false);
    // Past the store, as nobody does.
    await clean.transaction(async (transaction) => {
      expect(note.isThere).toBe(true);
      await transaction.execute(sql`update "category" set "name" = 'Kатегория a7' where "id" = 'a7'`, ["category"]);
    });
    expect(note.isThere).toBe(true);
    expect(await count(clean)).toEqual([]);
    await clean.close();
    expect(note.isThere).toBe(false);
    const unclean = await openedWith(noteOf(true));
    expect(unclean.endedUnclean).toBe(true);
    expect(await count(unclean)).toEqual(["category"]);
    await unclean.close();
  });

  it("finds the rows that are gone with the end of a table's file", async () => {
    truncateSync(fileOf("category"), pageBytes);
    const database = await openedWith(noteOf(true));
    expect(await count(database)).toEqual(["category"]);
    await database.close();
  });

  it("says that a table whose pages cannot be read is damaged, which the next start looks into", async () => {
    writeFileSync(fileOf("category"), Buffer.alloc(statSync(fileOf("category")).size, 0x5a));
    const note = noteOf(true);
    const database = await openedWith(note);
    await expect(count(database)).rejects.toMatchObject({ code: "store.damaged" });
    await database.close();
    expect(note.isThere).toBe(true);
  });
});
