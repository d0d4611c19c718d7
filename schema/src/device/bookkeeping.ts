import { bytes, id, instant, integer, json, nullable, oneOf, text } from "../tables/column.ts";
import { deviceTable } from "../tables/table.ts";

/** Facts a device keeps about itself: its client id, server, workspace, schema version, how it was closed. */
const deviceSetting = deviceTable("device_setting", { key: ["name"], columns: { name: text, value: json } });

/**
 * Mutations recorded here, in order. The body is compressed once and frozen; `confirmed` ones are kept 7 days for replay after a
 * restored backup.
 */
const syncOutbox = deviceTable("sync_outbox", {
  key: ["seq"],
  columns: {
    seq: integer,
    mutation: text,
    version: integer,
    encoding: oneOf("json", "deflate"),
    body: bytes,
    sha256: text,
    status: oneOf("pending", "confirmed", "rejected"),
    importId: nullable(id),
    recordedAt: instant,
  },
  deviceIndexes: [["status", "seq"]],
});

/** What a pending mutation did to one row. `patch` holds the changed columns: all of them for an insert, none for a remove. */
const syncEffect = deviceTable("sync_effect", {
  key: ["seq", "position"],
  columns: { seq: integer, position: integer, tableName: text, rowId: id, kind: oneOf("insert", "patch", "remove"), patch: json },
  deviceIndexes: [["tableName", "rowId"]],
});

/** The server's row where pending effects hide it; null while the server has no such row. */
const syncBase = deviceTable("sync_base", { key: ["tableName", "rowId"], columns: { tableName: text, rowId: id, row: nullable(json) } });

/** Where each shape stands: its handle, offset, and the LSN up to which all of it has arrived. */
const syncShape = deviceTable("sync_shape", {
  key: ["name"],
  columns: { name: text, handle: nullable(text), offset: text, lsn: text, status: oneOf("initial", "live") },
});

/**
 * What each shape's rows as the server has them come to at the last checkpoint (`rows` and `sum`, null until they were first counted), and how far
 * counting them anew from the stored rows has come: `through` is the last id read, null when nothing is being counted.
 */
const syncSum = deviceTable("sync_sum", {
  key: ["name"],
  columns: {
    name: text,
    rows: nullable(integer),
    sum: nullable(text),
    through: nullable(text),
    readRows: integer,
    readSum: text,
    /** When stored rows were last counted to the end. */
    readAt: nullable(instant),
    /** The last checkpoint at which the server's sum was the same. */
    sameLsn: nullable(text),
    /** How often in a row the server's sum was another one. */
    differed: integer,
  },
});

/** Messages that arrived beyond the last checkpoint, in order of arrival. */
const syncStaged = deviceTable("sync_staged", {
  key: ["position"],
  columns: {
    position: integer,
    shape: text,
    lsn: text,
    operation: oneOf("insert", "update", "delete"),
    rowId: id,
    value: json,
  },
});

/**
 * What the rows that count come to in one month, so that a report reads months and not rows: `groups` are sums by currency, account, category and kind,
 * `counterpartySums` sums by counterparty without transfers, `entries` the rows themselves by day and counterparty: all of them columns of numbers that
 * point into `names` and `counterparties`.
 */
const rollup = deviceTable("rollup", {
  key: ["workspaceId", "month"],
  columns: { workspaceId: id, month: text, names: json, groups: bytes, counterparties: json, entries: bytes, counterpartySums: bytes },
});

/**
 * What rollups do not show yet: a month (`2026-10`), all months (`*`), or the months of an import (its id) that began or ceased to count. Written in the
 * transaction of the change itself: by triggers where rows change or go, by the store where they are inserted.
 */
const rollupStale = deviceTable("rollup_stale", { key: ["workspaceId", "what"], columns: { workspaceId: id, what: text } });

/** Tables only devices have, beside the synced ones. */
export const deviceTables = {
  device_setting: deviceSetting,
  sync_outbox: syncOutbox,
  sync_effect: syncEffect,
  sync_base: syncBase,
  sync_shape: syncShape,
  sync_sum: syncSum,
  sync_staged: syncStaged,
  rollup,
  rollup_stale: rollupStale,
} as const;

/** Name of a table only devices have. */
export type DeviceTableName = keyof typeof deviceTables;
