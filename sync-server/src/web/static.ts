import { serveStatic } from "@hono/node-server/serve-static";
import type { MiddlewareHandler } from "hono";
import type { RelayContext, RelayEnv } from "../http/route.ts";

const immutableMaxAgeSeconds = 31_536_000;

/** WebAssembly is compiled by PGlite; nothing inline ever runs. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** The built web app from a folder: hashed assets for ever, everything else asked for again, unknown pages to the app itself. */
export function webApp(webDir: string): MiddlewareHandler<RelayEnv> {
  const onFound = (_path: string, context: RelayContext) => {
    const immutable = context.req.path.startsWith("/assets/");
    context.header("cache-control", immutable ? `public, max-age=${immutableMaxAgeSeconds}, immutable` : "no-cache");
    context.header("content-security-policy", contentSecurityPolicy);
    context.header("cross-origin-resource-policy", "same-origin");
  };
  const file = serveStatic<RelayEnv>({ root: webDir, onFound });
  const page = serveStatic<RelayEnv>({ root: webDir, path: "index.html", onFound });
  const nothing = async () => undefined;
  return async (context, next) => {
    const { path } = context.req;
    if (/^\/(?:v1|api)(?:\/|$)/.test(path) || /\/\./.test(path)) return next();
    const found = await file(context, nothing);
    if (found) return found;
    const isPage = !/\.[^/]*$/.test(path);
    return (isPage ? await page(context, nothing) : undefined) ?? next();
  };
}
