import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { Logger } from "pino";
import type { RelayEnv } from "./route.ts";

const incomingRequestId = /^[A-Za-z0-9_-]{8,64}$/;

/**
 * Gives each request an id and logs one line for it: the route's pattern, never the address, which holds ids and cursors. A refused one tells
 * who asked, with which device, and the code it was refused with.
 */
export function requestLog(log: Logger, nowMs: () => number, nextId: () => string): MiddlewareHandler<RelayEnv> {
  return async (context, next) => {
    const startedMs = nowMs();
    const given = context.req.header("x-request-id") ?? "";
    const requestId = incomingRequestId.test(given) ? given : nextId();
    context.set("requestId", requestId);
    await next();
    context.res.headers.set("x-request-id", requestId);
    const route = matchedRoutes(context).findLast((matched) => !matched.path.includes("*"))?.path ?? "(static)";
    const refusal = context.get("refusal");
    const refused = refusal === undefined ? {} : { code: refusal, userId: context.get("userId"), clientId: context.get("clientId") };
    log.info({ requestId, method: context.req.method, route, status: context.res.status, durationMs: nowMs() - startedMs, ...refused }, "request");
  };
}
