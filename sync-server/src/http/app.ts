import { SaldoError, schemaVersion, schemaVersionHeader, schemaVersionsServed } from "@saldo/schema";
import { Hono, type MiddlewareHandler } from "hono";
import type { Logger } from "pino";
import { onError } from "./errors.ts";
import { crossOrigin, refuseForeignOrigins } from "./origins.ts";
import { requestLog } from "./request-log.ts";
import type { RelayContext, RelayEnv, Route, SessionSubject, TokenSubject } from "./route.ts";
import { securityHeaders } from "./security-headers.ts";

/** What the app is made of. */
export interface AppParts {
  readonly routes: readonly Route[];
  /** Answers whatever no route took, under no API path; absent when the process serves no web app. */
  readonly web: MiddlewareHandler<RelayEnv> | null;
  readonly publicUrl: string;
  readonly trustedOrigins: readonly string[];
  readonly log: Logger;
  readonly nowMs: () => number;
  readonly nextId: () => string;
  /** The person behind a session cookie or session token; throws `SaldoError` `auth.required`. */
  sessionOf(context: RelayContext): Promise<SessionSubject>;
  /** The person behind a sync token; throws `SaldoError` `auth.required`. */
  tokenOf(context: RelayContext): Promise<TokenSubject>;
}

/** The relay's HTTP application: every route behind the access it declares, everything else refused. */
export function createApp(parts: AppParts): Hono<RelayEnv> {
  const app = new Hono<RelayEnv>();
  const trusted = [new URL(parts.publicUrl).origin, ...parts.trustedOrigins];
  app.use(requestLog(parts.log, parts.nowMs, parts.nextId));
  app.use(securityHeaders(parts.publicUrl));
  app.use("/v1/*", crossOrigin(trusted), refuseForeignOrigins(trusted));
  for (const route of parts.routes) app.on(route.method, route.path, (context) => guarded(route, context, parts));
  if (parts.web) app.get("*", parts.web);
  app.notFound(() => {
    throw new SaldoError("relay.not_found");
  });
  app.onError(onError(parts.log));
  return app;
}

async function guarded(route: Route, context: RelayContext, parts: AppParts): Promise<Response> {
  if (route.access === "public") return route.handle(context);
  if (route.access === "session") {
    const session = await parts.sessionOf(context);
    context.set("userId", session.userId);
    return route.handle(context, session);
  }
  const subject = await parts.tokenOf(context);
  context.set("userId", subject.userId);
  refuseOtherVersions(context.req.header(schemaVersionHeader));
  return route.handle(context, subject);
}

/** Throws `relay.update_required` for a device too old to be served, `relay.server_older` for one this server does not know yet. */
function refuseOtherVersions(given: string | undefined): void {
  if (given === undefined) return;
  const version = /^\d{1,9}$/.test(given) ? Number(given) : 0;
  if (version > schemaVersion) throw new SaldoError("relay.server_older", { schemaVersion });
  if (!schemaVersionsServed.includes(version)) throw new SaldoError("relay.update_required", { schemaVersion });
}
