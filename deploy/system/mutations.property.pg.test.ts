import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { recordMutation } from "@saldo/client-core/mutations";
import { editNames, editOf, firstImport, judgedRows, type Edit } from "@saldo/client-core/mutations/testing";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { storeWorkspace, type StoreWorkspace } from "@saldo/client-core/sync";
import { someInstant, testDevice, type Device } from "@saldo/client-core/sync/testing";
import { SaldoError } from "@saldo/schema";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/postgres.ts";
import { runRelay, type RunningRelay } from "./running-relay.ts";
import { deviceRows, serverRows } from "./same-rows.ts";

const runsOfProperty = process.env["SALDO_TEST_DEEP"] === "1" ? 100 : 4;
let database: TestDatabase;
let storageDir: string;
let relay: RunningRelay;
let runs = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  storageDir = await mkdtemp(path.join(tmpdir(), "saldo-mutations-"));
  relay = await runRelay({ databaseUrl: database.url, storageDir, replicationSlot: `slot_${database.name}` });
});
afterAll(async () => {
  await relay.close();
  await database.drop();
  await rm(storageDir, { recursive: true, force: true });
});

async function record(device: Device, edit: Edit, workspace: StoreWorkspace): Promise<void> {
  try {
    await recordMutation(device.database, edit.name, edit.args, { ...workspace, recordedAt: someInstant });
  } catch (error) {
    if (!(error instanceof SaldoError)) throw error;
  }
}

it("gives the server the rows the device had at once, whatever was edited offline", { timeout: 600_000 }, async () => {
  const command = fc.record({ name: fc.constantFrom(...editNames), picks: fc.array(fc.nat(1_000_000), { minLength: 12, maxLength: 12 }) });
  const property = fc.asyncProperty(fc.array(command, { minLength: 30, maxLength: 80 }), async (commands) => {
    const prefix = `r${runs++}`;
    const device = await testDevice(openBetterSqlite3({ path: ":memory:" }), relay.url, { bearer: await relay.signUp() });
    try {
      await device.client.syncOnce();
      const workspace = await storeWorkspace(device.database);
      if (!workspace) throw new Error("the device has no workspace");
      const judged = judgedRows(prefix, workspace.workspaceId);
      for (const { table, row } of judged) {
        const columns = Object.keys(row);
        await relay.sql(`insert into "${table}" (${columns.map((column) => `"${column}"`).join(", ")}) values (${columns.map((_, index) => `$${index + 1}`).join(", ")})`, Object.values(row));
      }
      // The server's log follows its database in its own time: what it was given there is read once it has arrived.
      const has = async (table: string) => (await device.rows(table)).length > 0;
      do await device.client.syncOnce();
      while (!(await Promise.all(judged.map(({ table }) => has(table)))).every(Boolean));
      for (const edit of firstImport(prefix)) await record(device, edit, workspace);
      for (const [step, { name, picks }] of commands.entries()) {
        let at = 0;
        await record(device, editOf(name, (below) => (picks[at++ % picks.length] ?? 0) % below, prefix, step), workspace);
      }
      const atOnce = await deviceRows(device);
      expect(await device.client.syncOnce()).toMatchObject({ state: "saved", pendingChanges: 0, problems: [] });
      expect(await serverRows(relay, workspace.workspaceId)).toEqual(atOnce);
      expect(await deviceRows(device)).toEqual(atOnce);
    } finally {
      await device.close();
    }
  });
  // Each run signs up a company, of which the relay takes only so many an hour: too few to shrink with.
  await fc.assert(property, { numRuns: runsOfProperty, endOnFailure: true });
});
