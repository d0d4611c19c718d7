import { cpSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { tableCodec, tables, toBound, type TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { systemClock } from "../../sync/ports.ts";
import { createRecounter } from "../../sync/recounter.ts";
import type { LocalDatabase } from "../local-database.ts";
import { openStore } from "../migrate.ts";
import { openPglite } from "./pglite.ts";

const rows = 500;
const directory = mkdtempSync(join(tmpdir(), "saldo-pglite-"));
const image = join(directory, "killed");
let folders = 0;
let folder = "";
/** The file of the table, below a database's folder. */
let tableFile = "";

/** A note that lasts as long as the test. */
function noteOf(wasThere: boolean) {
  const note = { wasThere, isThere: wasThere, write: async () => void (note.isThere = true), remove: async () => void (note.isThere = false) };
  return note;
}

/** What a count finds that runs as the sync client runs it. */
async function count(database: LocalDatabase): Promise<{ readonly counted: readonly TableName[]; readonly damaged: readonly TableName[] }> {
  const found: { counted: TableName[]; damaged: TableName[] } = { counted: [], damaged: [] };
  const recounter = createRecounter({
    ports: { database, clock: systemClock(), log: () => undefined },
    signal: new AbortController().signal,
    counted: (shape) => void found.counted.push(shape),
    damaged: (shape) => void found.damaged.push(shape),
  });
  await recounter.run();
  return found;
}

/** A counted store, as a process leaves it that is killed within a write; each test works on a copy. */
beforeAll(async () => {
  const made = join(directory, "made");
  const pglite = await PGlite.create(made);
  const database = await openStore(openPglite(pglite));
  const { columns } = tableCodec(tables.counterparty);
  const values: Readonly<Record<string, string>> = { workspaceId: "w", createdAt: "2026-01-01T00:00:00.000Z" };
  const valueOf = (key: string, index: number) => (key === "id" ? `p${String(index).padStart(4, "0")}` : key === "name" ? `ООО Ромашка ${index}` : (values[key] ?? null));
  const all = Array.from({ length: rows }, (_, index) => columns.map(({ key, declaration }) => toBound(declaration.type, valueOf(key, index), "postgres")));
  await database.transaction(async (transaction) => {
    await transaction.insertRows("counterparty", columns.map((column) => column.sql), all, "fail");
    await transaction.insertRows("sync_shape", ["name", "handle", "offset", "lsn", "status"], [["counterparty", "h", "0_0", "1", "live"]], "replace");
  });
  expect(await count(database)).toEqual({ counted: ["counterparty"], damaged: [] });
  tableFile = String((await pglite.query<{ readonly file: string }>(`select pg_relation_filepath('counterparty') as "file"`)).rows[0]?.file);
  await pglite.exec("checkpoint");
  cpSync(made, image, { recursive: true });
  await database.close();
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

beforeEach(() => {
  folder = join(directory, `copy${++folders}`);
  cpSync(image, folder, { recursive: true });
});

it("tells an unclean end from a clean one", async () => {
  const note = noteOf(false);
  const database = openPglite(await PGlite.create(folder), note);
  expect(database.endedUnclean).toBe(false);
  await database.query(sql`select 1`);
  expect(note.isThere).toBe(false);
  await database.transaction(async (transaction) => {
    expect(note.isThere).toBe(true);
    await transaction.execute(sql`delete from "counterparty" where "id" = 'p0001'`, ["counterparty"]);
  });
  expect(note.isThere).toBe(true);
  await database.close();
  expect(note.isThere).toBe(false);
  const again = openPglite(await PGlite.create(folder), noteOf(true));
  expect(again.endedUnclean).toBe(true);
  await again.close();
});

it("counts all rows anew after an unclean end, and finds the one that is not what was written", async () => {
  const tampered = await PGlite.create(folder);
  await tampered.exec(`update "counterparty" set "name" = 'ООО Ромашкa 7' where "id" = 'p0007'`);
  await tampered.close();
  const clean = openPglite(await PGlite.create(folder), noteOf(false));
  expect(await count(clean)).toEqual({ counted: [], damaged: [] });
  await clean.close();
  const unclean = openPglite(await PGlite.create(folder), noteOf(true));
  expect(await count(unclean)).toEqual({ counted: [], damaged: ["counterparty"] });
  await unclean.close();
});

it("finds the rows that are gone with the end of a table's file", async () => {
  truncateSync(join(folder, tableFile), 8_192);
  const database = openPglite(await PGlite.create(folder), noteOf(true));
  expect(await count(database)).toEqual({ counted: [], damaged: ["counterparty"] });
  await database.close();
});

it("says that a table whose pages cannot be read is damaged, and looks at it again the next time", async () => {
  writeFileSync(join(folder, tableFile), Buffer.alloc(statSync(join(folder, tableFile)).size, 0x5a));
  const note = noteOf(true);
  const database = openPglite(await PGlite.create(folder), note);
  await expect(count(database)).rejects.toMatchObject({ code: "store.damaged" });
  await database.close();
  expect(note.isThere).toBe(true);
});
