import { SaldoError } from "@saldo/schema";
import type { RelayContext, Route, TokenSubject } from "../http/route.ts";
import { fixShape, registeredShape } from "./registry.ts";
import type { Rights } from "./rights.pg.ts";
import type { ShapeSource } from "./shape-source.ts";

/** The protocol's parameters a device may give; the shape itself is ours to say, so `table`, `where` and their like are not among them. */
const passedParameters = ["offset", "handle", "live", "live_sse", "experimental_live_sse", "cursor", "expired_handle", "cache-buster"];
const passedHeaders = ["if-none-match", "accept"];
const parameterCharsMax = 512;

/** What the gatekeeper works with. */
export interface GatekeeperParts {
  readonly shapes: ShapeSource;
  readonly rights: Rights;
}

/**
 * `GET /v1/shapes/:name?scope=ID&…`: a registered shape of a scope the token's owner has a right to, over the Electric HTTP protocol.
 * A missing scope and a foreign one are the same 404.
 */
export function gatekeeperRoutes(parts: GatekeeperParts): readonly Route[] {
  return [{ method: "GET", path: "/v1/shapes/:name", access: "token", handle: (context, subject) => handleShape(context, subject, parts) }];
}

async function handleShape(context: RelayContext, { userId }: TokenSubject, { shapes, rights }: GatekeeperParts): Promise<Response> {
  const url = new URL(context.req.url);
  if ([...url.searchParams.keys()].some((name) => name.startsWith("subset__"))) throw new SaldoError("relay.invalid_request", { field: "subset" });
  const shape = registeredShape(context.req.param("name") ?? "");
  const scopeId = url.searchParams.get("scope") ?? "";
  if (!shape || !(await rights.mayRead(shape.scopeKind, scopeId, userId))) throw new SaldoError("relay.shape_unknown");
  const answer = await shapes.handle(protocolRequest(context.req.raw, url), fixShape(shape, scopeId));
  // A live request may have waited while the right to it ended.
  const waited = url.searchParams.has("live");
  if (waited && !(await rights.mayRead(shape.scopeKind, scopeId, userId, { fresh: true }))) {
    await answer.body?.cancel();
    throw new SaldoError("relay.shape_unknown");
  }
  return privateAnswer(answer);
}

/** The request as the shape service sees it: the protocol's parameters and headers, nothing else. */
function protocolRequest(request: Request, url: URL): Request {
  const passed = new URL("/v1/shape", url);
  for (const name of passedParameters) {
    const value = url.searchParams.get(name);
    if (value === null) continue;
    if (value.length > parameterCharsMax) throw new SaldoError("relay.invalid_request", { field: name });
    passed.searchParams.set(name, value);
  }
  const headers = new Headers();
  for (const name of passedHeaders) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Request(passed, { headers, signal: request.signal });
}

/** The answer is one person's: no cache in between may keep it. Cross-origin headers are the relay's to set. */
function privateAnswer(answer: Response): Response {
  const headers = new Headers(answer.headers);
  for (const name of [...headers.keys()]) if (name.startsWith("access-control-") || name === "surrogate-control") headers.delete(name);
  headers.set("cache-control", "private, no-store");
  headers.append("vary", "authorization");
  return new Response(answer.body, { status: answer.status, headers });
}
