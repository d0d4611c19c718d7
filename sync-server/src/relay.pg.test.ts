import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:net";
import { pino } from "pino";
import { expect, it } from "vitest";
import { createTestDatabase } from "../../deploy/testing/postgres.ts";
import type { ShapeSource } from "./gatekeeper/shape-source.ts";
import { startRelay } from "./relay.ts";

it("lets go of all it opened when it cannot listen", async () => {
  const database = await createTestDatabase();
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, "127.0.0.1", () => {
      const address = taken.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  const held = new Set<string>(["shapes"]);
  const shapes: ShapeSource = {
    handle: () => Promise.resolve(new Response()),
    shapeKey: () => "",
    subscribe: () => {
      held.add("subscription");
      return () => void held.delete("subscription");
    },
    currentLsn: () => 0n,
    checkpointLsn: () => Promise.resolve(1n),
    health: () => Promise.resolve("starting"),
    close: async () => void held.delete("shapes"),
  };
  const config = {
    databaseUrl: database.url,
    host: "127.0.0.1",
    port,
    publicUrl: "http://localhost:4040",
    trustedOrigins: [],
    trustedProxyHops: 0,
    authSecret: "a secret of more than thirty-two characters",
    tokenPrivateKey: generateKeyPairSync("ed25519").privateKey,
    storageDir: "unused",
    replicationSlot: "unused",
    electricUrl: null,
    electricSecret: null,
    edgeChecksTokens: false,
    workspaceFileBytesMax: 1, shapesBytesMax: 1, shapesUnusedMsMax: 1, s3: null, webDir: null,
    logLevel: "silent" as const,
  };
  try {
    const starting = startRelay(config, { log: pino({ level: "silent" }), nowMs: Date.now, nextId: () => "id", random: () => 0, openShapes: () => Promise.resolve(shapes), startOver: () => undefined });
    await expect(starting).rejects.toMatchObject({ code: "EADDRINUSE" });
    expect([...held]).toEqual([]);
  } finally {
    await new Promise((resolve) => taken.close(resolve));
    await database.drop();
  }
});
