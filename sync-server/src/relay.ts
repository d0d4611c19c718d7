import { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Http2Bindings, type HttpBindings, serve } from "@hono/node-server";
import { SaldoError } from "@saldo/schema";
import { drizzle } from "drizzle-orm/node-postgres";
import type pg from "pg";
import type { Logger } from "pino";
import { createAuthority } from "./auth/authority.ts";
import { createAttemptLimiter } from "./auth/rate-limit.pg.ts";
import { authRoutes, sessionOf } from "./auth/routes.ts";
import { bearerToken, createSyncTokens } from "./auth/sync-token.ts";
import { clientRoutes } from "./clients/routes.ts";
import type { RelayConfig } from "./config.ts";
import { openPool, withoutLimits } from "./database.pg.ts";
import { openFiles, type Files } from "./files/files.ts";
import { createHolds, type Holds } from "./gatekeeper/holds.ts";
import { type OpenShapesParts, shapesDir } from "./gatekeeper/open-shapes.ts";
import { createRights } from "./gatekeeper/rights.pg.ts";
import { gatekeeperRoutes } from "./gatekeeper/routes.ts";
import type { ShapeSource } from "./gatekeeper/shape-source.ts";
import { healthRoutes } from "./health/routes.ts";
import { createApp, type AppParts } from "./http/app.ts";
import { describeFault } from "./http/errors.ts";
import { migrate } from "./migrations/migrate.pg.ts";
import { flushedLsn, renewGeneration, serverGeneration } from "./migrations/publication.pg.ts";
import { pruneLedger } from "./mutations/ledger.pg.ts";
import { mutationRoutes } from "./mutations/routes.ts";
import { compactNotes } from "./notes/compact-notes.pg.ts";
import { createNotifyHub, type NotifyHub } from "./notify/hub.ts";
import { notifyRoutes } from "./notify/routes.ts";
import { drain, FileBodySender, knowsBeyond } from "./shapes/index.ts";
import { createDeviceSums, type DeviceSums } from "./sums/device-sums.ts";
import { sumRoutes } from "./sums/routes.ts";
import { createRunningSums } from "./sums/running-sums.ts";
import { webApp } from "./web/static.ts";

/** How long requests in flight may take to end when the relay stops. */
const drainMsMax = 8_000;
const headersTimeoutMs = 10_000;
/** How often verdicts that are too old are forgotten. */
const pruneIntervalMs = 3_600_000;
/** How often notes with many updates are looked for. */
const compactIntervalMs = 600_000;
/** A whole upload at 0.3 Mbit/s. */
const requestTimeoutMs = 240_000;
const keepAliveTimeoutMs = 65_000;

/** What the relay takes from its surroundings. */
export interface RelaySeams {
  readonly log: Logger;
  readonly nowMs: () => number;
  readonly nextId: () => string;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  /** Opens the source of shapes once the database is migrated and published. */
  openShapes(parts: OpenShapesParts): Promise<ShapeSource>;
  /** Called when the database was replaced, or put back to an older copy, while the relay ran: what it remembers means nothing any more, so it is to be started anew. */
  startOver(): void;
}

/** A running relay. */
export interface Relay {
  /** Where it listens, on this machine. */
  readonly url: string;
  /** The routes it serves, with the access each needs. */
  readonly routes: AppParts["routes"];
  /** Stops taking requests, ends streams, lets what is in flight end (at most 8 s) and lets go of the database. Idempotent. */
  close(): Promise<void>;
}

/** Migrates the database and starts the relay on it. Throws `SaldoError` `relay.database_unusable`. */
export async function startRelay(config: RelayConfig, seams: RelaySeams): Promise<Relay> {
  const pool = openPool(config.databaseUrl, (error) => seams.log.warn({ fault: describeFault(error) }, "an idle database connection was lost"));
  let shapes: ShapeSource | undefined;
  let files: Files | undefined;
  let streams: { readonly hub: NotifyHub; readonly holds: Holds; readonly sums: DeviceSums } | undefined;
  try {
    const generation = await prepareDatabase(pool, config, seams);
    const databaseReplaced = () =>
      void renewGeneration(pool, generation, seams.nextId)
        .catch((error: unknown) => seams.log.error({ fault: describeFault(error) }, "the generation could not be renewed"))
        .then(() => seams.startOver());
    const { log, nowMs, random } = seams;
    const running = createRunningSums();
    const source = (shapes = await seams.openShapes({ config, pool, log, nowMs, random, rowTap: running.tap, databaseReplaced }));
    const kept = (files = await openFiles({ config, pool, log, nowMs, nextId: seams.nextId, random }));
    const sums = createDeviceSums({ running, pool, shapes: source, log, nowMs });
    const { app, hub, holds } = await wire(config, seams, { pool, generation, shapes: source, files: kept, sums });
    streams = { hub, holds, sums };
    const { server, url } = await listen(config, app.fetch);
    const stopUpkeep = startUpkeep(pool, seams);
    let closing: Promise<void> | undefined;
    const close = async () => {
      const draining = drain(server);
      hub.close();
      holds.close();
      await source.close();
      await draining.ended(drainMsMax);
      await sums.close();
      await stopUpkeep();
      await kept.close();
      await pool.end();
    };
    return { url, routes: app.declared, close: () => (closing ??= close()) };
  } catch (error) {
    streams?.hub.close();
    streams?.holds.close();
    await streams?.sums.close();
    await shapes?.close();
    await files?.close();
    await pool.end();
    throw error;
  }
}

/** What the database needs now and then. Returns the function that ends it and waits for what is under way. */
function startUpkeep(pool: pg.Pool, { log, nowMs, random }: RelaySeams): () => Promise<void> {
  const told = (message: string) => (error: unknown) => log.warn({ fault: describeFault(error) }, message);
  const compact = async () => {
    const { notes, rowsMerged, rowsUnreadable } = await compactNotes({ pool, random });
    if (notes > 0 || rowsUnreadable > 0) log.info({ notes, rowsMerged, rowsUnreadable }, "notes compacted");
  };
  const stops = [
    every(pruneIntervalMs, () => pruneLedger(pool, nowMs()).catch(told("old verdicts could not be forgotten"))),
    every(compactIntervalMs, () => compact().catch(told("notes could not be compacted"))),
  ];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

/** Takes a turn now and after each interval; a failed turn is made up for by the next. Returns the function that ends it and waits for the turn under way. */
function every(intervalMs: number, take: () => Promise<void>): () => Promise<void> {
  let turn = take();
  const timer = setInterval(() => {
    turn = turn.then(take);
  }, intervalMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    return turn;
  };
}

async function prepareDatabase(pool: pg.Pool, config: RelayConfig, { log, nextId }: RelaySeams): Promise<string> {
  try {
    const applied = await withoutLimits(config.databaseUrl, migrate);
    if (applied.length > 0) log.info({ migrations: applied }, "database migrated");
    const generation = await serverGeneration(pool, nextId);
    if (config.electricUrl !== null || !(await knowsBeyond(shapesDir(config), await flushedLsn(pool)))) return generation;
    log.warn({}, "the database is an older copy of itself: devices begin anew with it");
    await renewGeneration(pool, generation, nextId);
    return await serverGeneration(pool, nextId);
  } catch (cause) {
    throw new SaldoError("relay.database_unusable", {}, { cause });
  }
}

interface WiredParts {
  readonly pool: pg.Pool;
  readonly generation: string;
  readonly shapes: ShapeSource;
  readonly files: Files;
  readonly sums: DeviceSums;
}

async function wire(config: RelayConfig, seams: RelaySeams, { pool, generation, shapes, files, sums }: WiredParts) {
  const { nowMs, nextId, random, log } = seams;
  const options = { publicUrl: config.publicUrl, trustedOrigins: config.trustedOrigins, secret: config.authSecret, nextId };
  const database = drizzle(pool);
  const authority = createAuthority(database, options);
  const tokens = await createSyncTokens({ privateKey: config.tokenPrivateKey, issuer: new URL(config.publicUrl).origin, nowMs, nextId });
  const rights = createRights(pool, nowMs);
  const holds = createHolds({ rights, nowMs });
  const hub = createNotifyHub({ shapes, rights, sums, nowMs });
  const limiter = createAttemptLimiter(pool, nowMs);
  const routes: AppParts["routes"] = [
    ...healthRoutes({ pool, shapes, nowMs }),
    ...authRoutes({ pool, database, authority, options, limiter, tokens, proxyHops: config.trustedProxyHops, nowMs }),
    ...clientRoutes({ pool, generation, nowMs }),
    ...files.routes,
    ...mutationRoutes({ pool, nowMs, nextId, random, generation }),
    ...gatekeeperRoutes({ shapes, rights, holds, edgeChecksTokens: config.edgeChecksTokens }),
    ...sumRoutes({ pool, rights }),
    ...notifyRoutes({ hub, rights, generation }),
  ];
  const { fetch } = createApp({
    routes,
    web: config.webDir === null ? null : webApp(config.webDir),
    publicUrl: config.publicUrl,
    trustedOrigins: config.trustedOrigins,
    log,
    nowMs,
    nextId,
    sessionOf: (context) => sessionOf(context, authority),
    tokenOf: async (context) => tokens.verify(bearerToken(context.req.header("authorization"))),
  });
  return { app: { fetch, declared: routes }, hub, holds };
}

type Fetch = (request: Request, env: HttpBindings | Http2Bindings) => Response | Promise<Response>;

async function listen(config: RelayConfig, fetch: Fetch) {
  const fileBodies = new FileBodySender();
  return new Promise<{ readonly server: Server; readonly url: string }>((resolve, reject) => {
    const serverOptions = { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs, keepAliveTimeout: keepAliveTimeoutMs };
    const server = serve({ fetch: async (request, env) => fileBodies.send(await fetch(request, env), env.outgoing), hostname: config.host, port: config.port, serverOptions }, (address: AddressInfo) => {
      if (!(server instanceof Server)) throw new Error("an HTTP/1.1 server was expected");
      const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
      resolve({ server, url: `http://${host}:${address.port}` });
    });
    server.on("error", reject);
  });
}
