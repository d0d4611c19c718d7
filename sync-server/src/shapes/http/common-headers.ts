import { randomUUID } from "node:crypto";
import { exposedHeaders } from "./headers.ts";

/** The protocol's server header names the implementation and version whose behaviour clients can rely on. */
const serverHeader = "ElectricSQL/1.7 (Saldo shapes)";
const preflightMaxAgeSeconds = "86400";
const requestIdCharsMin = 20;
const requestIdCharsMax = 200;

/** A caller's own request id is passed on, so that logs of several services can be joined. */
function requestId(request: Request): string {
  const given = request.headers.get("x-request-id") ?? "";
  return given.length >= requestIdCharsMin && given.length <= requestIdCharsMax ? given : randomUUID();
}

/** Puts on a response what every one carries: who answers, the request's id, and what other origins may do. */
export function withCommonHeaders(response: Response, request: Request, isShapeRoute: boolean): Response {
  response.headers.set("electric-server", serverHeader);
  response.headers.set("x-request-id", requestId(request));
  response.headers.set("access-control-allow-origin", request.headers.get("origin") ?? "*");
  response.headers.set("access-control-expose-headers", exposedHeaders);
  response.headers.set("access-control-allow-methods", isShapeRoute ? "GET, POST, HEAD, DELETE, OPTIONS" : "GET, HEAD");
  return response;
}

/** Answers a browser that asks before a request to another origin. */
export function preflight(): Response {
  const headers = { "access-control-max-age": preflightMaxAgeSeconds, "access-control-allow-headers": "authorization, content-type, if-none-match, traceparent" };
  return new Response(null, { status: 204, headers });
}
