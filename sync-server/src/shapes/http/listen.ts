import type { Server } from "node:http";
import { serve } from "@hono/node-server";

const headerBytesMax = 64 * 1024;
const headersMsMax = 15_000;
const requestMsMax = 30_000;
const slowClientCheckMs = 5_000;
/** Longer than a reverse proxy keeps an idle connection, so that it is never us who close one it is about to use. */
const keepAliveMs = 75_000;
/** A connection on which nothing moves for this long, a reader that takes nothing included, is closed. */
const stalledMsMax = 120_000;
/** A held request sends nothing; its connection must outlive it. */
const stalledBeyondWaitMs = 30_000;

/** What a request handler learns of the connection beside the request. */
export interface Connection {
  readonly outgoing: { once(event: "close", listener: () => void): unknown };
}

/** Where and how {@link listen} listens. */
export interface ListenOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly hostname: string;
  /** The longest a request is held without a byte being sent. */
  readonly waitMsMax: number;
}

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Takes no new connections; resolves when all are closed. */
  close(): Promise<void>;
  /** Cuts all connections. */
  cut(): void;
}

/**
 * Serves a handler over HTTP/1.1 with limits on everything a client may make the server wait for or keep: header size (431), time to
 * send headers and the whole request (408), connections without movement (closed). Rejects when the port cannot be had.
 */
export function listen(handler: (request: Request, connection?: Connection) => Promise<Response>, options: ListenOptions): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve(
      {
        fetch: (request, env) => handler(request, env),
        port: options.port,
        hostname: options.hostname,
        serverOptions: {
          maxHeaderSize: headerBytesMax,
          headersTimeout: headersMsMax,
          requestTimeout: requestMsMax,
          connectionsCheckingInterval: slowClientCheckMs,
          keepAliveTimeout: keepAliveMs,
        },
      },
      ({ port }) => resolve({ port, close: () => new Promise((closed) => server.close(() => closed())), cut: () => cut(server) }),
    );
    server.once("error", reject);
    if ("timeout" in server) server.setTimeout(Math.max(stalledMsMax, options.waitMsMax + stalledBeyondWaitMs));
  });
}

function cut(server: object): void {
  if (isHttp1(server)) server.closeAllConnections();
}

function isHttp1(server: object): server is Server {
  return "closeAllConnections" in server;
}
