import { randomUUID, timingSafeEqual } from "node:crypto";
import type { ShapeRequest } from "../definition.ts";
import { parseColumnList } from "../identifiers.ts";
import type { ShapeServiceLog } from "../options.ts";
import { invalidRequest, RequestRefused } from "../refusal.ts";
import type { ShapeService, ShapeServiceHealth } from "../service.ts";
import { errorResponse } from "./error-response.ts";
import { exposedHeaders } from "./headers.ts";

/** Settings of the bare HTTP service. */
export interface ShapeAppOptions {
  readonly log: ShapeServiceLog;
  /** When set, every `/v1/shape` request must carry it as `secret` (or `api_secret`). */
  readonly secret: string | undefined;
  readonly allowDelete: boolean;
}

const healthAnswers: Record<ShapeServiceHealth, readonly [number, string]> = {
  active: [200, '{"status":"active"}'],
  starting: [202, '{"status":"starting"}'],
  waiting: [202, '{"status":"waiting"}'],
};

const preflightMaxAgeSeconds = "86400";

/** The path as it is matched: decoded and without repeated or trailing slashes; `undefined` when it cannot be decoded. */
export function normalisePath(pathname: string): string | undefined {
  try {
    const path = decodeURIComponent(pathname).replaceAll(/\/+/g, "/");
    return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
  } catch {
    return undefined;
  }
}

/** Reads a shape definition from the query string; throws `RequestRefused` (400). */
export function readShapeRequest(params: URLSearchParams): ShapeRequest {
  const table = params.get("table");
  if (table === null || table === "") throw invalidRequest("table", "can't be blank");
  const values: Record<string, string> = {};
  for (const [name, value] of params) {
    const position = /^params\[(\d+)\]$/.exec(name)?.[1];
    if (position !== undefined) values[position] = value;
  }
  const where = params.get("where");
  const columnText = params.get("columns");
  const columns = columnText === null ? undefined : parseColumnList(columnText);
  if (columnText !== null && columns === undefined) throw invalidRequest("columns", "Invalid columns");
  const replica = params.get("replica") ?? "default";
  const log = params.get("log") ?? "full";
  if (replica !== "default" && replica !== "full") throw invalidRequest("replica", "is invalid");
  if (log !== "full" && log !== "changes_only") throw invalidRequest("log", "is invalid");
  return { table, params: values, replica, log, ...(where === null ? {} : { where }), ...(columns === undefined ? {} : { columns }) };
}

function sameSecret(given: string | null, secret: string): boolean {
  const a = Buffer.from(given ?? "");
  const b = Buffer.from(secret);
  return a.length === b.length && timingSafeEqual(a, b);
}

function withCommonHeaders(response: Response, request: Request): Response {
  response.headers.set("access-control-allow-origin", request.headers.get("origin") ?? "*");
  response.headers.set("access-control-allow-methods", "GET, POST, HEAD, DELETE, OPTIONS");
  response.headers.set("access-control-expose-headers", exposedHeaders);
  response.headers.set("x-request-id", randomUUID());
  return response;
}

function preflight(): Response {
  const headers = { "access-control-max-age": preflightMaxAgeSeconds, "access-control-allow-headers": "authorization, content-type, if-none-match, traceparent" };
  return new Response(null, { status: 204, headers });
}

/**
 * The bare service as a fetch handler: any table of the database, guarded at most by one shared secret. Never to be mounted where
 * others than the operator reach it; the product fixes definitions and calls `service.handle` instead.
 */
export function createShapeApp(service: ShapeService, options: ShapeAppOptions): (request: Request) => Promise<Response> {
  const removeShape = (params: URLSearchParams): Response => {
    if (!options.allowDelete) throw new RequestRefused(405, { message: "DELETE not allowed" });
    const handle = params.get("handle");
    if (handle === null && params.get("table") === null) throw invalidRequest("table", "can't be blank");
    const result = service.invalidate({ ...(handle === null ? {} : { handle }), ...(params.get("table") === null ? {} : { shape: readShapeRequest(params) }) });
    if (result === "mismatch") throw invalidRequest("handle", "does not match the shape definition");
    if (result === "unknown") throw new RequestRefused(404, { message: "No existing shape found" });
    return new Response(null, { status: 202 });
  };

  const shapeRoute = async (request: Request, params: URLSearchParams): Promise<Response> => {
    if (request.method === "OPTIONS") return preflight();
    if (options.secret !== undefined && !sameSecret(params.get("secret") ?? params.get("api_secret"), options.secret)) {
      throw new RequestRefused(401, { message: "Unauthorized - Invalid API secret" });
    }
    if (request.method === "DELETE") return removeShape(params);
    if (!["GET", "HEAD", "POST"].includes(request.method)) throw new RequestRefused(405, { message: "Method not allowed" });
    return service.handle(request, readShapeRequest(params));
  };

  return async (request) => {
    const url = new URL(request.url);
    const path = normalisePath(url.pathname);
    if (path === "/") return new Response("");
    if (path === "/v1/health") {
      const [status, body] = healthAnswers[service.health()];
      return new Response(body, { status, headers: { "content-type": "application/json", "cache-control": "no-cache, no-store, must-revalidate" } });
    }
    if (path !== "/v1/shape") return new Response("Not found", { status: 404 });
    const response = await shapeRoute(request, url.searchParams).catch((error: unknown) => errorResponse(error, options.log));
    return withCommonHeaders(response, request);
  };
}
