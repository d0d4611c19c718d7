import pg, { type Pool } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../deploy/testing/postgres.ts";
import { inspectTable } from "../catalog/inspect.pg.ts";
import type { Table } from "../catalog/table.ts";
import { canonicalConnection } from "../connection-settings.ts";
import { RequestRefused } from "../refusal.ts";
import { bindWhere } from "./bind.ts";
import { canonicalConstants } from "./constants.pg.ts";
import { parseWhere } from "./parse.ts";
import { settingsQuery, whereWithParameters, whereWithSettings } from "./sql.ts";
import { ClauseGenerator } from "./testing/clauses.ts";

const seed = Number(process.env["WHERE_SEED"] ?? 20_261_123);
const stringCount = Number(process.env["WHERE_STRINGS"] ?? (process.env["SALDO_TEST_DEEP"] === "1" ? 100_000 : 20_000));
const canary = "zqxcanary";

let database: TestDatabase;
let pool: Pool;
let table: Table;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...canonicalConnection(database.url, "where"), max: 2 });
  await pool.query("CREATE TABLE notes (id int PRIMARY KEY, owner uuid, title text, done bool, amount numeric, at timestamptz, tags text[], extra jsonb, code char(4), f float8)");
  await pool.query("CREATE TABLE secrets (id int, note text)");
  const inspected = await inspectTable(pool, { schema: "public", name: "notes" }, "none");
  if (inspected === undefined) throw new Error("the test table is not there");
  ({ table } = inspected);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Everything SQL text may be made of: our own words, our columns, numbers, and places of values. */
const ownSql = new RegExp(
  String.raw`^(?:"(?:id|owner|title|done|amount|at|tags|extra|code|f)"|\$\d+|shapes\.p\d+|pg_catalog|"(?:C|POSIX|ucs_basic|default|unicode|und-x-icu)"|'(?:shapes\.p\d+|NaN|-?Infinity|-?infinity|[\d.e-]+| ?|/_|4713-11-24 BC|5874897-12-31|4000-01-01 BC|200000-01-01)'|[\d.]+(?:e-?\d+)?|` +
    String.raw`AND|OR|NOT|IS|NULL|TRUE|FALSE|UNKNOWN|DISTINCT|FROM|ANY|ALL|LIKE|ILIKE|COLLATE|CASE|WHEN|THEN|ELSE|END|SELECT|AS|IN|BETWEEN|COALESCE|GREATEST|LEAST|NULLIF|ARRAY|` +
    String.raw`current_setting|lower|upper|length|starts_with|like_escape|abs|sign|scale|div|mod|round|cardinality|array_length|array_ndims|array_cat|array_append|array_prepend|justify_days|justify_hours|justify_interval|timezone|isfinite|` +
    String.raw`text|varchar|bpchar|bool|int2|int4|int8|numeric|float4|float8|uuid|bytea|date|time|timestamp|timestamptz|interval|_text|jsonb|` +
    String.raw`x|y|d|n|i|at|later|earlier|days|shifted|dividend|divisor|quotient|operands|radicand|rounded|[\s()\[\],.:]|::|\|\|/|\|/|\|\||@>|<@|&&|<>|<=|>=|<<|>>|[-+*/%^@~&|#<>=])*$`,
);

const hostile: readonly string[] = [
  "1=1; DROP TABLE notes", "id = 1; SELECT pg_sleep(10)", "id = 1 UNION SELECT note FROM secrets", "id = 1 --", "id = 1 /*", "id = 1 */", "id IN (SELECT id FROM secrets)", "EXISTS (SELECT * FROM secrets)",
  "pg_sleep(10) IS NULL", "pg_read_file('/etc/passwd') = ''", "secrets.note = 'a'", "note = 'a'", "id::regclass = 1", "'secrets'::regclass = 1", "id = 1::\"int4; DROP TABLE notes\"", "title::\"text\"\"; --\" = ''",
  "title COLLATE \"C\"\"; DROP TABLE notes; --\" = ''", "title = '' OR (SELECT true)", "(SELECT pg_sleep(10)) IS NULL", "current_setting('shapes.p1') = ''", "set_config('a','b',false) = ''", "lo_import('/etc/passwd') = 1",
  "dblink('x','y') = ''", "query_to_xml('select 1',true,true,'') IS NULL", "id = ANY(ARRAY(SELECT id FROM secrets))", "$1 = $1", "$99999 = 1", "id = $0", "id = 1 LIMIT 1", "id = 1 FOR UPDATE", "id = 1 INTO x", "ctid = '(0,1)'",
  "xmin = 1", "tableoid = 1", "notes IS NULL", "notes.* IS NULL", "* = 1", "id = 1\u0000", "id = 1\u2028DROP", "id = 'a'::int", "id = '1' '2'", "E'\\' OR 1=1 --' = title", "$tag$a$tag$ = title", "U&\"\\0069d\" = 1",
  "id OPERATOR(pg_catalog.=) 1", "(id).x = 1", "id = CAST(1 AS pg_catalog.int4(5))", "id = 9e999999", "id = 1e131072", "2 ^ 99999999 = 1", "repeat('a', 1000000000) = title", "title LIKE '%\\'", "title LIKE 'a' ESCAPE 'ab'",
  "at > '99999999-01-01'", "at + interval '1000 years' > '2020-01-01'", "id = 1/0", "id / 0 = 1", "amount = 1e131071 * 1e131071", "tags = '{'", "tags @> '{{a},{b,c}}'", "title ~ '(((((((((((a*)*)*)*)*)*)*)*)*)*)*)b'",
  "owner = 'not a uuid'", "done = 'maybe'", "extra->>'a' = 'b'", "array_fill(1, ARRAY[10000,10000]) IS NULL", "title = ALL(SELECT note FROM secrets)", "ROW(1,2) = ROW(1,2,3)", "() = 1", "CASE END", "id IN ()", "id BETWEEN 1",
];

/** What a clause comes to: refused with 400, or SQL text that Postgres runs; anything else throws. */
async function outcome(clause: string, evaluated: boolean, run: boolean): Promise<"refused" | "taken"> {
  try {
    const bound = bindWhere(parseWhere(clause, [canary]), table, { evaluated });
    const places = bound.constants.map(({ typeSql }) => (typeSql.endsWith("]") ? "{}" : canary));
    for (const { text } of [whereWithParameters(bound, table, places), whereWithSettings(bound, table, places)]) {
      if (text.includes(canary) || !ownSql.test(text)) throw new Error(`text of the client in SQL: ${text}`);
    }
    if (!run) return "taken";
    const texts = await canonicalConstants(pool, bound, table);
    const where = whereWithParameters(bound, table, texts);
    await pool.query(`SELECT count(*) FROM notes WHERE ${where.text}`, [...where.values]);
    return "taken";
  } catch (error) {
    if (error instanceof RequestRefused && error.status === 400) return "refused";
    throw new Error(`${JSON.stringify(clause.slice(0, 500))}: ${String(error)}`, { cause: error });
  }
}

it("answers every hostile clause with 400 or takes it as a harmless one", async () => {
  const taken: string[] = [];
  for (const clause of hostile) if ((await outcome(clause, true, true)) === "taken") taken.push(clause);
  expect(taken).toEqual(["id = 1 --", "$1 = $1", "E'\\' OR 1=1 --' = title", "id / 0 = 1"]);
  const { rows } = await pool.query("SELECT to_regclass('notes') IS NOT NULL AND to_regclass('secrets') IS NOT NULL AS there");
  expect(rows).toEqual([{ there: true }]);
});

it("refuses very long and very deep text without reading it through", async () => {
  for (const clause of ["id = 1 OR ".repeat(1_000_000), "(".repeat(10_000_000), `title = '${"a".repeat(10_000_000)}'`]) expect(await outcome(clause, true, false)).toBe("refused");
  for (const piece of ["(", "NOT ", "-", "~ ", "ARRAY[", "lower(", "CASE WHEN ", "id IN (", "cast(", "/*", "[", "@", "id = ANY("]) expect(await outcome(piece.repeat(Math.floor(60_000 / piece.length)), true, false), piece).toBe("refused");
});

/** Clauses and pieces of them, cut, doubled, swapped and spoilt. */
class Mutator extends ClauseGenerator {
  readonly #pieces: readonly string[] = [
    "'", '"', "''", ";", "--", "/*", "*/", "(", ")", "[", "]", "::", "$1", "$2", "\\", "\0", "\n", "%", "_", ",", ".", " ", "é", "\u{1f600}", "\ud800", "SELECT", "UNION", "ANY(", "NULL", "NOT ", " AND ", " OR ", " = ", "<>", "->", "->>", "@>", "||",
    "id", "title", "secrets", "pg_sleep(1)", "current_user", canary, `'${canary}'`, `"${canary}"`, "1e9", "0x1F", "-", "+", "interval '1 day'", "E'\\x41'", "COLLATE \"C\"", " IN (", "LIKE ", "CASE WHEN ", " END", "int4", "jsonb",
  ];

  #base(): string {
    const swaps: readonly (readonly [RegExp, string])[] = [[/\b(?:i2|i4|i8|j4)\b/g, "id"], [/\b(?:t|v|u2|k|c)\b/g, "title"], [/\b(?:n|n2)\b/g, "amount"], [/\b(?:b|b2)\b/g, "done"], [/\bu\b/g, "owner"], [/\b(?:f4|f8|g8)\b/g, "f"], [/\btz\b/g, "at"], [/\bat\b(?! time)/gi, "tags"]];
    return this.below(4) === 0 ? this.pick(hostile) : swaps.reduce((clause, [from, to]) => clause.replaceAll(from, to), this.condition(2));
  }

  mutated(): string {
    let clause = this.#base();
    for (let edits = this.below(4); edits > 0; edits--) {
      const [at, to] = [this.below(clause.length + 1), this.below(clause.length + 1)];
      const edit = this.below(5);
      if (edit === 0) clause = clause.slice(0, at) + clause.slice(at + 1 + this.below(5));
      else if (edit === 1) clause = clause.slice(0, at) + this.pick(this.#pieces) + clause.slice(at);
      else if (edit === 2) clause = clause.slice(0, at) + clause.slice(Math.min(at, to), Math.max(at, to)) + clause.slice(at);
      else if (edit === 3) clause = clause.slice(0, at) + String.fromCharCode(this.below(256)) + clause.slice(at + 1);
      else clause = Array.from({ length: 1 + this.below(12) }, () => this.pick(this.#pieces)).join(this.pick(["", " "]));
    }
    return clause;
  }
}

it(`passes none of ${stringCount} mutated clauses on as SQL text (replay: WHERE_SEED=${seed})`, { timeout: 600_000 }, async () => {
  const mutator = new Mutator(seed);
  let taken = 0;
  for (let count = 0; count < stringCount; count++) {
    if ((await outcome(mutator.mutated(), count % 2 === 0, count % 50 === 0)) === "taken") taken += 1;
  }
  expect(taken).toBeGreaterThan(stringCount / 20);
});

it("hands values to COPY as settings, and finds rows by an index", async () => {
  await pool.query("CREATE TABLE items (id int PRIMARY KEY, owner uuid, title text, n int)");
  await pool.query("INSERT INTO items SELECT i, md5((i / 10)::text)::uuid, 'it''s ' || i, i % 100 FROM generate_series(1, 20000) AS i");
  await pool.query("CREATE INDEX ON items (owner); CREATE INDEX ON items (n); ANALYZE items");
  const inspected = await inspectTable(pool, { schema: "public", name: "items" }, "none");
  if (inspected === undefined) throw new Error("the test table is not there");
  const { rows: [sample] } = await pool.query<{ owner: string }>("SELECT owner::text FROM items WHERE id = 500");
  const client = await pool.connect();
  try {
    for (const [clause, params, count, index] of [["owner = $1", [sample?.owner ?? ""], 10, "items_owner_idx"], ["owner = ANY($1) AND title <> 'it''s 501'", [`{${sample?.owner ?? ""}}`], 9, "items_owner_idx"], ["id IN (1, 2, 3)", [], 3, "items_pkey"], ["n = 5 AND id < 300", [], 3, "items_"]] as const) {
      const bound = bindWhere(parseWhere(clause, params), inspected.table);
      const where = whereWithSettings(bound, inspected.table, await canonicalConstants(pool, bound, inspected.table));
      await client.query("BEGIN");
      await client.query(settingsQuery(where.values));
      const { rows: plan } = await client.query<{ "QUERY PLAN": string }>(`EXPLAIN SELECT id FROM ONLY items WHERE ${where.text}`);
      expect(plan.map((line) => line["QUERY PLAN"]).join("\n"), clause).toContain(index);
      const { rows: [found] } = await client.query<{ count: string }>(`SELECT count(*) FROM ONLY items WHERE ${where.text}`);
      expect(Number(found?.count), clause).toBe(count);
      await client.query("COMMIT");
    }
  } finally {
    client.release();
  }
});
