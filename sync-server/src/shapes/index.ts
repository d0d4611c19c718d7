export type { ShapeKey, ShapeRequest } from "./definition.ts";
export type { AnswerOptions } from "./http/answer.ts";
export { FileBodySender } from "./http/file-bodies.ts";
export type { ShapeServiceLog, ShapeServiceOptions } from "./options.ts";
export { type ChangedRow, CommitFollower, type FollowedCommit } from "./replication/commit-follower.ts";
export { type ShapeEvent, type ShapeService, type ShapeServiceHealth, startShapeService } from "./service.ts";
