import { afterAll, beforeAll, expect, it } from "vitest";
import * as fc from "fast-check";
import { z } from "zod";
import { type ShapeServer, startShapeServer } from "./testing/shape-server.ts";

const shapeCount = 30;
const batches = 6;
const seed = 20_261_123;

const row = z.record(z.string(), z.string().nullable());
const messages = z.array(z.object({ key: z.string().optional(), value: row.optional(), headers: z.object({ operation: z.string().optional() }) }));

let server: ShapeServer;
beforeAll(async () => {
  server = await startShapeServer({ chunkBytesMin: 2_000 });
  await server.client.query("CREATE TYPE colour AS ENUM ('red', 'grün', 'синий')");
  await server.client.query(`CREATE TABLE facts (id int PRIMARY KEY, t text, v varchar(8), b bool, n numeric, i bigint, f float8, r real, d date, s timestamptz, c char(4), e colour, u uuid,
    k text COLLATE "C")`);
});
afterAll(() => server.stop());

const literals: Readonly<Record<string, readonly string[]>> = {
  t: ["", "a", "A", "é", "я/ж", "it's"],
  v: ["a", "ab", ""],
  n: ["0", "1.50", "-2", "99999999999999999999.5", "NaN", "0.1"],
  i: ["0", "1", "-1", "9007199254740993", "9223372036854775807"],
  f: ["0", "0.1", "-1.5", "1e300", "NaN", "Infinity"],
  r: ["0.1", "0.5", "-3"],
  d: ["2024-02-29", "1999-12-31", "0044-03-15 BC", "infinity"],
  s: ["2024-02-29 12:00:00+03", "2024-02-29 09:00:00.5+00", "-infinity"],
  c: ["a", "ab  ", ""],
  e: ["red", "grün", "синий"],
  u: ["00000000-0000-0000-0000-000000000001", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"],
  k: ["", "a", "B", "b", "ж", "\u{1f600}"],
};
const ordered = ["n", "i", "f", "r", "d", "s", "u", "k"];
const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const literalOf = (column: string): fc.Arbitrary<string> => fc.constantFrom(...(literals[column] ?? []));

const comparison = fc.constantFrom(...Object.keys(literals)).chain((column) => {
  const operators = ordered.includes(column) ? ["=", "<>", "<", "<=", ">", ">="] : ["=", "<>"];
  return fc.oneof(
    fc.tuple(fc.constantFrom(...operators), literalOf(column)).map(([operator, text]) => `${column} ${operator} ${quote(text)}`),
    fc.tuple(fc.constantFrom("IN", "NOT IN"), fc.array(fc.oneof(literalOf(column).map(quote), fc.constant("NULL")), { minLength: 1, maxLength: 3 })).map(([operator, list]) => `${column} ${operator} (${list.join(", ")})`),
    fc.constantFrom(`${column} IS NULL`, `${column} IS NOT NULL`),
  );
});
const numeric = fc.tuple(fc.constantFrom("n", "i", "f", "r"), fc.constantFrom("=", "<", ">="), fc.constantFrom("0", "0.1", "1.5", "-1", "9007199254740993")).map((parts) => parts.join(" "));
const atom = fc.oneof(comparison, numeric, fc.constantFrom("b", "b IS NOT TRUE", "b = false", "t = v::text", "true"));
const { where } = fc.letrec<{ where: string }>((tie) => ({
  where: fc.oneof(
    { depthSize: "small" },
    atom,
    fc.tuple(tie("where"), fc.constantFrom("AND", "OR"), tie("where")).map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    tie("where").map((operand) => `NOT (${operand})`),
  ),
}));

const assignment = fc.constantFrom("b", ...Object.keys(literals)).chain((column) => {
  const value = column === "b" ? fc.constantFrom("true", "false") : literalOf(column).map(quote);
  return fc.tuple(fc.constant(column), fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.constant("NULL") }));
});
const id = fc.integer({ min: 1, max: 12 });
const statement = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(id, fc.uniqueArray(assignment, { selector: ([column]) => column, maxLength: 8 })).map(([key, set]) => {
    const columns = ["id", ...set.map(([column]) => column)].join(", ");
    return `INSERT INTO facts (${columns}) VALUES (${[key, ...set.map(([, value]) => value)].join(", ")}) ON CONFLICT (id) DO NOTHING`;
  }) },
  { weight: 5, arbitrary: fc.tuple(id, assignment).map(([key, [column, value]]) => `UPDATE facts SET ${column} = ${value} WHERE id = ${key}`) },
  { weight: 1, arbitrary: fc.tuple(id, id).map(([from, to]) => `UPDATE facts SET id = ${to + 100} WHERE id = ${from} AND NOT EXISTS (SELECT FROM facts WHERE id = ${to + 100})`) },
  { weight: 1, arbitrary: id.map((key) => `DELETE FROM facts WHERE id IN (${key}, ${key + 100})`) },
);
const transaction = fc.tuple(fc.array(statement, { minLength: 1, maxLength: 5 }), fc.constantFrom("COMMIT", "COMMIT", "COMMIT", "ROLLBACK"));

class Materialised {
  readonly rows = new Map<string, z.infer<typeof row>>();
  readonly #params: Record<string, string>;
  #handle = "";
  #offset = "-1";

  constructor(params: Record<string, string>) {
    this.#params = params;
  }

  /** Reads on until the shape says that it is complete through `lsn`. */
  async catchUp(): Promise<void> {
    for (;;) {
      const query = new URLSearchParams({ ...this.#params, offset: this.#offset, ...(this.#offset === "-1" ? {} : { handle: this.#handle }) });
      const response = await fetch(`${server.url}?${query.toString()}`);
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${response.status} ${text} for ${query.toString()}`);
      for (const { key, value, headers } of messages.parse(JSON.parse(text))) if (key !== undefined && value !== undefined) this.#apply(headers.operation, key, value);
      this.#handle = response.headers.get("electric-handle") ?? "";
      this.#offset = response.headers.get("electric-offset") ?? "";
      if (response.headers.has("electric-up-to-date")) return;
    }
  }

  #apply(operation: string | undefined, key: string, value: z.infer<typeof row>): void {
    const existing = this.rows.get(key);
    if ((operation === "insert") !== (existing === undefined)) throw new Error(`${operation ?? "?"} of ${key}`);
    if (operation === "delete") this.rows.delete(key);
    else this.rows.set(key, { ...existing, ...value });
  }
}

it(`keeps ${shapeCount} generated shapes equal to their queries through ${batches} batches and restarts (seed ${seed})`, async () => {
  const clauses = fc.sample(where.filter((clause) => !clause.includes("v::text")), { numRuns: shapeCount, seed });
  const shapes = clauses.map((clause) => ({ clause, shape: new Materialised({ table: "facts", where: clause, replica: clause.length % 2 === 0 ? "full" : "default" }) }));
  await server.client.query("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, DMY'");
  const textColumns = ["id", "b", ...Object.keys(literals)].map((column) => `concat(${column}) AS ${column}`).join(", ");
  for (let batch = 0; batch < batches; batch++) {
    for (const [statements, end] of fc.sample(transaction, { numRuns: 25, seed: seed + batch })) await server.client.query(["BEGIN", ...statements, end].join("; "));
    if (batch % 3 === 2) await server.restart();
    const { rows: [mark] } = await server.client.query<{ lsn: string }>("SELECT (pg_current_wal_insert_lsn() - '0/0')::text AS lsn");
    await server.client.query("INSERT INTO facts (id) VALUES ($1)", [1_000 + batch]);
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (server.service.currentLsn() >= BigInt(mark?.lsn ?? 0)) resolve();
      };
      server.service.subscribe(check);
      check();
    });
    for (const { clause, shape } of shapes) {
      await shape.catchUp();
      const expected = await server.client.query<Record<string, string>>(`SELECT ${textColumns} FROM facts WHERE ${clause} ORDER BY facts.id`);
      const actual = [...shape.rows.values()].toSorted((a, b) => Number(a["id"]) - Number(b["id"]));
      expect(actual.map((values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, (name === "b" ? value?.slice(0, 1) : value) ?? ""]))), clause).toEqual(
        expected.rows.map((values) => Object.fromEntries(["id", "t", "v", "b", "n", "i", "f", "r", "d", "s", "c", "e", "u", "k"].map((name) => [name, values[name] ?? ""]))),
      );
    }
  }
});
