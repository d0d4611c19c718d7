export { bulkRecorder, recordMutation, recordTyped, type BulkRecorder, type RecordContext, type Recorded } from "./record.ts";
