import type { Pool, PoolClient } from "pg";
import { z } from "zod";
import { withRendering } from "../connection-settings.ts";
import { isTableGone } from "../catalog/table-gone.ts";
import { rowsOf, type Table, tableSignature } from "../catalog/table.ts";
import { invalidRequest } from "../refusal.ts";
import { compileWhere } from "./compile.ts";
import { renderTerm, whereWithParameters } from "./sql.ts";
import type { BoundWhere, Constant } from "./term.ts";

const answer = z.tuple([z.object({ encoding: z.string(), texts: z.array(z.string().nullable()) })]);
const statementTimeoutMs = 10_000;

/** True for errors that the where clause or its parameters cause: data, syntax, complexity, time. */
function isInputError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && typeof error.code === "string" && /^(?:22|42|54|57014)/.test(error.code);
}

/** What a database has answered once. */
interface Known {
  /** Texts of what needs no input. */
  readonly texts: Map<string, string>;
  /** Clauses, each with its table, that Postgres took and that fail for no value: other values of theirs need not be shown to it. */
  readonly clauses: Set<string>;
}

const knownAnswers = new WeakMap<Pool, Known>();
const textsMax = 100;
const clausesMax = 1_000;

/** The query that has Postgres read every constant and show it again. */
function constantsQuery(bound: BoundWhere, table: Table, known: ReadonlyMap<string, string>): { readonly text: string; readonly values: readonly string[] } {
  const values: string[] = [];
  const given = (slot: number): string => {
    const constant = bound.constants[slot];
    if (constant?.kind === "computed") return renderTerm(constant.term, table, given);
    if (constant === undefined || constant.text === null) return `NULL::${constant?.typeSql ?? "text"}`;
    values.push(constant.text);
    return `$${values.length}::text::${constant.typeSql}`;
  };
  const items = bound.constants.map((constant, slot) => {
    if (constant.kind === "text") return constant.text === null ? "NULL" : `concat(${given(slot)})`;
    if (isIndependent(constant)) {
      const sql = given(slot);
      return known.has(sql) ? "NULL" : sql;
    }
    return `(SELECT CASE WHEN value IS NULL THEN NULL ELSE concat(value) END FROM (SELECT ${given(slot)} AS value) AS computed)`;
  });
  return { text: `SELECT current_setting('server_encoding') AS encoding, ARRAY[${items.join(", ")}]::text[] AS texts`, values };
}

function isIndependent(constant: Constant): boolean {
  return constant.kind === "computed" && constant.term.kind === "call" && constant.term.args.length === 0;
}

/** Fills in what is known, and remembers what is new. */
function complete(bound: BoundWhere, table: Table, known: Map<string, string>, texts: readonly (string | null)[]): (string | null)[] {
  return texts.map((text, slot) => {
    const constant = bound.constants[slot];
    if (constant?.kind !== "computed" || !isIndependent(constant)) return text;
    const sql = renderTerm(constant.term, table, () => "");
    if (text !== null && known.size < textsMax) known.set(sql, text);
    return text ?? known.get(sql) ?? null;
  });
}

/**
 * Has Postgres read and compute each constant and render it, so that everyone sees one spelling, and check the whole predicate.
 * Throws `RequestRefused` (400) for what Postgres does not accept and for what cannot be evaluated on changes.
 */
export async function canonicalConstants(pool: Pool, bound: BoundWhere, table: Table): Promise<(string | null)[]> {
  try {
    return await withRendering(pool, statementTimeoutMs, (client) => readConstants(client, knownOf(pool), bound, table));
  } catch (error) {
    if (isInputError(error) && !isTableGone(error)) throw invalidRequest("where", error.message);
    throw error;
  }
}

function knownOf(pool: Pool): Known {
  const known = knownAnswers.get(pool) ?? { texts: new Map<string, string>(), clauses: new Set<string>() };
  knownAnswers.set(pool, known);
  return known;
}

async function readConstants(client: PoolClient, known: Known, bound: BoundWhere, table: Table): Promise<(string | null)[]> {
  const query = constantsQuery(bound, table, known.texts);
  const { rows } = await client.query(query.text, [...query.values]);
  const [{ encoding, texts: read }] = answer.parse(rows);
  const texts = complete(bound, table, known.texts, read);
  if (bound.needsUtf8 && encoding !== "UTF8") throw invalidRequest("where", "the order of texts is only supported in a database with the encoding UTF8");
  const where = whereWithParameters(bound, table, texts);
  const clause = `${table.oid} ${tableSignature(table)} ${where.text}`;
  if (!known.clauses.has(clause)) await client.query(`SELECT FROM ${rowsOf(table)} WHERE ${where.text} LIMIT 0`, [...where.values]);
  if (!bound.evaluated) return texts;
  if (known.clauses.size < clausesMax) known.clauses.add(clause);
  compileWhere(bound, texts, table);
  return texts;
}
