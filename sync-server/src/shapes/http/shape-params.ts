import type { ShapeRequest } from "../definition.ts";
import { parseColumnList } from "../identifiers.ts";
import { RequestRefused } from "../refusal.ts";

type Errors = Record<string, readonly string[]>;

/** The parameter, when it is there and not empty. */
function given(params: URLSearchParams, name: string): string | undefined {
  const value = params.get(name);
  return value === null || value === "" ? undefined : value;
}

function columnList(params: URLSearchParams, name: string, errors: Errors): readonly string[] | undefined {
  const text = given(params, name);
  if (text === undefined) return undefined;
  const columns = parseColumnList(text);
  if (columns.ok) return columns.value;
  errors[name] = [columns.reason];
  return undefined;
}

function oneOf<const T extends string>(params: URLSearchParams, name: string, values: readonly [T, ...T[]], errors: Errors): T {
  const text = given(params, name) ?? values[0];
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) errors[name] = ["is invalid"];
  return value ?? values[0];
}

/** Values of `params[1]=…`, by what is in the brackets. */
export function bracketed(params: URLSearchParams, name: string): Record<string, string> {
  const values = new Map<string, string>();
  for (const [key, value] of params) {
    if (key.startsWith(`${name}[`) && key.endsWith("]")) values.set(key.slice(name.length + 1, -1), value);
  }
  return Object.fromEntries(values);
}

/**
 * Reads a shape definition from the query string. Throws `RequestRefused` (400) naming every parameter that cannot be read; an absent
 * table is left to whoever uses the request, because other parameters are complained of first.
 */
export function readShapeRequest(params: URLSearchParams): ShapeRequest {
  const errors: Errors = {};
  const columns = columnList(params, "columns", errors);
  const queryableColumns = columnList(params, "queryable_columns", errors);
  const replica = oneOf(params, "replica", ["default", "full"], errors);
  const log = oneOf(params, "log", ["full", "changes_only"], errors);
  if (params.has("params")) errors["params"] = ["is invalid"];
  if (Object.keys(errors).length > 0) throw new RequestRefused(400, { message: "Invalid request", errors });
  const where = given(params, "where");
  return {
    table: given(params, "table") ?? "",
    params: where === undefined ? {} : bracketed(params, "params"),
    replica,
    log,
    ...(where === undefined ? {} : { where }),
    ...(columns === undefined ? {} : { columns }),
    ...(queryableColumns === undefined ? {} : { queryableColumns }),
  };
}
