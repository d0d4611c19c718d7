import type { Dialect } from "@saldo/schema";
import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";

/** A statement as a driver takes it: SQL text with placeholders, and what to bind. */
export interface RenderedStatement {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

const dialects = { sqlite: new SQLiteSyncDialect(), postgres: new PgDialect() } as const;

/** The function that renders `sql` templates for a dialect. Booleans become 0/1 for SQLite, which has none. */
export function renderFor(dialect: Dialect): (statement: SQL) => RenderedStatement {
  const renderer = dialects[dialect];
  return (statement) => {
    const { sql, params } = renderer.sqlToQuery(statement);
    return { text: sql, parameters: dialect === "sqlite" ? params.map(withoutBoolean) : params };
  };
}

function withoutBoolean(value: unknown): unknown {
  return typeof value === "boolean" ? Number(value) : value;
}
