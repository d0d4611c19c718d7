import { SaldoError } from "@saldo/schema";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { recordMutation } from "../mutations/record.ts";
import { editNames, editOf, firstImport } from "../mutations/testing/edits.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import { openStore, type LocalDatabase } from "../store/index.ts";
import { refreshRollups } from "./rollups.ts";
import { linesOfRollups, linesOfRows } from "./testing/as-rows.ts";

const isDeep = process.env["SALDO_TEST_DEEP"] === "1";
const recordedAt = "2026-01-01T00:00:00.000Z";
const drivers = [
  { driver: "SQLite", runs: isDeep ? 600 : 60, open: () => Promise.resolve(openBetterSqlite3({ path: ":memory:" })) },
  { driver: "PGlite", runs: isDeep ? 200 : 20, open: async () => openPglite(await emptyPglite()) },
];

describe.each(drivers)("rollups on $driver", ({ runs, open }) => {
  let database: LocalDatabase;
  let run = 0;
  beforeAll(async () => {
    database = await openStore(await open());
  });
  afterAll(() => database.close());

  const record = async (workspaceId: string, name: Parameters<typeof recordMutation>[1], args: unknown) => {
    try {
      await recordMutation(database, name, args, { workspaceId, userId: "u", recordedAt });
    } catch (error) {
      if (!(error instanceof SaldoError)) throw error;
    }
  };
  const expectRight = async (workspaceId: string, what: string) => {
    const [found, plain] = await database.snapshot(async (reader) => [await linesOfRollups(reader, workspaceId), await linesOfRows(reader, workspaceId)] as const);
    expect(found, what).toEqual(plain);
  };

  it("are what the rows come to after any edits, imports and undos, refreshed or not", async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ edit: fc.constantFrom(...editNames), picks: fc.array(fc.nat(1_000_000), { minLength: 12, maxLength: 12 }) }) },
      { weight: 2, arbitrary: fc.constant("refresh" as const) },
      { weight: 1, arbitrary: fc.constantFrom("loading" as const, "complete" as const, "undone" as const) },
    );
    const property = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const workspaceId = `w${run++}`;
      const workspace = { id: workspaceId, name: "W", currency: "EUR", locale: "en", plan: "trial", created_at: recordedAt };
      await database.transaction(async (transaction) => void (await transaction.insertRows("workspace", Object.keys(workspace), [Object.values(workspace)], "fail")));
      for (const { name, args } of firstImport(workspaceId)) {
        await record(workspaceId, name, args);
        await refreshRollups(database, workspaceId);
      }
      for (const [index, each] of steps.entries()) {
        if (each === "refresh") await refreshRollups(database, workspaceId);
        else if (typeof each === "string") {
          // A checkpoint may bring any status of an import.
          await database.transaction((transaction) => transaction.execute(sql`update "import" set "status" = ${each} where "id" = ${`${workspaceId}-import`}`, ["import"]));
        } else {
          let at = 0;
          const edit = editOf(each.edit, (below) => (each.picks[at++ % each.picks.length] ?? 0) % below, workspaceId, index);
          await record(workspaceId, edit.name, edit.args);
        }
        if (index % 5 === 0) await expectRight(workspaceId, `step ${index}`);
      }
      await refreshRollups(database, workspaceId);
      await expectRight(workspaceId, "at the end");
      expect(await database.query(sql`select "what" from "rollup_stale" where "workspace_id" = ${workspaceId}`)).toEqual([]);
    });
    await fc.assert(property, { numRuns: runs });
  });
});
