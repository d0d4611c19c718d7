import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { RelayModel } from "./relay-model.ts";

/** A relay in memory that processes of their own can reach. */
export interface ModelServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a model over HTTP on this machine. */
export async function serveModel(model: RelayModel): Promise<ModelServer> {
  const server = createServer((request, response) => {
    // A device that is killed leaves its requests where they are.
    answer(model, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(model: RelayModel, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const pieces: Uint8Array[] = [];
  for await (const piece of request) if (piece instanceof Uint8Array) pieces.push(piece);
  const { method = "GET" } = request;
  const headers = new Headers(Object.entries(request.headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value] satisfies [string, string]] : [])));
  const body = method === "GET" ? {} : { body: new Uint8Array(Buffer.concat(pieces)) };
  const { status, headers: answered, body: stream } = await model.fetch(`http://model.test${request.url ?? "/"}`, { method, headers, signal: gone.signal, ...body });
  response.writeHead(status, Object.fromEntries(answered));
  response.flushHeaders();
  if (stream === null) return void response.end();
  await pipeline(Readable.from(stream), response);
}
