import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** One address in front of several instances, as a load balancer is: each request goes to the one that says it is active. */
export interface Front {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the front; `target` answers the origin a request is sent to. */
export async function startFront(target: () => string): Promise<Front> {
  const server: Server = createServer((incoming, outgoing) => {
    const onward = request(`${target()}${incoming.url ?? ""}`, { method: incoming.method ?? "GET", headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.on("error", () => outgoing.destroy());
    });
    onward.on("error", () => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502, { "retry-after": "1" }).end();
    });
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1/shape`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
