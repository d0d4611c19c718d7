import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { freePort } from "../process/free-port.ts";
import { processStamp } from "../process/process-table.ts";
import { startSaldo } from "./supervise.ts";

/** A program that answers `/health` with its pid and keeps the settings it was given, so that the supervisor is judged by what programs see. */
const relaySource = `
  import { createServer } from "node:http";
  import { writeFileSync } from "node:fs";
  const { DATABASE_URL, SALDO_AUTH_SECRET, SALDO_TOKEN_PRIVATE_KEY, SALDO_PUBLIC_URL, SALDO_STORAGE_DIR, SALDO_WEB_DIR } = process.env;
  const seen = { pid: process.pid, DATABASE_URL, SALDO_AUTH_SECRET, SALDO_TOKEN_PRIVATE_KEY, SALDO_PUBLIC_URL, SALDO_STORAGE_DIR, SALDO_WEB_DIR };
  createServer((request, response) => response.end(JSON.stringify(seen))).listen(Number(process.env.SALDO_PORT));
  process.on("SIGTERM", () => process.exit(0));`;
const workerSource = `setInterval(() => undefined, 1000);`;

const health = z.object({
  pid: z.number(),
  DATABASE_URL: z.string(),
  SALDO_AUTH_SECRET: z.string(),
  SALDO_TOKEN_PRIVATE_KEY: z.string(),
  SALDO_PUBLIC_URL: z.string(),
  SALDO_STORAGE_DIR: z.string(),
  SALDO_WEB_DIR: z.string(),
});

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "saldo-local-"));
  chmodSync(folder, 0o711); // root's Postgres runs under another account
  writeFileSync(path.join(folder, "relay.mjs"), relaySource);
  writeFileSync(path.join(folder, "worker.mjs"), workerSource);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function installation(port: number) {
  return {
    port,
    dataDir: path.join(folder, "data"),
    verbose: false,
    relayFile: path.join(folder, "relay.mjs"),
    workerFile: path.join(folder, "worker.mjs"),
    webDir: "/web",
    databaseUrl: undefined,
    signal: new AbortController().signal,
    now: Date.now,
  };
}

it("runs the programs on a database of their own, starts a killed one again, and stops all of it", async () => {
  const port = await freePort();
  const saldo = await startSaldo(installation(port));
  const seen = await ask(port);
  expect(seen.SALDO_PUBLIC_URL).toBe(saldo.url);
  expect(seen.SALDO_STORAGE_DIR).toBe(path.join(folder, "data", "files"));
  await query(seen.DATABASE_URL, "create table kept as select 1 as one");
  process.kill(seen.pid, "SIGKILL");
  const again = await askUntil(port, (answer) => answer.pid !== seen.pid);
  expect(again).toEqual({ ...seen, pid: again.pid });
  const pids = runningPrograms();
  expect(pids).toHaveLength(2);
  await saldo.stop();
  expect(pids.filter((pid) => processStamp(pid) !== undefined)).toEqual([]);
  await expect(query(seen.DATABASE_URL, "select 1")).rejects.toThrow();

  const second = await startSaldo(installation(port));
  const later = await ask(port);
  expect(later).toEqual({ ...seen, pid: later.pid });
  expect(await query(later.DATABASE_URL, "select one from kept")).toEqual([{ one: 1 }]);
  expect(statSync(path.join(folder, "data", "secrets.json")).mode & 0o077).toBe(0);
  await second.stop();
});

it("refuses a port that is taken and a folder that is in use, and leaves nothing running", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const taken = typeof address === "object" && address !== null ? address.port : 0;
  await expect(startSaldo(installation(taken))).rejects.toThrow(`Port ${taken} is taken`);
  server.close();
  const port = await freePort();
  const saldo = await startSaldo(installation(port));
  await expect(startSaldo(installation(await freePort()))).rejects.toThrow("already runs");
  await saldo.stop();
});

it("tells the end of the log of a program that cannot live", async () => {
  writeFileSync(path.join(folder, "relay.mjs"), `process.stderr.write("no such table\\n"); process.exit(3);`);
  await expect(startSaldo(installation(await freePort()))).rejects.toThrow(/The relay keeps stopping[^]*no such table/);
});

it("finds its data after a kill -9, and no program is left behind", async () => {
  const port = await freePort();
  const supervisor = await startInChild(port);
  const seen = await ask(port);
  await query(seen.DATABASE_URL, "create table kept as select 2 as two");
  const pids = runningPrograms();
  const ended = once(supervisor, "exit");
  supervisor.kill("SIGKILL");
  await ended;
  const saldo = await startSaldo(installation(port));
  const later = await ask(port);
  expect(await query(later.DATABASE_URL, "select two from kept")).toEqual([{ two: 2 }]);
  expect(pids.filter((pid) => processStamp(pid) !== undefined)).toEqual([]);
  await saldo.stop();
});

async function startInChild(port: number) {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const outfile = path.join(here, "..", "dist", `local-child-${process.pid}.mjs`);
  mkdirSync(path.dirname(outfile), { recursive: true });
  const { signal: _signal, now: _now, ...plain } = installation(port);
  await build({
    stdin: {
      contents: `import { startSaldo } from "./supervise.ts";
        await startSaldo({ ...${JSON.stringify(plain)}, signal: new AbortController().signal, now: Date.now });
        console.log("ready");`,
      resolveDir: here,
    },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    outfile,
  });
  const child = spawn(process.execPath, [outfile], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  rmSync(outfile);
  return child;
}

function runningPrograms(): number[] {
  const run: unknown = JSON.parse(readFileSync(path.join(folder, "data", "run.json"), "utf8"));
  return z.object({ programs: z.array(z.object({ pid: z.number() })) }).parse(run).programs.map(({ pid }) => pid);
}

async function ask(port: number) {
  return health.parse(await (await fetch(`http://localhost:${port}/health`)).json());
}

async function askUntil(port: number, wanted: (answer: z.infer<typeof health>) => boolean) {
  for (;;) {
    const answer = await ask(port).catch(() => undefined);
    if (answer !== undefined && wanted(answer)) return answer;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
