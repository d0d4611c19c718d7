import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import { freePort } from "../../../../deploy/process/free-port.ts";
import { bundleForTest, occurrencesOf, type PlantedBug } from "../../../../deploy/testing/planted-bug.ts";
import type { PowerSettings } from "./power-cut.ts";

const shapes = "sync-server/src/shapes/";
const memory = z.object({ rssBytes: z.number(), rssBytesMax: z.number() });

/** A change of the service's own source that must not go unnoticed: `file` (below `shapes/`) has `line` exactly once. */
export type Mutation = PlantedBug;

/** The shape service as a process of its own. */
export interface ShapeProcess {
  readonly port: number;
  /** Address of `/v1/shape`. */
  readonly url: string;
  /** Resolves when it has ended, asked for or not. */
  readonly ended: Promise<unknown>;
  /** Resolves once it owns the slot; rejects when it ends before. */
  active(): Promise<void>;
  /** Resident memory now and at its highest. */
  memory(): Promise<z.infer<typeof memory>>;
  signal(signal: NodeJS.Signals): void;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
  /** Asks it to stop; the exit code. */
  stop(): Promise<number | null>;
}

/** Settings of {@link startShapeProcess}. */
export interface ShapeProcessOptions {
  readonly databaseUrl: string;
  readonly storageDir: string;
  /** Names slot and publication. */
  readonly streamId: string;
  readonly power: PowerSettings;
  readonly env?: Readonly<Record<string, string>>;
}

/** How often the line of a mutation is there. */
export function linesOf(mutation: Mutation): Promise<number> {
  return occurrencesOf({ ...mutation, file: shapes + mutation.file });
}

/** Bundles a program of the shape service beside its packages; returns the file, which goes with this process. */
export async function bundleShapes(name: string, entry: "main.ts" | "testing/power-cut.main.ts" = "main.ts", mutation?: Mutation): Promise<string> {
  return bundleForTest(`${shapes}${entry}`, name, ...(mutation === undefined ? [] : [{ ...mutation, file: shapes + mutation.file }]));
}

/** The programs a test starts services from. */
export interface Programs {
  readonly service: string;
  readonly power: string;
}

/** Bundles the service, with a bug planted in it when asked, and what is loaded before it. */
export async function bundlePrograms(name: string, mutation?: Mutation): Promise<Programs> {
  const [service, power] = await Promise.all([bundleShapes(`shapes-${name}`, "main.ts", mutation), bundleShapes(`power-${name}`, "testing/power-cut.main.ts")]);
  return { service, power };
}

/** Starts the service on a free port; returns before it serves. */
export async function startShapeProcess(programs: Programs, options: ShapeProcessOptions): Promise<ShapeProcess> {
  const port = await freePort();
  const env = {
    PATH: process.env["PATH"],
    DATABASE_URL: options.databaseUrl,
    ELECTRIC_PORT: String(port),
    ELECTRIC_INSECURE: "true",
    ELECTRIC_STORAGE_DIR: options.storageDir,
    ELECTRIC_REPLICATION_STREAM_ID: options.streamId,
    TEST_POWER: JSON.stringify(options.power),
    ...options.env,
  };
  const child = spawn(process.execPath, ["--import", programs.power, programs.service], { env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (bytes) => (said = (said + String(bytes)).slice(-saidCharsMax)));
  const ended = once(child, "exit");
  const url = `http://127.0.0.1:${port}/v1/shape`;
  return {
    port,
    url,
    ended,
    active: async () => {
      for (;;) {
        const status = await fetch(`http://127.0.0.1:${port}/v1/health`).then((answer) => answer.status, () => 0);
        if (status === 200) return;
        if (hasEnded(child)) throw new Error(`the shape service ended: ${said}`);
        await new Promise((resolve) => setTimeout(resolve, healthPollMs));
      }
    },
    memory: async () => {
      child.send("memory");
      const [answer]: unknown[] = await once(child, "message");
      return memory.parse(answer);
    },
    signal: (signal) => child.kill(signal),
    kill: () => end(child, ended, "SIGKILL").then(() => undefined),
    stop: () => end(child, ended, "SIGTERM"),
  };
}

const healthPollMs = 20;
const saidCharsMax = 20_000;

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess, ended: Promise<unknown>, signal: NodeJS.Signals): Promise<number | null> {
  if (!hasEnded(child)) child.kill(signal);
  await ended;
  return child.exitCode;
}
