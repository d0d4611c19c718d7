import { generationHeader, SaldoError, schemaVersionHeader } from "@saldo/schema";
import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { RelayEnv } from "./route.ts";

const preflightMaxAgeSeconds = 86_400;
const electricHeaders = ["cursor", "handle", "has-data", "offset", "schema", "up-to-date", "snapshot", "internal-known-error"];

/** Header by which a caller without cookies (the command line, a mobile app) asks for its session token in the answer's body. */
export const bearerModeHeader = "saldo-session";

/** Cross-origin answers for the exact origins listed, and for no other. */
export function crossOrigin(trustedOrigins: readonly string[]): MiddlewareHandler<RelayEnv> {
  return cors({
    origin: (origin) => (trustedOrigins.includes(origin) ? origin : null),
    credentials: true,
    maxAge: preflightMaxAgeSeconds,
    allowMethods: ["GET", "HEAD", "POST", "PUT", "OPTIONS"],
    allowHeaders: ["authorization", "content-type", "if-none-match", bearerModeHeader, generationHeader, schemaVersionHeader],
    exposeHeaders: [...electricHeaders.map((name) => `electric-${name}`), generationHeader, "retry-after", "x-request-id"],
  });
}

/**
 * Refuses a change that a browser sends from a foreign page: its `Origin` is neither the page's own host nor listed.
 * Cookies are SameSite too; this is the second wall. Throws `SaldoError` `auth.origin_refused`.
 */
export function refuseForeignOrigins(trustedOrigins: readonly string[]): MiddlewareHandler<RelayEnv> {
  return async (context, next) => {
    const origin = context.req.header("origin");
    const changes = context.req.method !== "GET" && context.req.method !== "HEAD" && context.req.method !== "OPTIONS";
    if (changes && origin !== undefined && !trustedOrigins.includes(origin) && hostOf(origin) !== context.req.header("host")) {
      throw new SaldoError("auth.origin_refused");
    }
    await next();
  };
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
