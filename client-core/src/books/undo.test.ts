import { isRevertibleTable, type MutationName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { editNames, editOf, firstImport, judgedRows } from "../mutations/testing/edits.ts";
import { recordMutation } from "../mutations/index.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import { openStore, type LocalDatabase } from "../store/index.ts";
import { editHistory, type EditHistory } from "./undo.ts";

const recordedAt = "2026-01-01T00:00:00.000Z";
const kinds: Readonly<Record<string, () => Promise<LocalDatabase>>> = {
  "better-sqlite3": async () => openBetterSqlite3({ path: ":memory:" }),
  PGlite: async () => openPglite(await emptyPglite()),
};
const revertibleTables = ["account", "category", "transaction", "counterparty", "rule", "report", "planned_item", "scenario", "exchange_rate", "import_mapping", "finding", "recommendation", "feedback"];
let runs = 0;

describe.each(Object.entries(kinds))("undo and redo on %s", (_kind, open) => {
  let database: LocalDatabase;
  beforeAll(async () => {
    database = await openStore(await open());
  });
  afterAll(() => database.close());

  const fresh = async (): Promise<{ readonly workspaceId: string; readonly history: EditHistory; readonly others: (name: MutationName, args: unknown) => Promise<unknown> }> => {
    const workspaceId = `w${runs++}`;
    const context = { workspaceId, userId: "u", recordedAt };
    await database.transaction(async (transaction) => {
      await transaction.execute(sql`delete from "device_setting"`, ["device_setting"]);
      for (const { table, row } of judgedRows(workspaceId, workspaceId)) await transaction.insertRows(table, Object.keys(row), [Object.values(row)], "fail");
    });
    for (const { name, args } of firstImport(workspaceId)) await recordMutation(database, name, args, context);
    return { workspaceId, history: editHistory(database, () => Promise.resolve(context)), others: (name, args) => recordMutation(database, name, args, context) };
  };
  const rows = async (table: string, workspaceId: string) => (await database.query(sql`select * from ${sql.identifier(table)} where "workspace_id" = ${workspaceId} order by "id"`)).map((row) => ({ ...row }));
  const all = async (workspaceId: string) => Promise.all(revertibleTables.map((table) => rows(table, workspaceId)));

  it("takes the last edit back, then the one before, and makes them again in their order", async () => {
    const { workspaceId, history } = await fresh();
    const states = [await all(workspaceId)];
    for (const name of ["One", "Two", "Three"]) {
      await history.record([{ name: "category.rename", args: { categoryId: `${workspaceId}-category-0`, name } }]);
      states.push(await all(workspaceId));
    }
    for (const expected of [2, 1, 0]) {
      expect(await history.undo()).toMatchObject({ mutation: "category.rename", rows: 1 });
      expect(await all(workspaceId)).toEqual(states[expected]);
    }
    expect(await history.undo()).toBeNull();
    for (const expected of [1, 2, 3]) {
      await history.redo();
      expect(await all(workspaceId)).toEqual(states[expected]);
    }
    expect(await history.redo()).toBeNull();
  });

  it("takes a split back and makes it again, whole or in other parts, and leaves it where somebody has changed a part since", async () => {
    const { workspaceId, history, others } = await fresh();
    const id = `${workspaceId}-transaction-1`;
    const parts = (...amounts: readonly number[]) => ({ id, parts: amounts.map((amountMinor, index) => ({ id: `${workspaceId}-p${amounts.length}-${index}`, amountMinor, categoryId: null, note: null })), createdAt: recordedAt });
    const whole = await all(workspaceId);
    await history.record([{ name: "transaction.split", args: parts(-100, -1) }]);
    const inTwo = await all(workspaceId);
    await history.record([{ name: "transaction.split", args: parts(-50, -50, -1) }]);
    const inThree = await all(workspaceId);
    await history.undo();
    expect(await all(workspaceId)).toEqual(inTwo);
    await history.undo();
    expect(await all(workspaceId)).toEqual(whole);
    await history.redo();
    expect(await all(workspaceId)).toEqual(inTwo);
    await history.redo();
    expect(await all(workspaceId)).toEqual(inThree);
    await history.record([{ name: "transaction.unsplit", args: { id } }]);
    expect(await all(workspaceId)).toEqual(whole);
    await history.undo();
    expect(await all(workspaceId)).toEqual(inThree);
    await others("transaction.setNote", { id: `${workspaceId}-p3-0`, note: "theirs" });
    const changed = await all(workspaceId);
    await history.undo();
    expect(await all(workspaceId)).toEqual(changed);
  });

  it("gives each row its own category back, with where it came from", async () => {
    const { workspaceId, history } = await fresh();
    const before = await rows("transaction", workspaceId);
    const ids = before.map((row) => Object(row).id);
    await history.record([{ name: "transaction.recategorise", args: { ids, categoryId: `${workspaceId}-category-2` } }]);
    expect(await history.undo()).toMatchObject({ rows: 14 });
    expect(await rows("transaction", workspaceId)).toEqual(before);
  });

  it("leaves alone what was changed since, says so, and forgets the step", async () => {
    const { workspaceId, history, others } = await fresh();
    const categoryId = `${workspaceId}-category-0`;
    await history.record([{ name: "category.rename", args: { categoryId, name: "Mine" } }]);
    await others("category.rename", { categoryId, name: "Theirs" });
    expect(await history.undo()).toMatchObject({ rows: 0 });
    expect((await rows("category", workspaceId))[0]).toMatchObject({ name: "Theirs" });
    expect(await history.state(database)).toEqual({ undo: null, redo: null });
  });

  it("forgets what is undone at a new edit, and the oldest of many", async () => {
    const { workspaceId, history } = await fresh();
    const rename = (name: string) => history.record([{ name: "category.rename", args: { categoryId: `${workspaceId}-category-0`, name } }]);
    for (let edit = 0; edit < 60; edit++) await rename(`N${edit}`);
    await history.undo();
    expect((await history.state(database)).redo).not.toBeNull();
    await rename("Another");
    expect((await history.state(database)).redo).toBeNull();
    let taken = 0;
    while ((await history.undo()) !== null) taken++;
    expect(taken).toBe(50);
  });

  it("takes a named edit back while later ones stay; nothing is recorded of an edit that was refused", async () => {
    const { workspaceId, history } = await fresh();
    const first = await history.record([{ name: "account.rename", args: { accountId: `${workspaceId}-account-0`, name: "First" } }]);
    await history.record([{ name: "account.rename", args: { accountId: `${workspaceId}-account-1`, name: "Second" } }]);
    await history.undo(first ?? undefined);
    expect((await rows("account", workspaceId)).map((row) => Object(row).name)).toEqual([`${workspaceId}-account-0`, "Second"]);
    const before = await all(workspaceId);
    const good = { name: "account.rename", args: { accountId: `${workspaceId}-account-0`, name: "x" } } as const;
    await expect(history.record([good, { name: "account.rename", args: { accountId: "none", name: "x" } }])).rejects.toMatchObject({ code: "mutation.row_missing" });
    expect(await all(workspaceId)).toEqual(before);
  });

  it("comes back to the same rows after any edits, undone and redone", async () => {
    const names = editNames.filter((name) => !["import.undo", "edit.revert", "report.remove"].includes(name));
    const command = fc.record({ name: fc.constantFrom(...names), picks: fc.array(fc.nat(1_000_000), { minLength: 12, maxLength: 12 }) });
    const property = fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 25 }), async (commands) => {
      const { workspaceId, history } = await fresh();
      for (const [step, { name, picks }] of commands.entries()) {
        let at = 0;
        const edit = editOf(name, (below) => (picks[at++ % picks.length] ?? 0) % below, workspaceId, step);
        // Refusals are part of the run.
        await history.record([edit]).catch(() => null);
      }
      const last = await all(workspaceId);
      while ((await history.undo()) !== null);
      const undone = await all(workspaceId);
      while ((await history.redo()) !== null);
      expect(await all(workspaceId)).toEqual(last);
      while ((await history.undo()) !== null);
      expect(await all(workspaceId)).toEqual(undone);
    });
    await fc.assert(property, { numRuns: 8 });
  });
});

it("knows the tables of which an edit can be taken back", () => {
  expect(revertibleTables.every(isRevertibleTable)).toBe(true);
});
