export { createSyncClient, type SyncClient, type SyncClientOptions, type SyncProgress } from "./client.ts";
export { failureOf } from "./relay-answer.ts";
export { systemClock, type Clock, type SyncLog, type SyncPorts } from "./ports.ts";
export type { Verification } from "./verify.ts";
export type { SyncProblem, SyncStatus } from "./status.ts";
export { sessionTokens, type Session, type TokenSource } from "./tokens.ts";
export { bindWorkspace, ensureWorkspace, storeWorkspace, type NewWorkspace, type StoreWorkspace } from "./workspace.ts";
