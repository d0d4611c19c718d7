import type { ResolvedOptions } from "../options.ts";
import type { ProtocolParams } from "./protocol-params.ts";

/** Cache rules of the bare service, by kind of answer. */
export function cacheControl(params: ProtocolParams, options: ResolvedOptions): string {
  if (params.requested.kind === "start") return "public, max-age=604800, s-maxage=3600, stale-while-revalidate=2629746";
  if (params.sse) return `public, max-age=${Math.max(1, Math.floor(options.sseMs / 1000) - 1)}`;
  if (params.live) return "public, max-age=5, stale-while-revalidate=5";
  return `public, max-age=${options.cacheMaxAgeSeconds}, stale-while-revalidate=${options.cacheStaleAgeSeconds}`;
}

/** True when one of the request's `If-None-Match` tags is `etag`. */
export function matchesEtag(request: Request, etag: string): boolean {
  const tags = request.headers.get("if-none-match");
  return tags !== null && tags.split(",").some((tag) => tag.trim().replace(/^(?:W\/)?"(.*)"$/, "$1") === etag);
}

/** Headers browsers may read; the protocol's client needs them. */
export const exposedHeaders =
  "electric-cursor,electric-handle,electric-has-data,electric-offset,electric-schema,electric-up-to-date,electric-internal-known-error,retry-after";
