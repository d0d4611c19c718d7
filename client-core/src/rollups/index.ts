export type { MonthCounterparties, MonthEntries, MonthSums } from "./month-rollup.ts";
export { readRollups, refreshRollups, type Rollups } from "./rollups.ts";
export { isStale } from "./stale.ts";
