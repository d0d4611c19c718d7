import { spawn, type ChildProcess } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";
import { bundleForTest, type PlantedBug } from "../../../deploy/testing/planted-bug.ts";

const listening = z.object({ msg: z.literal("listening"), url: z.string() });

/** The relay as a process of its own. */
export interface RelayProcess {
  readonly url: string;
  /** Ends it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop; the exit code it ends with. */
  stop(): Promise<number | null>;
}

/** Settings a relay process starts with; the same ones again find the same people and tokens. */
export function relayEnvironment(databaseUrl: string, storageDir: string, replicationSlot: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    SALDO_PORT: "0",
    SALDO_PUBLIC_URL: "http://localhost:4040",
    SALDO_TRUSTED_PROXY_HOPS: "1",
    SALDO_AUTH_SECRET: "a secret of more than thirty-two characters",
    SALDO_TOKEN_PRIVATE_KEY: generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    SALDO_STORAGE_DIR: storageDir,
    SALDO_REPLICATION_SLOT: replicationSlot,
  };
}

/** Bundles the relay's program beside its packages, with bugs planted in it when asked; returns the file. */
export function bundleRelay(name: string, ...bugs: readonly PlantedBug[]): Promise<string> {
  return bundleForTest("sync-server/src/main.ts", name, ...bugs);
}

/** Starts the program; resolves once it listens, rejects with what it said on stderr when it ends before. */
export async function startRelayProcess(file: string, environment: Readonly<Record<string, string>>): Promise<RelayProcess> {
  const child = spawn(process.execPath, [file], { env: { PATH: process.env["PATH"], ...environment }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const parsed = listening.safeParse(parseLine(line));
      if (parsed.success) resolve(parsed.data.url);
    });
    child.once("close", (code) => reject(new Error(`exit ${code}: ${said}`)));
  });
  return { url, kill: () => end(child, "SIGKILL").then(() => undefined), stop: () => end(child, "SIGTERM") };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
  return child.exitCode;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
