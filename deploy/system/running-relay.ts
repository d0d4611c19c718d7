import { generateKeyPairSync, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { openShapes, startRelay, type Relay, type RelayConfig } from "@saldo/sync-server";
import { systemIds } from "@saldo/schema";
import { pino } from "pino";
import pg from "pg";
import { z } from "zod";
import { freePort } from "../process/free-port.ts";

const pollMs = 20;
const healthAnswer = z.object({ shapes: z.string() });

/** A relay on a real Postgres that can be stopped and started again at the same address. */
export interface RunningRelay {
  readonly url: string;
  sql(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Signs a new person up; returns the bearer of the session. */
  signUp(): Promise<string>;
  stop(): Promise<void>;
  /** Starts it again, its clock so much later; resolves when it follows the database. */
  start(laterMs?: number): Promise<void>;
  /** Sets its clock so much later than the machine's, or earlier, while it runs. */
  setClock(laterMs: number): void;
  /** Stops it for good. */
  close(): Promise<void>;
}

/** Starts a relay with settings fit for a test or benchmark. */
export async function runRelay(place: Pick<RelayConfig, "databaseUrl" | "storageDir" | "replicationSlot"> & Partial<RelayConfig>): Promise<RunningRelay> {
  const config: RelayConfig = {
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
    logLevel: "warn",
    ...place,
  };
  const ids = systemIds();
  let clockLaterMs = 0;
  const open = (port: number) => {
    const seams = { log: pino({ level: "silent" }), nowMs: () => Math.floor(performance.timeOrigin + performance.now()) + clockLaterMs, nextId: () => ids.next(), random: () => 0.5, openShapes, startOver: () => undefined };
    return startRelay({ ...config, port }, seams);
  };
  let relay: Relay = await open(await freePort());
  const { url } = relay;
  const pool = new pg.Pool({ connectionString: place.databaseUrl, max: 2 });
  pool.on("error", () => undefined);
  return {
    url,
    sql: async (text, values = []) => (await pool.query<Record<string, unknown>>(text, [...values])).rows,
    signUp: () => signUpAt(url),
    stop: () => relay.close(),
    async start(laterMs = 0) {
      clockLaterMs = laterMs;
      relay = await open(Number(new URL(url).port));
      while (!(await followsDatabase(url))) await sleep(pollMs);
    },
    setClock: (laterMs) => void (clockLaterMs = laterMs),
    async close() {
      await relay.close();
      await pool.end();
    },
  };
}

/** Signs a new person up at a relay; returns the bearer of the session. */
export async function signUpAt(url: string): Promise<string> {
  const answer = await fetch(`${url}/v1/sign-up`, {
    method: "POST",
    headers: { "content-type": "application/json", "saldo-session": "bearer" },
    body: JSON.stringify({ email: `${randomUUID()}@example.test`, password: "correct horse battery", companyName: "Ромашка", currency: "EUR", locale: "ru" }),
  });
  const body: unknown = await answer.json();
  if (typeof body !== "object" || body === null || !("sessionToken" in body) || typeof body.sessionToken !== "string") throw new Error(`sign-up: ${answer.status}`);
  return body.sessionToken;
}

/** A relay answers before its shape service is in the database's log again; until then devices are told to come back. */
async function followsDatabase(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health`);
  return healthAnswer.safeParse(await answer.json()).data?.shapes === "active";
}
