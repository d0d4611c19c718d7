import type { Server } from "node:http";

/** How often connections whose answer is given are looked for. */
const idleCheckMs = 20;

/** A server that ends. */
export interface Draining {
  /** Resolves when no connection is left; whoever still reads an answer after `drainMsMax` is cut off. */
  ended(drainMsMax: number): Promise<void>;
}

/**
 * Takes no new connections, and ends each that is there with the answer it waits for: a client that keeps asking on one would otherwise keep
 * the server from ending.
 */
export function drain(server: Server): Draining {
  server.prependListener("request", (_request, response) => {
    response.shouldKeepAlive = false;
  });
  const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs);
  const closed = new Promise<void>((resolve) =>
    server.close(() => {
      clearInterval(idle);
      resolve();
    }),
  );
  return {
    async ended(drainMsMax) {
      const cut = setTimeout(() => server.closeAllConnections(), drainMsMax);
      await closed;
      clearTimeout(cut);
    },
  };
}
