export { applyCheckpoint } from "../checkpoint.ts";
export { readBatch } from "../message.ts";
export { storedSum } from "../row-sums.ts";
