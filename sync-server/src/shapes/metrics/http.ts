import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestKind, ShapeMetrics } from "./prometheus.ts";

const readingMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST"]);

/** What a request to this address asks for. */
export function requestKind(method: string, url: URL): RequestKind {
  if (!url.pathname.endsWith("/shape") || !readingMethods.has(method)) return "other";
  const { searchParams } = url;
  if ([...searchParams.keys()].some((name) => name.startsWith("subset__"))) return "subset";
  const offset = searchParams.get("offset") ?? "";
  if (offset === "-1" || /^0_\d+$/.test(offset)) return "snapshot";
  const live = searchParams.get("live");
  return live !== null && live !== "false" ? "live" : "log";
}

/** Notes each request of a Node server once its answer has gone, or its client has. */
export function requestListener(metrics: ShapeMetrics, nowMs: () => number): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const startedMs = nowMs();
    response.once("close", () => {
      const kind = URL.canParse(request.url ?? "", "http://service") ? requestKind(request.method ?? "", new URL(request.url ?? "", "http://service")) : "other";
      metrics.answered(kind, response.writableEnded ? response.statusCode : 499, nowMs() - startedMs);
    });
  };
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Answers `GET /metrics`; with a `secret`, only to who gives it as bearer token or `?secret=`. */
export async function answerMetrics(metrics: ShapeMetrics, request: Request, secret: string | undefined): Promise<Response> {
  const url = new URL(request.url);
  if (url.pathname !== "/metrics") return new Response("Not found", { status: 404 });
  if (request.method !== "GET" && request.method !== "HEAD") return new Response("Method not allowed", { status: 405 });
  const given = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? url.searchParams.get("secret") ?? "";
  const headers = { "cache-control": "no-store" };
  if (secret !== undefined && !sameText(given, secret)) return new Response("Unauthorized", { status: 401, headers });
  return new Response(request.method === "HEAD" ? null : await metrics.text(), { headers: { ...headers, "content-type": metrics.contentType } });
}
