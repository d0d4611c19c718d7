import { createHash } from "node:crypto";
import { parseTableName, type TableName } from "./identifiers.ts";
import { invalidRequest } from "./refusal.ts";

/** What whoever mounts the service asks for; everything but the protocol's own parameters. */
export interface ShapeRequest {
  /** `t`, `s.t`, identifiers optionally double-quoted. */
  readonly table: string;
  readonly where?: string;
  /** Values of `$1`, `$2` …, by position. */
  readonly params?: readonly string[] | Readonly<Record<string, string>>;
  readonly columns?: readonly string[];
  /** Columns that may be selected, and that a subset may filter and order by; without `columns` they are what is selected. */
  readonly queryableColumns?: readonly string[];
  readonly replica?: "default" | "full";
  readonly log?: "full" | "changes_only";
}

/** A shape's immutable definition in normal form. */
export interface ShapeDefinition {
  readonly table: TableName;
  readonly where: string | null;
  readonly params: readonly string[];
  /** Sorted names, or `null` for all columns. */
  readonly columns: readonly string[] | null;
  readonly replica: "default" | "full";
  readonly log: "full" | "changes_only";
}

/** Stable identity of a shape: equal for equal definitions, across restarts. */
export type ShapeKey = string;

const paramsMax = 1_000;
const whereCharsMax = 64 * 1024;

/** The values of `$1`, `$2` … in order; throws `RequestRefused` (400) when they are not numbered so. */
export function positionalParams(params: ShapeRequest["params"]): readonly string[] {
  if (params === undefined) return [];
  if (Array.isArray(params)) return [...params];
  const entries = Object.entries(params);
  if (entries.length > paramsMax) throw invalidRequest("params", `at most ${paramsMax} parameters`);
  if (entries.some(([name]) => !/^\d+$/.test(name))) throw invalidRequest("params", "Parameters can only use numbers as keys");
  return entries.map((_, index) => {
    const value = Object.getOwnPropertyDescriptor(params, String(index + 1))?.value;
    if (typeof value !== "string") throw invalidRequest("params", "Parameters must be numbered sequentially, starting from 1");
    return value;
  });
}

/** Normal form of a request; throws `RequestRefused` (400) when the table name or the parameters are malformed. */
export function normaliseDefinition(request: ShapeRequest): ShapeDefinition {
  if (request.table === "") throw invalidRequest("table", "can't be blank");
  const table = parseTableName(request.table);
  if (!table.ok) throw invalidRequest("table", table.reason);
  const columns = request.columns ?? request.queryableColumns;
  const where = request.where?.trim();
  if (where !== undefined && where.length > whereCharsMax) throw invalidRequest("where", "is too long");
  return {
    table: table.value,
    where: where === undefined || where === "" ? null : where,
    params: positionalParams(request.params),
    columns: columns === undefined ? null : [...new Set(columns)].toSorted(),
    replica: request.replica ?? "default",
    log: request.log ?? "full",
  };
}

/** The shape's identity as text. */
export function definitionKey(definition: ShapeDefinition): ShapeKey {
  const { table, where, params, columns, replica, log } = definition;
  return JSON.stringify([table.schema, table.name, where, params, columns, replica, log]);
}

/** The part of a handle that depends on the definition only. */
export function definitionHash(key: ShapeKey): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}
