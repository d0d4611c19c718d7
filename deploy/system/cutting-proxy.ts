import { connect, createServer, type Socket } from "node:net";

/** A way to a server that breaks on demand. */
export interface CuttingProxy {
  readonly url: string;
  /** Lets so many bytes through towards the server, over all connections from now on, then breaks every connection; null lets all through. */
  cutAfter(bytes: number | null): void;
  /** How often it broke. */
  cuts(): number;
  close(): Promise<void>;
}

/** Opens a proxy on a free port of this machine. */
export async function openCuttingProxy(serverUrl: string): Promise<CuttingProxy> {
  const target = new URL(serverUrl);
  const open = new Set<Socket>();
  let left: number | null = null;
  let cuts = 0;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("close", () => open.delete(socket));
      socket.on("error", () => undefined);
    }
    const end = () => {
      near.destroy();
      far.end();
    };
    near.on("data", (piece: Buffer) => {
      if (left === null) return void far.write(piece);
      const passed = piece.subarray(0, Math.max(0, left));
      left -= passed.byteLength;
      far.write(passed);
      if (passed.byteLength === piece.byteLength) return;
      cuts++;
      end();
    });
    far.on("data", (piece) => void near.write(piece));
    near.on("close", end);
    far.on("close", end);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    cutAfter: (bytes) => {
      left = bytes;
    },
    cuts: () => cuts,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
