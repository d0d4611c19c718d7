import { createServer } from "node:net";

/** True when a loopback port can be listened on at this moment. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Below the ports that systems give to outgoing connections (Linux from 32768, others from 49152), one of which could take the place of a server that is away for a moment. */
const firstPort = 20_000;
const portCount = 12_000;
/** Processes side by side begin at different ones. */
const strideOfProcess = 61;
let asked = process.pid * strideOfProcess;

/** A loopback port nobody listened on a moment ago, another one each time; whoever uses it must still expect to lose the race. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < portCount; tried++) {
    const port = firstPort + (asked++ % portCount);
    if (await portIsFree(port)) return port;
  }
  throw new Error("No free port on 127.0.0.1.");
}
