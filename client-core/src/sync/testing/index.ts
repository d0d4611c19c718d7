export { applyCheckpoint } from "../checkpoint.ts";
export { readBatch } from "../message.ts";
export { beginCounting, countSlice } from "../recount.ts";
