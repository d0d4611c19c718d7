import { createHash, timingSafeEqual } from "node:crypto";
import type { ShapeServiceLog } from "../options.ts";
import { RequestRefused } from "../refusal.ts";
import type { ShapeService, ShapeServiceHealth } from "../service.ts";
import { preflight, withCommonHeaders } from "./common-headers.ts";
import { deleteShape } from "./delete-shape.ts";
import { errorResponse } from "./error-response.ts";
import { readJsonObject } from "./json-body.ts";
import type { Connection } from "./listen.ts";
import { normalisePath } from "./path.ts";
import { readShapeRequest } from "./shape-params.ts";
import { bodyParameters, type SubsetFields, splitBody, subsetOfQuery } from "./subset-params.ts";

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

const queryCharsMax = 32 * 1024;

/** Compares digests, so that neither content nor length of the secret shows in the time it takes. */
function sameSecret(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

/** Throws `RequestRefused` when the query is too long (414) or not percent-encoded UTF-8 (400), which reading it would paper over. */
function checkQuery(search: string): void {
  if (search.length > queryCharsMax) throw new RequestRefused(414, { message: "Request URI too long: send subset parameters in the body of a POST" });
  try {
    decodeURIComponent(search.replaceAll("+", " "));
  } catch {
    throw new RequestRefused(400, { message: "Invalid request", errors: { query: ["is not percent-encoded UTF-8"] } });
  }
}

/** What a request asks for once its body is read: a field of the body stands for the query parameter of its name. */
async function readAll(request: Request, url: URL): Promise<{ readonly request: Request; readonly params: URLSearchParams; readonly subset: SubsetFields | undefined }> {
  const inQuery = subsetOfQuery(url.searchParams);
  if (request.method !== "POST") return { request, params: url.searchParams, subset: inQuery };
  const { subset: inBody, rest } = splitBody(await readJsonObject(request));
  const merged = new URL(url);
  for (const [name, text] of bodyParameters(rest)) merged.searchParams.set(name, text);
  const subset = inQuery === undefined && inBody === undefined ? undefined : { ...inQuery, ...inBody };
  return { request: new Request(merged, { method: "POST", headers: request.headers, signal: request.signal }), params: merged.searchParams, subset };
}

/**
 * The bare service as a fetch handler: any table of the database, guarded at most by one shared secret. Never to be mounted where
 * others than the operator reach it; the product fixes definitions and calls `service.handle` instead. A request counts as under way
 * until its connection says that the answer is sent, or until it is answered when there is no connection.
 */
export function createShapeApp(service: ShapeService, options: ShapeAppOptions): (request: Request, connection?: Connection) => Promise<Response> {
  const authorise = (params: URLSearchParams): void => {
    if (options.secret === undefined) return;
    const given = params.get("secret") ?? params.get("api_secret") ?? "";
    if (!sameSecret(given, options.secret)) throw new RequestRefused(401, { message: "Unauthorized - Invalid API secret" });
  };

  const serveShape = async (request: Request, url: URL, connection: Connection | undefined): Promise<Response> => {
    const handle = url.searchParams.get("handle");
    const permit = service.admission.enter(handle !== null && service.knows(handle) ? "existing" : "initial");
    connection?.outgoing.once("close", permit.leave);
    try {
      checkQuery(url.search);
      const asked = await readAll(request, url);
      const response = await service.handle(asked.request, readShapeRequest(asked.params), asked.subset === undefined ? {} : { subset: asked.subset });
      permit.answered();
      return response;
    } finally {
      if (connection === undefined) permit.leave();
    }
  };

  const shapeRoute = async (request: Request, url: URL, connection: Connection | undefined): Promise<Response> => {
    if (request.method === "OPTIONS") return preflight();
    authorise(url.searchParams);
    if (request.method === "DELETE") return deleteShape(service, url.searchParams, options.allowDelete);
    return serveShape(request, url, connection);
  };

  return async (request, connection) => {
    const url = new URL(request.url);
    const path = normalisePath(url.pathname);
    const { method } = request;
    const isRead = method === "GET" || method === "HEAD";
    if (path === "/v1/shape" && (isRead || ["POST", "DELETE", "OPTIONS"].includes(method))) {
      const response = await shapeRoute(request, url, connection).catch((error: unknown) => errorResponse(error, options.log));
      return withCommonHeaders(response, request, true);
    }
    return withCommonHeaders(isRead ? plainRoute(service, path) : notFound(), request, false);
  };
}

function plainRoute(service: ShapeService, path: string | undefined): Response {
  if (path === "/") return new Response("");
  if (path !== "/v1/health") return notFound();
  const [status, body] = healthAnswers[service.health()];
  return new Response(body, { status, headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-cache, no-store, must-revalidate" } });
}

function notFound(): Response {
  return new Response("Not found", { status: 404 });
}
