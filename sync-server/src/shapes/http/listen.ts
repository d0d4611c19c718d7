import { Server } from "node:http";
import { serve } from "@hono/node-server";
import { FileBodySender } from "./file-bodies.ts";

const headerBytesMax = 64 * 1024;
const slowClientCheckMs = 5_000;
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
  /** Default 75 s: how long an idle connection is kept. Longer than a reverse proxy keeps it, it is never us who close one about to be used. */
  readonly keepAliveMs?: number;
  /** Defaults 15 s and 30 s: how long a client may take to send the headers, and the whole request. */
  readonly headersMsMax?: number;
  readonly requestMsMax?: number;
}

/** A server that listens. */
export interface Listening {
  readonly port: number;
  readonly server: Server;
}

/**
 * Serves a handler over HTTP/1.1 with limits on everything a client may make the server wait for or keep: header size (431), time to
 * send headers and the whole request (408), connections without movement (closed). Rejects when the port cannot be had.
 */
export function listen(handler: (request: Request, connection?: Connection) => Promise<Response>, options: ListenOptions): Promise<Listening> {
  const { port, hostname, waitMsMax, keepAliveMs = 75_000, headersMsMax = 15_000, requestMsMax = 30_000 } = options;
  const serverOptions = {
    maxHeaderSize: headerBytesMax,
    headersTimeout: headersMsMax,
    requestTimeout: requestMsMax,
    connectionsCheckingInterval: Math.min(slowClientCheckMs, headersMsMax),
    keepAliveTimeout: keepAliveMs,
  };
  const fileBodies = new FileBodySender();
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: async (request, env) => fileBodies.send(await handler(request, env), env.outgoing), port, hostname, serverOptions }, (address) => {
      if (!(server instanceof Server)) throw new Error("an HTTP/1.1 server was expected");
      server.setTimeout(Math.max(stalledMsMax, waitMsMax + stalledBeyondWaitMs));
      resolve({ port: address.port, server });
    });
    server.once("error", reject);
  });
}
