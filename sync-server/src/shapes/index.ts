export type { ShapeKey, ShapeRequest } from "./definition.ts";
export type { AnswerOptions } from "./http/answer.ts";
export { createShapeApp, type ShapeAppOptions } from "./http/app.ts";
export { exposedHeaders } from "./http/headers.ts";
export type { ShapeServiceLog, ShapeServiceOptions } from "./options.ts";
export { RequestRefused } from "./refusal.ts";
export { type ShapeEvent, type ShapeService, type ShapeServiceHealth, startShapeService } from "./service.ts";
