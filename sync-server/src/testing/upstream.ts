import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { createShapeApp } from "../shapes/http/app.ts";
import { startShapeService } from "../shapes/index.ts";

/** A request as the shape service behind got it. */
export interface UpstreamRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  /** True once the asker has left before the answer was complete. */
  readonly left: () => boolean;
}

/** The bare shape service over real sockets, as `npm run shapes` serves it, with its requests kept. */
export interface TestUpstream {
  readonly url: string;
  readonly secret: string;
  readonly requests: readonly UpstreamRequest[];
  /** Answers the next requests in its place, until called with undefined. */
  answerWith(answer: ((request: Request) => Response | Promise<Response>) | undefined): void;
  /** Ends the service; the address refuses connections from then on. */
  stop(): Promise<void>;
  /** Starts it again at the same address on the same storage. */
  start(): Promise<void>;
  /** Stops it for good and removes its storage. */
  close(): Promise<void>;
}

const nothing = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Starts the bare service on a database of a test. */
export async function startUpstream(databaseUrl: string, name: string): Promise<TestUpstream> {
  const storageDir = await mkdtemp(join(tmpdir(), "saldo-upstream-"));
  const secret = "the secret of the service behind";
  const requests: UpstreamRequest[] = [];
  let instead: ((request: Request) => Response | Promise<Response>) | undefined;

  const launch = async (port: number) => {
    const service = await startShapeService({ databaseUrl, storageDir, slotName: `behind_${name}`, publicationName: "behind", log: nothing });
    await service.ready;
    const app = createShapeApp(service, { log: nothing, secret, allowDelete: false });
    const fetch = (request: Request) => {
      requests.push({ method: request.method, url: new URL(request.url), headers: request.headers, left: () => request.signal.aborted });
      return instead ? instead(request) : app(request);
    };
    return new Promise<{ readonly port: number; readonly close: () => Promise<void> }>((resolve) => {
      const server = serve({ fetch, hostname: "127.0.0.1", port }, (address) => {
        const close = async () => {
          const closed = new Promise((done) => server.close(done));
          await service.close();
          if ("closeAllConnections" in server) server.closeAllConnections();
          await closed;
        };
        resolve({ port: address.port, close });
      });
    });
  };
  let running = await launch(0);
  const { port } = running;
  return {
    url: `http://127.0.0.1:${port}`,
    secret,
    requests,
    answerWith: (answer) => void (instead = answer),
    stop: () => running.close(),
    async start() {
      running = await launch(port);
    },
    async close() {
      await running.close();
      await rm(storageDir, { recursive: true, force: true });
    },
  };
}
