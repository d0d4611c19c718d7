export { bulkRecorder, recordMutation, recordTogether, recordTyped, type BulkRecorder, type RecordContext, type Recorded, type RecordedTogether } from "./record.ts";
