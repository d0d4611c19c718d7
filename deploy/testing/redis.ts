import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../process/free-port.ts";

const startAttemptsMax = 3;
const readyPollMs = 20;
const readyWaitMsMax = 60_000;

/** A Redis of its own for one test file. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Ends the server without saving, as a power cut would. The folder stays until `stop`. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder; what is found there depends on `appendOnly`. */
  restart(): Promise<void>;
  /** Ends the server and removes its folder. Idempotent. */
  stop(): Promise<void>;
}

/** What {@link startRedis} can be asked for. */
export interface RedisOptions {
  /** True writes every command to disk before answering (AOF, fsync always). Default false: nothing survives. */
  readonly appendOnly?: boolean;
  /** More `redis-server` settings, e.g. `{ "maxmemory-policy": "noeviction" }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts `redis-server` on a free loopback port in a temporary folder. Throws when the program is not installed or does not answer. */
export async function startRedis(options: RedisOptions = {}): Promise<TestRedis> {
  const folder = mkdtempSync(path.join(tmpdir(), "saldo-test-redis-"));
  let port = 0;
  let server: Server | undefined;
  for (let attempt = 1; server === undefined && attempt <= startAttemptsMax; attempt++) {
    port = await freePort();
    server = await launch(folder, port, options);
  }
  if (server === undefined) throw new Error("redis-server did not start: is it installed (apt-get install redis-server)?");
  let current: Server | undefined = server;
  const onExit = () => current?.kill();
  process.once("exit", onExit);
  const kill = async () => {
    const ending = current;
    current = undefined;
    ending?.kill();
    await ending?.exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    restart: async () => {
      await kill();
      current = await launch(folder, port, options);
      if (current === undefined) throw new Error(`redis-server did not start again on port ${port}.`);
    },
    stop: async () => {
      process.off("exit", onExit);
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Server {
  readonly exited: Promise<void>;
  kill(): void;
}

/** Undefined when the server ended before it answered (a port lost in a race). */
async function launch(folder: string, port: number, options: RedisOptions): Promise<Server | undefined> {
  const settings = {
    dir: folder,
    port: String(port),
    bind: "127.0.0.1",
    save: "",
    appendonly: options.appendOnly === true ? "yes" : "no",
    appendfsync: "always",
    ...options.settings,
  };
  const program = process.env["SALDO_REDIS_SERVER"] ?? (existsSync("/usr/bin/redis-server") ? "/usr/bin/redis-server" : "redis-server");
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(program, flags, { stdio: "ignore", cwd: folder });
  let ended = false;
  const exited = new Promise<void>((resolve) => {
    const end = () => {
      ended = true;
      resolve();
    };
    child.once("exit", end);
    child.once("error", end);
  });
  for (let waitedMs = 0; !ended && waitedMs < readyWaitMsMax; waitedMs += readyPollMs) {
    if ((await ping(port)) && !ended) return { exited, kill: () => child.kill("SIGKILL") };
    await sleep(readyPollMs);
  }
  child.kill("SIGKILL");
  await exited;
  return undefined;
}

function ping(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port }, () => socket.write("PING\r\n"));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once("data", (answer) => {
      resolve(answer.toString("latin1").startsWith("+PONG"));
      socket.destroy();
    });
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
  });
}
