import type { ShapeServiceLog } from "../options.ts";
import { notReady, RequestRefused } from "../refusal.ts";

const databaseRetrySeconds = 10;
const lockedRetrySeconds = 5;

/** Connection failures, administrator shutdown and exhausted resources (SQLSTATE classes 08, 53, 57P), and the driver's own. */
function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return /^(?:08|53|57P|ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EAI_AGAIN)/.test(code) || /connection terminated|timeout exceeded when trying to connect/i.test(error.message);
}

/** SQLSTATE `lock_not_available`. */
function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "55P03";
}

const jsonHeaders = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", "surrogate-control": "no-store" };

/** Answers a failure: a refusal with its own status and body, anything else with 500 and no detail. */
export function errorResponse(error: unknown, log: ShapeServiceLog): Response {
  if (error instanceof RequestRefused) {
    const retry = error.retryAfterSeconds === undefined ? {} : { "retry-after": String(error.retryAfterSeconds) };
    return new Response(JSON.stringify(error.body), { status: error.status, headers: { ...jsonHeaders, ...retry } });
  }
  if (isLockTimeout(error)) return errorResponse(notReady("The table is locked", lockedRetrySeconds), log);
  if (isDatabaseAway(error)) return errorResponse(notReady("The database cannot be reached", databaseRetrySeconds), log);
  log.error({ reason: error instanceof Error ? error.message : String(error) }, "a shape request failed");
  return new Response('{"message":"Internal server error"}', { status: 500, headers: jsonHeaders });
}

/** The protocol's 409: the client starts over, with the current handle when there is one. */
export function mustRefetch(handle: string | undefined, cacheOverride: string | undefined): Response {
  return new Response('[{"headers":{"control":"must-refetch"}}]', {
    status: 409,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": cacheOverride ?? `public, max-age=${handle === undefined ? 1 : 60}, must-revalidate`,
      ...(handle === undefined ? {} : { "electric-handle": handle }),
    },
  });
}
