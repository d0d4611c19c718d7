import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";

const program = path.join(import.meta.dirname, "../../sync-server/src/main.ts");
const listening = z.object({ msg: z.literal("listening"), url: z.string() });

/** The relay as a process of its own. */
export interface RelayProcess {
  readonly url: string;
  /** Stops it where it stands, as a machine that has too much to do does it: connections and locks stay, nothing answers. */
  freeze(): void;
  /** Lets it go on. */
  thaw(): void;
  stop(): Promise<void>;
}

/** Where relays work; several of one place know the same people and tokens. */
export type RelayPlace = Readonly<Record<string, string>>;

/** A place for relays on a database. */
export function relayPlace(databaseUrl: string, storageDir: string, replicationSlot: string): RelayPlace {
  return {
    DATABASE_URL: databaseUrl,
    SALDO_PORT: "0",
    SALDO_PUBLIC_URL: "http://localhost:4040",
    SALDO_AUTH_SECRET: "a secret of more than thirty-two characters",
    SALDO_TOKEN_PRIVATE_KEY: generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    SALDO_STORAGE_DIR: storageDir,
    SALDO_REPLICATION_SLOT: replicationSlot,
  };
}

/** Starts a relay; resolves once it listens, rejects with what it said when it ends before. */
export async function startRelayProcess(place: RelayPlace): Promise<RelayProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", program], { env: { PATH: process.env["PATH"], ...place }, stdio: ["ignore", "pipe", "pipe"] });
  const onExit = () => child.kill("SIGKILL");
  process.once("exit", onExit);
  let said = "";
  child.stderr.on("data", (piece) => (said += String(piece)));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const parsed = listening.safeParse(line.startsWith("{") ? JSON.parse(line) : undefined);
      if (parsed.success) resolve(parsed.data.url);
    });
    child.once("close", (code) => reject(new Error(`exit ${code}: ${said}`)));
  });
  return {
    url,
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    async stop() {
      process.off("exit", onExit);
      child.kill("SIGCONT");
      await ended(child);
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}
