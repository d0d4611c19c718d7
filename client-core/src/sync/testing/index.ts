export { applyCheckpoint } from "../checkpoint.ts";
export { readBatch } from "../message.ts";
export { beginCounting, countSlice } from "../recount.ts";
export { someInstant, testDevice, type Device } from "./device.ts";
