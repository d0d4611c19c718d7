import { SaldoError } from "@saldo/schema";
import type { RelayContext, Route, TokenSubject } from "../http/route.ts";
import { heldBody, type Hold, type Holds } from "./holds.ts";
import { protocolHeaders, protocolParameters } from "./protocol.ts";
import { fixShape, registeredShape } from "./registry.ts";
import type { Rights } from "./rights.pg.ts";
import type { ShapeSource } from "./shape-source.ts";

const parameterCharsMax = 512;

/** What the gatekeeper works with. */
export interface GatekeeperParts {
  readonly shapes: ShapeSource;
  readonly rights: Rights;
  readonly holds: Holds;
  /** True when whatever stands in front checks every token itself before it answers from its cache. */
  readonly edgeChecksTokens: boolean;
}

/**
 * `GET /v1/shapes/:name?scope=ID&…`: a registered shape of a scope the token's owner has a right to, over the Electric HTTP protocol.
 * A missing scope and a foreign one are the same 404. A live request is ended when the right to it is lost (404, or the end of an
 * event stream) or its token runs out (401, likewise).
 *
 * `GET /v1/shapes/:name/right?scope=ID`: whether that would be answered, for an edge that checks tokens: 204, or 403.
 */
export function gatekeeperRoutes(parts: GatekeeperParts): readonly Route[] {
  return [
    { method: "GET", path: "/v1/shapes/:name", access: "token", handle: (context, subject) => handleShape(context, subject, parts) },
    { method: "GET", path: "/v1/shapes/:name/right", access: "token", handle: (context, subject) => handleRight(context, subject, parts) },
  ];
}

async function handleRight(context: RelayContext, { userId }: TokenSubject, { rights }: GatekeeperParts): Promise<Response> {
  const shape = registeredShape(context.req.param("name") ?? "");
  const allowed = shape !== undefined && (await rights.mayRead(shape.scopeKind, context.req.query("scope") ?? "", userId));
  return new Response(null, { status: allowed ? 204 : 403, headers: { "cache-control": "no-store" } });
}

async function handleShape(context: RelayContext, { userId, expiresAtMs }: TokenSubject, parts: GatekeeperParts): Promise<Response> {
  const { shapes, rights, holds } = parts;
  const url = new URL(context.req.url);
  if ([...url.searchParams.keys()].some((name) => name.startsWith("subset__"))) throw new SaldoError("relay.invalid_request", { field: "subset" });
  const shape = registeredShape(context.req.param("name") ?? "");
  const scopeId = url.searchParams.get("scope") ?? "";
  if (!shape || !(await rights.mayRead(shape.scopeKind, scopeId, userId))) throw new SaldoError("relay.shape_unknown");
  const ask = (signal: AbortSignal) => shapes.handle(protocolRequest(context.req.raw, url, signal), fixShape(shape, scopeId));
  if (!url.searchParams.has("live")) return outwardAnswer(await ask(context.req.raw.signal), parts.edgeChecksTokens);
  const hold = holds.open({ kind: shape.scopeKind, scopeId, userId, expiresAtMs });
  const answer = await heldAnswer(context.req.raw.signal, hold, ask);
  // It may have waited while the right to it ended.
  if (!(await rights.mayRead(shape.scopeKind, scopeId, userId, { fresh: true }))) {
    hold.release();
    await answer.body?.cancel();
    throw new SaldoError("relay.shape_unknown");
  }
  return outwardAnswer(streamedWith(answer, hold), parts.edgeChecksTokens);
}

/** The answer to a live request; throws what its hold ended with. */
async function heldAnswer(client: AbortSignal, hold: Hold, ask: (signal: AbortSignal) => Promise<Response>): Promise<Response> {
  client.addEventListener("abort", () => hold.release(), { once: true });
  try {
    const answer = await ask(AbortSignal.any([client, hold.signal]));
    if (hold.signal.aborted) await answer.body?.cancel();
    hold.check();
    return answer;
  } catch (error) {
    hold.release();
    hold.check();
    throw error;
  }
}

/** An event stream keeps its hold; any other answer is complete and lets go of it. */
function streamedWith(answer: Response, hold: Hold): Response {
  if (answer.body !== null && answer.headers.get("content-type")?.startsWith("text/event-stream") === true) {
    const headers = new Headers(answer.headers);
    headers.set("x-accel-buffering", "no");
    return new Response(heldBody(answer.body, hold), { status: answer.status, headers });
  }
  hold.release();
  return answer;
}

/** The request as the shape service sees it: the protocol's parameters and headers, nothing else. */
function protocolRequest(request: Request, url: URL, signal: AbortSignal): Request {
  const passed = new URL("/v1/shape", url);
  for (const name of protocolParameters) {
    const value = url.searchParams.get(name);
    if (value === null) continue;
    if (value.length > parameterCharsMax) throw new SaldoError("relay.invalid_request", { field: name });
    passed.searchParams.set(name, value);
  }
  const headers = new Headers();
  for (const name of protocolHeaders) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Request(passed, { method: request.method === "HEAD" ? "HEAD" : "GET", headers, signal });
}

/**
 * The answer as it leaves: one person's, so that no cache in between may keep it, or with the protocol's own rules for an edge that
 * checks tokens (`vary` keeps other caches from mixing people up). Cross-origin headers are the relay's to set.
 */
function outwardAnswer(answer: Response, edgeChecksTokens: boolean): Response {
  const headers = new Headers(answer.headers);
  for (const name of [...headers.keys()]) if (name.startsWith("access-control-") || name === "surrogate-control") headers.delete(name);
  if (!edgeChecksTokens || !headers.has("cache-control")) headers.set("cache-control", "private, no-store");
  headers.append("vary", "authorization");
  return new Response(answer.body, { status: answer.status, headers });
}
