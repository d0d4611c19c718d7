import pg, { type Pool } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../deploy/testing/postgres.ts";
import { inspectTable } from "../catalog/inspect.pg.ts";
import type { Table } from "../catalog/table.ts";
import { canonicalConnection } from "../connection-settings.ts";
import { RequestRefused } from "../refusal.ts";
import { CopyOut } from "../snapshot/copy-out.ts";
import { bindWhere } from "./bind.ts";
import { compileWhere } from "./compile.ts";
import { canonicalConstants } from "./constants.pg.ts";
import { equalityKeys } from "./equality.ts";
import { parseWhere } from "./parse.ts";
import { settingsQuery, whereWithParameters, whereWithSettings } from "./sql.ts";
import type { BoundWhere } from "./term.ts";
import { ClauseGenerator, columns } from "./testing/clauses.ts";

const deep = process.env["SALDO_TEST_DEEP"] === "1";
const seed = Number(process.env["WHERE_SEED"] ?? 20_261_123);
const clauseCount = Number(process.env["WHERE_CLAUSES"] ?? (deep ? 20_000 : 1_000));
const rowCount = 40;

let database: TestDatabase;
let pool: Pool;
let table: Table;
let rows: (string | null)[][];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...canonicalConnection(database.url, "where"), max: 2 });
  const all = Object.values(columns).flat();
  await pool.query("CREATE TYPE colour AS ENUM ('red', 'grün', 'синий')");
  await pool.query(`CREATE TABLE facts (id int PRIMARY KEY, ${all.map(([name, type]) => `${name} ${type}`).join(", ")})`);
  const generator = new ClauseGenerator(seed);
  const names = all.map(([name]) => name).join(", ");
  for (let id = 1; id <= rowCount; id++) {
    const places = all.map(([, type], at) => `$${at + 2}::text::${type.replace(/ COLLATE.*/, "")}`).join(", ");
    await pool.query(`INSERT INTO facts (id, ${names}) VALUES ($1, ${places})`, [id, ...generator.row()]);
  }
  const inspected = await inspectTable(pool, { schema: "public", name: "facts" }, "none");
  if (inspected === undefined) throw new Error("the test table is not there");
  ({ table } = inspected);
  const shown = table.columns.map(({ name }) => `CASE WHEN "${name}" IS NULL THEN NULL ELSE concat("${name}") END`).join(", ");
  rows = (await pool.query<{ shown: (string | null)[] }>(`SELECT ARRAY[${shown}] AS shown FROM facts ORDER BY id`)).rows.map((row) => row.shown);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** The clause's truth for each row, or the error Postgres has with it. */
async function truths(text: string, values: readonly string[]): Promise<(boolean | null)[] | string> {
  try {
    const found = await pool.query<{ truth: boolean | null }>(`SELECT (${text}) AS truth FROM facts ORDER BY id`, [...values]);
    return found.rows.map(({ truth }) => truth);
  } catch (error) {
    return error instanceof Error ? error.message : "failed";
  }
}

/** The rows a snapshot would copy. */
async function copiedIds(bound: BoundWhere, texts: readonly (string | null)[]): Promise<string[]> {
  const where = whereWithSettings(bound, table, texts);
  const client = await pool.connect();
  try {
    await client.query("BEGIN READ ONLY");
    if (where.values.length > 0) await client.query(settingsQuery(where.values));
    const ids: string[] = [];
    await client.query(new CopyOut(`SELECT id::text FROM ONLY facts WHERE ${where.text} ORDER BY facts.id`, (bytes) => ids.push(bytes.toString()))).done;
    return ids;
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}

it(`evaluates ${clauseCount} generated clauses as Postgres does (replay: WHERE_SEED=${seed})`, { timeout: 600_000 }, async () => {
  const generator = new ClauseGenerator(seed);
  const tally = { same: 0, refused: 0, failing: 0, indexed: 0 };
  const reasons = new Map<string, number>();
  const faults: string[] = [];
  for (let count = 0; count < clauseCount && faults.length < 20; count++) {
    const clause = generator.condition(3);
    let bound;
    let texts;
    try {
      bound = bindWhere(parseWhere(clause, []), table);
      texts = await canonicalConstants(pool, bound, table);
    } catch (error) {
      if (!(error instanceof RequestRefused) || error.status !== 400) throw new Error(`${clause}: ${String(error)}`, { cause: error });
      tally.refused += 1;
      const reason = JSON.stringify(error.body["errors"]).replaceAll(/\d+/g, "#");
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      continue;
    }
    const predicate = compileWhere(bound, texts, table);
    const ours = rows.map((row) => predicate(row));
    const rendered = whereWithParameters(bound, table, texts);
    const handed = await truths(rendered.text, rendered.values);
    const copied = count % 10 === 0 ? await copiedIds(bound, texts) : undefined;
    const written = await truths(clause, []);
    const differs = (theirs: (boolean | null)[]): string => theirs.flatMap((truth, at) => (truth === ours[at] ? [] : [`row ${at + 1}: Postgres ${String(truth)}, here ${String(ours[at])}`])).slice(0, 3).join("; ");
    if (typeof handed === "string") faults.push(`${clause}\n  rendered fails: ${handed}\n  ${rendered.text}`);
    else if (differs(handed) !== "") faults.push(`${clause}\n  rendered: ${differs(handed)}\n  ${rendered.text}`);
    const expected = ours.flatMap((truth, at) => (truth === true ? [String(at + 1)] : []));
    if (copied !== undefined && copied.join() !== expected.join()) faults.push(`${clause}\n  COPY gave ${copied.join()}, expected ${expected.join()}`);
    if (typeof written === "string") tally.failing += 1;
    else if (differs(written) !== "") faults.push(`${clause}\n  written: ${differs(written)}`);
    else tally.same += 1;
    const keys = equalityKeys(bound, texts, table);
    if (keys !== undefined) {
      tally.indexed += 1;
      const found = rows.filter((row) => keys.some(({ index, values }) => values.includes(row[index] ?? "\0")));
      if (rows.some((row) => predicate(row) === true && !found.includes(row))) faults.push(`${clause}\n  is not found by its key`);
    }
  }
  if (process.env["WHERE_REPORT"] !== undefined) console.log(tally, [...reasons].toSorted((a, b) => b[1] - a[1]).slice(0, 40));
  expect(faults).toEqual([]);
  expect(tally.same).toBeGreaterThan(clauseCount / 2);
});
