import { generateKeyPairSync } from "node:crypto";
import { systemIds } from "@saldo/schema";
import { pino } from "pino";
import type { RelayConfig } from "../config.ts";
import { openShapes } from "../gatekeeper/open-shapes.ts";
import { startRelay, type Relay } from "../relay.ts";

/** A clock a test can move. */
export interface TestClock {
  offsetMs: number;
}

/** A relay in this process, over real sockets, with a clock to move and its log kept. */
export interface OpenRelay extends Relay {
  readonly clock: TestClock;
  readonly logged: readonly string[];
}

/** Starts the relay on a database with settings fit for a test or benchmark. */
export async function openRelay(
  place: { readonly databaseUrl: string; readonly storageDir: string; readonly replicationSlot: string },
  overrides: Partial<RelayConfig> = {},
): Promise<OpenRelay> {
  const config: RelayConfig = {
    ...place,
    host: "127.0.0.1",
    port: 0,
    publicUrl: "http://localhost:4040",
    trustedOrigins: [],
    trustedProxyHops: 1,
    authSecret: "a secret of more than thirty-two characters",
    tokenPrivateKey: generateKeyPairSync("ed25519").privateKey,
    electricUrl: null,
    electricSecret: null,
    edgeChecksTokens: false,
    workspaceFileBytesMax: 2 * 1024 ** 3,
    shapesBytesMax: 20 * 1024 ** 3,
    shapesUnusedMsMax: 30 * 86_400_000,
    s3: null,
    webDir: null,
    logLevel: "info",
    ...overrides,
  };
  const logged: string[] = [];
  const log = pino({ level: config.logLevel }, { write: (line: string) => void logged.push(line) });
  const clock: TestClock = { offsetMs: 0 };
  const ids = systemIds();
  const relay = await startRelay(config, { log, nowMs: () => Date.now() + clock.offsetMs, nextId: () => ids.next(), random: Math.random, openShapes, startOver: () => undefined });
  return { ...relay, clock, logged };
}
