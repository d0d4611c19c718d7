export { addTo, type Sums } from "./counterparty-sums.ts";
export type { MonthCounterparties, MonthEntries, MonthSums } from "./month-rollup.ts";
export { readRollups, readTransferCategories, refreshRollups, type Rollups } from "./rollups.ts";
export { isStale } from "./stale.ts";
