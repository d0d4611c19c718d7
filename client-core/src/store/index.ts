export { fieldEnd, readColumns, readJoinedRows, rowEnd } from "./joined-rows.ts";
export { live } from "./live.ts";
export type { LocalDatabase, LocalTransaction, MadeRows, OnConflict, SqlReader, SqlRow } from "./local-database.ts";
export { openStore } from "./migrate.ts";
export { markAllStale, watchRolledRows } from "./rollup-triggers.ts";
export { insertTableRows, readRows, type DeviceRow } from "./table-rows.ts";
