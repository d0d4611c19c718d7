import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../process/free-port.ts";

const startAttemptsMax = 3;
const readyPollMs = 20;
const readyWaitMsMax = 60_000;
const programs = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx", "/opt/homebrew/bin/nginx"];

/** An nginx of its own for one test file. */
export interface TestNginx {
  readonly url: string;
  /** Connections its clients hold open at this moment. */
  clientConnections(): Promise<number>;
  /** Ends it and removes its folder. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts nginx in the foreground on a free loopback port, in a temporary folder. `http` gives what stands inside its `http` block, for a
 * port to listen on and a folder to keep files in. Throws when the program is not installed or does not answer.
 */
export async function startNginx(http: (place: { readonly port: number; readonly folder: string }) => string): Promise<TestNginx> {
  const folder = mkdtempSync(path.join(tmpdir(), "saldo-test-nginx-"));
  for (let attempt = 1; attempt <= startAttemptsMax; attempt++) {
    const [port, statusPort] = [await freePort(), await freePort()];
    const statusUrl = `http://127.0.0.1:${statusPort}/status`;
    writeFileSync(path.join(folder, "nginx.conf"), wholeConfig(folder, statusPort, http({ port, folder })));
    const server = await launch(folder, statusUrl);
    if (server === undefined) continue;
    const onExit = () => server.kill();
    process.once("exit", onExit);
    return {
      url: `http://127.0.0.1:${port}`,
      async clientConnections() {
        const text = await (await fetch(statusUrl)).text();
        // The one that asks is among them.
        return Number(/Active connections: (\d+)/.exec(text)?.[1] ?? 0) - 1;
      },
      async stop() {
        process.off("exit", onExit);
        server.kill();
        await server.exited;
        rmSync(folder, { recursive: true, force: true });
      },
    };
  }
  rmSync(folder, { recursive: true, force: true });
  throw new Error("nginx did not start: is it installed (apt-get install nginx)?");
}

function wholeConfig(folder: string, statusPort: number, http: string): string {
  const bodies = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${folder}/temp-${kind};`);
  return `${process.getuid?.() === 0 ? "user root;" : ""}
worker_processes 2;
worker_rlimit_nofile 8192;
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 4096; }
http {
access_log off;
${bodies.join("\n")}
server { listen 127.0.0.1:${statusPort}; location = /status { stub_status; } }
${http}
}
`;
}

interface Server {
  readonly exited: Promise<void>;
  kill(): void;
}

/** Undefined when it ended before it answered (a port lost in a race). */
async function launch(folder: string, statusUrl: string): Promise<Server | undefined> {
  mkdirSync(path.join(folder, "logs"), { recursive: true });
  const program = process.env["SALDO_NGINX"] ?? programs.find((file) => existsSync(file)) ?? "nginx";
  const child = spawn(program, ["-p", folder, "-c", path.join(folder, "nginx.conf"), "-e", path.join(folder, "error.log")], { stdio: "ignore", cwd: folder });
  let ended = false;
  const exited = new Promise<void>((resolve) => {
    const end = () => {
      ended = true;
      resolve();
    };
    child.once("exit", end);
    child.once("error", end);
  });
  // SIGTERM ends the master and its workers at once.
  const kill = () => void child.kill("SIGTERM");
  for (let waitedMs = 0; !ended && waitedMs < readyWaitMsMax; waitedMs += readyPollMs) {
    const answer = await fetch(statusUrl).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok === true && !ended) return { exited, kill };
    await sleep(readyPollMs);
  }
  kill();
  await exited;
  return undefined;
}
