export { applyCheckpoint } from "../checkpoint.ts";
export { readBatch } from "../message.ts";
