import type { MiddlewareHandler } from "hono";
import type { RelayEnv } from "./route.ts";

const hstsMaxAgeSeconds = 31_536_000;

/** Headers on every answer: no sniffing, no framing, no referrer, and https for good where the relay is reached by https. */
export function securityHeaders(publicUrl: string): MiddlewareHandler<RelayEnv> {
  const https = new URL(publicUrl).protocol === "https:";
  return async (context, next) => {
    await next();
    const headers = context.res.headers;
    headers.set("x-content-type-options", "nosniff");
    headers.set("x-frame-options", "DENY");
    headers.set("referrer-policy", "no-referrer");
    headers.set("cross-origin-opener-policy", "same-origin");
    if (!headers.has("content-security-policy")) headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    if (https) headers.set("strict-transport-security", `max-age=${hstsMaxAgeSeconds}; includeSubDomains`);
  };
}
