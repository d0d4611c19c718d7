export { freezeBody, thawBody, type FrozenBody } from "./body.ts";
export { boundRows, type DeviceRows } from "./device-rows.ts";
export { bulkRecorder, recordMutation, recordTogether, recordTyped, type BulkRecorder, type RecordContext, type Recorded, type RecordedTogether } from "./record.ts";
