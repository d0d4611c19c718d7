import type { ShapeRequest } from "../definition.ts";
import { formatOffset } from "../offset.ts";
import type { Table } from "../catalog/table.ts";
import { notReady } from "../refusal.ts";
import type { Shape } from "../shape.ts";
import { SpoolFull } from "../snapshot/row-spool.ts";
import type { SubsetReader } from "../snapshot/subset-reader.ts";
import { type Clause, subsetSql } from "../snapshot/subset-sql.ts";
import type { SnapshotVisibility } from "../snapshot/visibility.ts";
import { bindWhere } from "../where/bind.ts";
import { parseOrderBy } from "../where/order-by.ts";
import { parseWhere } from "../where/parse.ts";
import type { ProtocolParams } from "./protocol-params.ts";
import { asSubsetError, inSubset, invalidSubset, type SubsetRequest } from "./subset-params.ts";

const snapshotMarks = 2 ** 31;
const slowQueryRetrySeconds = 10;

/** What {@link answerSubset} works with. */
export interface SubsetContext {
  readonly reader: SubsetReader;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly cacheControl: string | undefined;
}

/** The columns a client may filter and order by. */
function queryable(table: Table, names: readonly string[] | undefined): Table {
  return names === undefined ? table : { ...table, columns: table.columns.filter(({ name }) => names.includes(name)) };
}

async function furtherClause(subset: SubsetRequest, table: Table, reader: SubsetReader): Promise<Clause | undefined> {
  const { where } = subset;
  if (where === undefined) return undefined;
  const bound = inSubset(() => bindWhere(parseWhere(where, subset.params), table, { evaluated: false }));
  const constants = await reader.constants(bound, table).catch((error: unknown) => Promise.reject(asSubsetError(error)));
  return { bound, table, constants };
}

/** A value that only the rows show to be wrong (SQLSTATE class 22), a query that took too long, or too many rows. */
function subsetFailure(error: unknown): unknown {
  if (error instanceof SpoolFull) return invalidSubset("limit", "the subset is too large");
  if (!(error instanceof Error && "code" in error && typeof error.code === "string")) return error;
  // Its message would hold the value, maybe of a column the client may not read.
  if (error.code.startsWith("22")) return invalidSubset("where", `a row has a value that the clause cannot be computed for (SQLSTATE ${error.code})`);
  return error.code === "57014" ? notReady("The subset took too long", slowQueryRetrySeconds) : error;
}

function metadataOf(seen: SnapshotVisibility, snapshotMark: number): string {
  return JSON.stringify({
    xmin: String(seen.xmin),
    xmax: String(seen.xmax),
    xip_list: seen.xip.map(String),
    snapshot_mark: snapshotMark,
    database_lsn: String(seen.lsn),
  });
}

/**
 * A subset snapshot: the shape's rows that also satisfy the subset's clause, with what the client needs to leave out of the stream the
 * changes they already contain. `electric-offset` is a position the rows are not behind of: the request's own, or the log's end from
 * before the rows were read. `undefined` when the shape ended. Throws `RequestRefused`.
 */
export async function answerSubset(context: SubsetContext, shape: Shape, params: ProtocolParams, request: ShapeRequest, subset: SubsetRequest): Promise<Response | undefined> {
  const { reader, signal } = context;
  // From then on every change that the rows may lack reaches the shape's log.
  await shape.visibilityKnown;
  if (shape.gone) return undefined;
  const table = queryable(shape.table, request.queryableColumns);
  const orderBy = subset.orderBy;
  const order = orderBy === undefined ? undefined : inSubset(() => parseOrderBy(orderBy, table));
  const bound = shape.where;
  const main = bound === undefined ? undefined : { bound, table: shape.table, constants: shape.constants };
  const further = await furtherClause(subset, table, reader);
  const snapshotMark = Math.floor(context.random() * snapshotMarks);
  const { query, settings } = subsetSql({ table: shape.table, selected: shape.selected, main, further, orderBy: order, limit: subset.limit, offset: subset.offset, snapshotMark });
  const mark = reader.mark();
  const offset = params.requested.kind === "after" ? params.offsetText : formatOffset(shape.lastOffset);
  const { visibility, rows } = await reader.read(query, settings, mark, signal).catch((error: unknown) => Promise.reject(subsetFailure(error)));
  if (shape.gone) {
    rows.discard();
    return undefined;
  }
  return new Response(rows.body(`{"metadata":${metadataOf(visibility, snapshotMark)},"data":[`, "]}"), {
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": context.cacheControl ?? "no-cache",
      "electric-snapshot": "true",
      "electric-handle": shape.handle,
      "electric-offset": offset,
      "electric-schema": shape.schema,
    },
  });
}
