import { connect } from "node:net";
import { expect, it } from "vitest";
import { startRedis } from "./redis.ts";

it("keeps nothing over a kill by default, and everything when append-only", async () => {
  for (const appendOnly of [false, true]) {
    const redis = await startRedis({ appendOnly });
    try {
      expect(await ask(redis.port, "SET word saldo")).toBe("+OK");
      await redis.restart();
      expect(await ask(redis.port, "EXISTS word")).toBe(appendOnly ? ":1" : ":0");
    } finally {
      await redis.stop();
    }
  }
});

function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port }, () => socket.write(`${command}\r\n`));
    socket.once("error", reject);
    socket.once("data", (answer) => {
      resolve(answer.toString("utf8").trim());
      socket.destroy();
    });
  });
}
