import { positionalParams } from "../definition.ts";
import { invalidRequest, RequestRefused } from "../refusal.ts";
import { bracketed } from "./shape-params.ts";

/** Subset parameters as they came: texts from the URL, anything from a JSON body. `where_expr` and `order_by_expr` say the same as their texts and are not read. */
export type SubsetFields = Readonly<Record<string, unknown>>;

/** Which rows of a shape a subset snapshot asks for. */
export interface SubsetRequest {
  readonly where: string | undefined;
  readonly params: readonly string[];
  readonly orderBy: string | undefined;
  readonly limit: number | undefined;
  readonly offset: number | undefined;
}

const prefix = "subset__";
const bodyFields: readonly string[] = ["where", "order_by", "limit", "offset", "params", "where_expr", "order_by_expr"];
const textCharsMax = 64 * 1024;

/** The protocol's 400 for a wrong subset parameter. */
export function invalidSubset(field: string, reason: string | readonly string[]): RequestRefused {
  return new RequestRefused(400, { message: "Invalid request", errors: { subset: { [field]: typeof reason === "string" ? [reason] : reason } } });
}

/** Runs `work`; what it refuses is told as said of the subset. */
export function inSubset<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asSubsetError(error);
  }
}

/** The same refusal, told as said of the subset; other errors stay as they are. */
export function asSubsetError(error: unknown): unknown {
  if (!(error instanceof RequestRefused) || error.status !== 400) return error;
  return new RequestRefused(400, { message: "Invalid request", errors: { subset: error.body["errors"] ?? {} } });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Takes the subset out of a request; `undefined` when it asks for none. The rest of the body stands for query parameters. */
export function splitBody(body: Readonly<Record<string, unknown>>): { readonly subset: SubsetFields | undefined; readonly rest: Readonly<Record<string, unknown>> } {
  if (isRecord(body["subset"])) {
    const { subset, ...rest } = body;
    return { subset: isRecord(subset) ? subset : undefined, rest };
  }
  const isSubsetField = ([name]: [string, unknown]): boolean => bodyFields.includes(name);
  const entries = Object.entries(body);
  const rest = Object.fromEntries(entries.filter((entry) => !isSubsetField(entry)));
  return { subset: entries.some(isSubsetField) ? Object.fromEntries(entries.filter(isSubsetField)) : undefined, rest };
}

/** Fields of a body as the query parameters they stand for; those of an object as `name[key]`. Throws `RequestRefused` (400). */
export function bodyParameters(fields: Readonly<Record<string, unknown>>): [name: string, text: string][] {
  return Object.entries(fields).flatMap(([name, value]): [string, string][] => {
    if (value === null) return [];
    if (typeof value === "string") return [[name, value]];
    if (typeof value === "number" || typeof value === "boolean") return [[name, String(value)]];
    if (!isRecord(value)) throw invalidRequest(name, "is invalid");
    return Object.entries(value).map(([key, inner]) => {
      if (typeof inner !== "string") throw invalidRequest(name, "is invalid");
      return [`${name}[${key}]`, inner];
    });
  });
}

/** The `subset__…` parameters of a URL; `undefined` when there is none. */
export function subsetOfQuery(query: URLSearchParams): SubsetFields | undefined {
  const fields = new Map<string, unknown>();
  for (const [name, value] of query) if (name.startsWith(prefix)) fields.set(name.slice(prefix.length), value);
  const params = bracketed(query, `${prefix}params`);
  if (Object.keys(params).length > 0) fields.set("params", params);
  return fields.size === 0 ? undefined : Object.fromEntries(fields);
}

/** Text that Postgres can be given as it is: a lone surrogate would silently become another character. */
function isText(value: unknown): value is string {
  return typeof value === "string" && !/[\uD800-\uDFFF]/u.test(value);
}

function text(fields: SubsetFields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === "") return undefined;
  if (!isText(value)) throw invalidSubset(name, "is invalid");
  if (value.length > textCharsMax) throw invalidSubset(name, "is bigger than maximum size");
  return value;
}

function integer(fields: SubsetFields, name: string, least: number, complaint: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === "") return undefined;
  const number = typeof value === "number" ? value : typeof value === "string" && /^[+-]?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw invalidSubset(name, "is invalid");
  if (number < least) throw invalidSubset(name, complaint);
  return number;
}

/** A parameter's text. A number that JSON could not carry exactly is refused rather than rounded. */
function parameterText(value: unknown): string {
  if (isText(value)) return value;
  if (value === null) return "";
  if (typeof value === "boolean" || (typeof value === "number" && (Number.isSafeInteger(value) || !Number.isInteger(value)))) return String(value);
  throw invalidSubset("params", typeof value === "number" ? "numbers beyond 2^53 must be given as strings" : "is invalid");
}

function parameters(fields: SubsetFields): Readonly<Record<string, string>> {
  let value = fields["params"];
  if (value === undefined || value === null || value === "") return {};
  if (typeof value === "string") {
    try {
      value = JSON.parse(value);
    } catch {
      throw invalidSubset("params", "params must be valid JSON");
    }
    if (!isRecord(value)) throw invalidSubset("params", "params must be a JSON object");
  }
  if (!isRecord(value)) throw invalidSubset("params", "is invalid");
  return Object.fromEntries(Object.entries(value).map(([name, given]) => [name, parameterText(given)]));
}

/** Reads the subset parameters; throws `RequestRefused` (400) naming the wrong one. */
export function readSubset(fields: SubsetFields): SubsetRequest {
  const where = text(fields, "where");
  const orderBy = text(fields, "order_by");
  const limit = integer(fields, "limit", 1, "must be greater than 0");
  const offset = integer(fields, "offset", 0, "must be greater than or equal to 0");
  if (orderBy === undefined && (limit !== undefined || offset !== undefined)) throw invalidSubset("order_by", "order_by is required when limit or offset is present");
  const given = parameters(fields);
  return { where, params: where === undefined ? [] : inSubset(() => positionalParams(given)), orderBy, limit, offset };
}
