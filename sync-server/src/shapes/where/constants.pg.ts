import type { Pool } from "pg";
import { z } from "zod";
import { withRendering } from "../connection-settings.ts";
import { rowsOf, type Table } from "../catalog/table.ts";
import { invalidRequest } from "../refusal.ts";
import type { BoundWhere } from "./expression.ts";
import { whereWithParameters } from "./sql.ts";

const answer = z.tuple([z.object({ texts: z.array(z.string().nullable()) })]);

/** True for errors that the where clause or its parameters cause (SQLSTATE classes 22 and 42). */
function isInputError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && typeof error.code === "string" && /^(22|42)/.test(error.code);
}

/**
 * Has Postgres read each constant as its type and render it, so that comparisons see one spelling, and check the whole predicate.
 * Throws `RequestRefused` (400) for what Postgres does not accept.
 */
export async function canonicalConstants(pool: Pool, bound: BoundWhere, table: Table): Promise<(string | null)[]> {
  const { constants } = bound;
  const items = constants.map(({ typeSql }, index) => `CASE WHEN $${index + 1}::text IS NULL THEN NULL ELSE concat($${index + 1}::text::${typeSql}) END`);
  try {
    return await withRendering(pool, async (client) => {
      const given = whereWithParameters(bound, table, constants.map(({ text }) => text));
      await client.query(`SELECT FROM ${rowsOf(table)} WHERE ${given.text} LIMIT 0`, [...given.values]);
      if (constants.length === 0) return [];
      const { rows } = await client.query(`SELECT ARRAY[${items.join(", ")}]::text[] AS texts`, constants.map(({ text }) => text));
      return answer.parse(rows)[0].texts;
    });
  } catch (error) {
    if (isInputError(error)) throw invalidRequest("where", error.message);
    throw error;
  }
}
