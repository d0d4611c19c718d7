import { connect, createServer, type Socket } from "node:net";

/** What becomes of one connection: cut once the server has sent so many bytes, or left without an answer for ever. */
export type Unsteadiness = { readonly cutAfterBytes: number } | "silent";

/** A TCP proxy on loopback whose first connections fail. */
export interface UnsteadyProxy {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a proxy for `127.0.0.1:targetPort`; the n-th connection fails as the n-th entry says, undefined and later ones do not. */
export async function startUnsteadyProxy(targetPort: number, failures: readonly (Unsteadiness | undefined)[]): Promise<UnsteadyProxy> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer((near) => {
    const failure = failures[accepted++];
    sockets.add(near);
    near.on("error", () => undefined);
    if (failure === "silent") return;
    const far = connect({ host: "127.0.0.1", port: targetPort });
    sockets.add(far);
    far.on("error", () => near.destroy());
    far.on("close", () => near.destroy());
    near.on("close", () => far.destroy());
    near.pipe(far);
    let bytes = 0;
    far.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (failure !== undefined && bytes > failure.cutAfterBytes) near.destroy();
      else near.write(piece);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    port: address.port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
