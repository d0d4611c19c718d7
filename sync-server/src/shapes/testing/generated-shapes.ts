import * as fc from "fast-check";

/** The table the generated shapes read; `big` is kept out of line, so that updates leave it out. */
export const factsSql = `
  CREATE TYPE colour AS ENUM ('red', 'grün', 'синий');
  CREATE TABLE facts (id int PRIMARY KEY, t text, v varchar(8), b bool, n numeric, i bigint, f float8, r real, d date, s timestamptz, c char(4), e colour, u uuid,
    k text COLLATE "C", big text);
  ALTER TABLE facts ALTER COLUMN big SET STORAGE EXTERNAL;
  CREATE TABLE marks (id serial PRIMARY KEY)`;

/** All columns but the key. */
export const valueColumns = ["t", "v", "b", "n", "i", "f", "r", "d", "s", "c", "e", "u", "k", "big"];

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

const anyColumn = fc.constantFrom(...Object.keys(literals));
const comparison = anyColumn.chain((column) => {
  const operators = ordered.includes(column) ? ["=", "<>", "<", "<=", ">", ">="] : ["=", "<>"];
  return fc.oneof(
    fc.tuple(fc.constantFrom(...operators), literalOf(column)).map(([operator, text]) => `${column} ${operator} ${quote(text)}`),
    fc.tuple(fc.constantFrom("IN", "NOT IN"), fc.array(fc.oneof(literalOf(column).map(quote), fc.constant("NULL")), { minLength: 1, maxLength: 3 })).map(([operator, list]) => `${column} ${operator} (${list.join(", ")})`),
    fc.constantFrom(`${column} IS NULL`, `${column} IS NOT NULL`),
  );
});
const numeric = fc.tuple(fc.constantFrom("n", "i", "f", "r"), fc.constantFrom("=", "<", ">="), fc.constantFrom("0", "0.1", "1.5", "-1", "9007199254740993")).map((parts) => parts.join(" "));
const plain = fc.oneof({ weight: 6, arbitrary: comparison }, { weight: 2, arbitrary: numeric }, { weight: 1, arbitrary: fc.constantFrom("b", "b IS NOT TRUE", "b = false", "true") },
  { weight: 3, arbitrary: fc.constantFrom("t = 'a'", "i = 1", "e = 'red'", "k IN ('a', 'b')", "v = 'ab'") });

/** What a service may refuse, but not answer wrongly. */
const mayBeRefused = fc.oneof(
  fc.tuple(fc.constantFrom("t", "v", "k", "e::text"), fc.constantFrom("LIKE", "ILIKE", "NOT LIKE"), fc.constantFrom("a%", "%", "_", "%Ж", "я/_", "i__s", "\\%")).map(([column, operator, pattern]) => `${column} ${operator} '${pattern}'`),
  fc.constantFrom(...ordered).chain((column) => fc.tuple(fc.constantFrom("BETWEEN", "NOT BETWEEN", "BETWEEN SYMMETRIC"), literalOf(column), literalOf(column)).map(([operator, low, high]) => `${column} ${operator} ${quote(low)} AND ${quote(high)}`)),
  anyColumn.chain((column) => fc.tuple(fc.constantFrom("IS DISTINCT FROM", "IS NOT DISTINCT FROM"), fc.oneof(literalOf(column).map(quote), fc.constant("NULL"))).map(([operator, text]) => `${column} ${operator} ${text}`)),
  anyColumn.chain((column) => fc.tuple(literalOf(column), literalOf(column)).map((texts) => `${column} = ANY (ARRAY[${texts.map(quote).join(", ")}]${column === "e" ? "::colour[]" : ""})`)),
  fc.constantFrom("n + 1 > 0", "n * 2 >= 0.2", "lower(t) = 'a'", "upper(k) = 'B'", "t || v = 'aa'", "i % 2 = 0", "d + 1 > '2024-01-01'", "f = i", "n < i", "t = v", "(b AND i > 0) IS UNKNOWN", "b IS NOT UNKNOWN", "NOT b", "id % 3 = 1", "n::text = '1.50'", "t = v::text"),
);
const combined = (atom: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.letrec<{ where: string }>((tie) => ({
    where: fc.oneof(
      { depthSize: "small" },
      atom,
      fc.tuple(tie("where"), fc.constantFrom("AND", "OR"), tie("where")).map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      tie("where").map((operand) => `NOT (${operand})`),
    ),
  })).where;

/** A shape as a client asks for it. */
export interface GeneratedShape {
  readonly where: string;
  readonly columns: readonly string[];
  readonly replica: "default" | "full";
  readonly log: "full" | "changes_only";
  /** True when a service may answer 400. */
  readonly mayBeRefused: boolean;
}

const shape = (where: fc.Arbitrary<string>, refusable: boolean): fc.Arbitrary<GeneratedShape> =>
  fc.record({
    where,
    columns: fc.oneof({ weight: 2, arbitrary: fc.constant(valueColumns) }, { weight: 1, arbitrary: fc.subarray(valueColumns, { minLength: 1 }) }),
    replica: fc.constantFrom("default", "full"),
    log: fc.constantFrom("full", "full", "full", "full", "full", "full", "full", "changes_only"),
    mayBeRefused: fc.constant(refusable),
  });

/** Shapes on `facts`: half of them of comparisons with constants, half with whatever else the grammar may have. */
export function generateShapes(count: number, seed: number): readonly GeneratedShape[] {
  const [some, others] = [fc.sample(shape(combined(plain), false), { numRuns: count, seed }), fc.sample(shape(combined(fc.oneof(plain, mayBeRefused)), true), { numRuns: count * 2, seed: seed + 1 })];
  return some.flatMap((first, index) => [first, ...others.slice(index * 2, index * 2 + 2)]);
}

/** What a client sends for a shape. */
export function paramsOf({ where, columns, replica, log }: GeneratedShape): Record<string, string> {
  return { table: "facts", where, replica, ...(log === "full" ? {} : { log }), ...(columns.length === valueColumns.length ? {} : { columns: ["id", ...columns].join(",") }) };
}

const big = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom(700, 700, 700, 700, 3_000)).map(([digit, length]) => `repeat('${digit}ж', ${length})`);
const assignment = fc.constantFrom(...valueColumns).chain((column) => {
  const value = column === "b" ? fc.constantFrom("true", "false") : column === "big" ? big : literalOf(column).map(quote);
  return fc.tuple(fc.constant(column), fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.constant("NULL") }));
});
const assignments = fc.uniqueArray(assignment, { selector: ([column]) => column, minLength: 1, maxLength: 8 });
const rowsBeside = 12;
/** Keys are moved to here, and deleted here. */
const elsewhere = 100;

/** One mutation of rows `base + 1` to `base + 12`. */
const mutation = (base: number): fc.Arbitrary<string> => {
  const id = fc.integer({ min: base + 1, max: base + rowsBeside });
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(id, assignments).map(([key, set]) => `INSERT INTO facts (id, ${set.map(([column]) => column).join(", ")}) VALUES (${[key, ...set.map(([, value]) => value)].join(", ")}) ON CONFLICT (id) DO NOTHING`) },
    { weight: 10, arbitrary: fc.tuple(id, assignment).map(([key, [column, value]]) => `UPDATE facts SET ${column} = ${value} WHERE id = ${key}`) },
    { weight: 2, arbitrary: fc.tuple(id, id, assignments).map(([from, to, set]) => `UPDATE facts SET ${set.map(([column, value]) => `${column} = ${value}`).join(", ")} WHERE id BETWEEN ${Math.min(from, to)} AND ${Math.max(from, to)}`) },
    { weight: 2, arbitrary: fc.tuple(id, id).map(([from, to]) => `UPDATE facts SET id = ${to + elsewhere} WHERE id = ${from} AND NOT EXISTS (SELECT FROM facts WHERE id = ${to + elsewhere})`) },
    { weight: 2, arbitrary: id.map((key) => `DELETE FROM facts WHERE id IN (${key}, ${key + elsewhere})`) },
    { weight: 1, arbitrary: fc.tuple(id, id).map(([from, to]) => `DELETE FROM facts WHERE id BETWEEN ${Math.min(from, to) + elsewhere} AND ${Math.max(from, to) + elsewhere}`) },
    { weight: 1, arbitrary: assignment.map(([column, value]) => `INSERT INTO facts (id, ${column}) SELECT g, ${value} FROM generate_series(${base + 1}, ${base + rowsBeside}) g ON CONFLICT (id) DO NOTHING`) },
    { weight: 5, arbitrary: fc.constantFrom("t", "i", "e", "k", "v").chain((column) => fc.tuple(literalOf(column), literalOf(column)).map(([from, to]) => `UPDATE facts SET ${column} = ${quote(to)} WHERE ${column} = ${quote(from)} AND id BETWEEN ${base + 1} AND ${base + rowsBeside + elsewhere}`)) },
    { weight: 1, arbitrary: fc.constant(`UPDATE facts SET i = i WHERE id BETWEEN ${base + 1} AND ${base + rowsBeside}`) },
  );
};

const savepoint = (base: number): fc.Arbitrary<string> =>
  fc.tuple(mutation(base), fc.boolean(), mutation(base)).map(([inside, kept, after]) => `SAVEPOINT one; ${inside}; ${kept ? "RELEASE" : "ROLLBACK TO"} one; ${after}`);

/** Bodies of transactions on rows `base + 1` to `base + 12` (and their moved keys): statements, and how it ends. */
export function generateTransactions(count: number, mutations: number, base: number, seed: number): readonly { readonly statements: readonly string[]; readonly end: "COMMIT" | "ROLLBACK" }[] {
  const statement = fc.oneof({ weight: 6, arbitrary: mutation(base) }, { weight: 1, arbitrary: savepoint(base) });
  const transaction = fc.record({ statements: fc.array(statement, { minLength: mutations, maxLength: mutations }), end: fc.constantFrom("COMMIT" as const, "COMMIT" as const, "COMMIT" as const, "COMMIT" as const, "ROLLBACK" as const) });
  return fc.sample(transaction, { numRuns: count, seed });
}
