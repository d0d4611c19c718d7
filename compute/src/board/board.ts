import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { openQueueToShow, type QueuePlace } from "../queue/open-queue.ts";

/** Names a browser on this machine may have asked for: a page elsewhere whose name was pointed at us is turned away. */
const hostsKnown = ["localhost", "127.0.0.1"];

/** The page that shows the queue. */
export interface Board {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves a page that shows the queue (bull-board) on loopback only. It only shows: jobs are asked for again through their rows.
 * Throws the system's error when the port is taken and the driver's when the queue's store cannot be reached.
 */
export async function openBoard(place: QueuePlace, port: number): Promise<Board> {
  // Loaded here: most processes show no page.
  const [{ createBullBoard }, { BullMQAdapter }, { HonoAdapter }] = await Promise.all([import("@bull-board/api"), import("@bull-board/api/bullMQAdapter"), import("@bull-board/hono")]);
  const queue = await openQueueToShow(place);
  const adapter = new HonoAdapter(serveStatic);
  createBullBoard({ queues: [new BullMQAdapter(queue, { readOnlyMode: true })], serverAdapter: adapter, options: { uiConfig: { boardTitle: "Saldo" } } });
  const app = new Hono();
  app.use(async (context, next) => {
    if (!hostsKnown.includes(new URL(context.req.url).hostname)) return context.text("Not found", 404);
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Cache-Control", "no-store");
    return next();
  });
  app.route("/", adapter.registerPlugin());
  try {
    const { server, address } = await listening(app, port);
    return {
      port: address.port,
      close: async () => {
        await new Promise<void>((resolve) => {
          server.close(() => resolve());
          if ("closeAllConnections" in server) server.closeAllConnections();
        });
        await queue.close();
      },
    };
  } catch (error) {
    await queue.close();
    throw error;
  }
}

function listening(app: Hono, port: number): Promise<{ readonly server: ReturnType<typeof serve>; readonly address: AddressInfo }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, (address) => resolve({ server, address }));
    server.once("error", reject);
  });
}
