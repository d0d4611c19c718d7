import type { ShapeServiceLog } from "../options.ts";
import { notReady, RequestRefused } from "../refusal.ts";
import { logReason } from "../log-reason.ts";

const databaseRetrySeconds = 10;
const lockedRetrySeconds = 5;
const clientLeftStatus = 499;

/** Connection failures, administrator shutdown and exhausted resources (SQLSTATE classes 08, 53, 57P), and the driver's own. */
function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return /^(?:08|53|57P|ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EAI_AGAIN)/.test(code) || /connection terminated|timeout exceeded when trying to connect|connection timeout|not queryable/i.test(error.message);
}

/** SQLSTATE `lock_not_available`. */
function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "55P03";
}

const jsonHeaders = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", "surrogate-control": "no-store" };

/** Answers a failure: a refusal with its own status and body, anything else with 500 and no detail. */
export function errorResponse(error: unknown, log: ShapeServiceLog): Response {
  if (error instanceof RequestRefused) {
    const headers = new Headers(jsonHeaders);
    if (error.retryAfterSeconds !== undefined) headers.set("retry-after", String(error.retryAfterSeconds));
    if (error.knownError !== undefined) headers.set("electric-internal-known-error", String(error.knownError));
    return new Response(JSON.stringify(error.body), { status: error.status, headers });
  }
  if (isDatabaseAway(error)) {
    return errorResponse(new RequestRefused(503, { code: "database_unreachable", error: "Database is unreachable" }, { retryAfterSeconds: databaseRetrySeconds }), log);
  }
  if (isLockTimeout(error)) return errorResponse(notReady("The table is locked", lockedRetrySeconds), log);
  log.error({ reason: logReason(error) }, "a shape request failed");
  return new Response('{"error":"Internal server error"}', { status: 500, headers: jsonHeaders });
}

/** Answers a request whose client has left: nobody reads it. */
export function clientLeft(): Response {
  return new Response(null, { status: clientLeftStatus, headers: jsonHeaders });
}

/** The protocol's 409: the client starts over, with the current handle when there is one. */
export function mustRefetch(handle: string | undefined, cacheControl: string | undefined): Response {
  return new Response('[{"headers":{"control":"must-refetch"}}]', {
    status: 409,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": cacheControl ?? `public, max-age=${handle === undefined ? 1 : 60}, must-revalidate`,
      ...(handle === undefined ? {} : { "electric-handle": handle }),
    },
  });
}
