import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../deploy/testing/postgres.ts";
import { factsSql } from "./testing/generated-shapes.ts";
import { runOracle } from "./testing/oracle.ts";
import { bundlePrograms, type Programs } from "./testing/powered-process.ts";
import { type Restart, type ShapeFleet, startShapeFleet } from "./testing/shape-fleet.ts";

/** Another seed: `SALDO_ORACLE_SEED=7 npx vitest run sync-server/src/shapes/oracle.pg.test.ts`. */
const seed = Number(process.env["SALDO_ORACLE_SEED"] ?? 20_261_123);
const size = { seed, shapes: 20, batches: 4, transactions: 10, mutations: 5 };
/** For a machine that does much else. */
const patienceMs = 240_000;
const restarts: readonly Restart[] = ["rolling", "power cut", "graceful"];

let programs: Programs;
let database: TestDatabase;
let fleet: ShapeFleet;
beforeAll(async () => {
  [programs, database] = await Promise.all([bundlePrograms("oracle"), createTestDatabase()]);
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(factsSql);
  await client.end();
  fleet = await startShapeFleet({ programs, databaseUrl: database.url, streamId: database.name, seed });
});
afterAll(async () => {
  await fleet.stop();
  await database.drop();
});

it(`keeps ${size.shapes} generated shapes equal to their queries through ${size.batches} batches and restarts (SALDO_ORACLE_SEED=${seed})`, { timeout: patienceMs }, async () => {
  const disturb = async (batch: number): Promise<void> => {
    const how = restarts[batch - 1];
    if (how !== undefined) await fleet.restart(how);
  };
  await expect(runOracle({ databaseUrl: database.url, url: fleet.url, disturb, official: 2 }, size)).resolves.toBeUndefined();
});
