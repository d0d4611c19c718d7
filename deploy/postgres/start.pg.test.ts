import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startPostgres } from "./index.ts";
import { readPostmasterFile } from "./postmaster.ts";
import { processStamp } from "../process/process-table.ts";

const settings = { fsync: "off", shared_buffers: "16MB" };

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), "saldo-postgres-"));
});

afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

describe("an embedded Postgres", () => {
  it("is UTF-8, bytewise, ready for logical replication and only on loopback", async () => {
    const postgres = await startPostgres({ dataDir, settings, database: "saldo" });
    try {
      expect(await firstRow(postgres.url, "select current_database() as name, 'ё' > 'я' as bytewise, lower('ЖЁЛТЫЙ') as lower")).toEqual({
        name: "saldo",
        bytewise: true,
        lower: "жёлтый",
      });
      const shown = async (name: string) => Object.values((await firstRow(postgres.url, `show ${name}`)) ?? {})[0];
      expect(await shown("server_encoding")).toBe("UTF8");
      expect(await shown("wal_level")).toBe("logical");
      expect(await shown("listen_addresses")).toBe("127.0.0.1");
      expect(await shown("max_slot_wal_keep_size")).toBe("4GB");
    } finally {
      await postgres.stop();
    }
    expect(processStamp(postgres.pid)).toBeUndefined();
  });

  it("asks for a password that only the owner of the folder can read", async () => {
    const postgres = await startPostgres({ dataDir, settings });
    try {
      const wrong = new URL(postgres.url);
      wrong.password = "guess";
      await expect(firstRow(wrong.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
      expect(statSync(path.join(dataDir, "postgres.json")).mode & 0o077).toBe(0);
    } finally {
      await postgres.stop();
    }
  });

  it("finds its data and its port on the second start", async () => {
    const first = await startPostgres({ dataDir, settings, database: "saldo" });
    await firstRow(first.url, "create table kept as select 42 as answer");
    await first.stop();
    const second = await startPostgres({ dataDir, settings, database: "saldo" });
    try {
      expect(second.url).toBe(first.url);
      expect(await firstRow(second.url, "select answer from kept")).toEqual({ answer: 42 });
    } finally {
      await second.stop();
    }
  });

  it("refuses a folder that a living process uses, and a port that is taken", async () => {
    const postgres = await startPostgres({ dataDir, settings });
    const other = mkdtempSync(path.join(tmpdir(), "saldo-postgres-"));
    try {
      await expect(startPostgres({ dataDir, settings })).rejects.toThrow(/uses .*stop it first/);
      await expect(startPostgres({ dataDir: other, settings, port: postgres.port })).rejects.toThrow(/is taken/);
    } finally {
      rmSync(other, { recursive: true, force: true });
      await postgres.stop();
    }
  });

  it("starts over a pid file whose number belongs to somebody else", async () => {
    const first = await startPostgres({ dataDir, settings });
    await first.stop();
    writeFileSync(path.join(first.clusterDir, "postmaster.pid"), `${process.pid}\n${first.clusterDir}\n1\n${first.port}\n\n127.0.0.1\n`);
    const second = await startPostgres({ dataDir, settings });
    await second.stop();
    expect(second.clusterDir).toBe(first.clusterDir);
  });
});

it("works in a folder that the server's account cannot enter", async () => {
  const closed = path.join(dataDir, "home");
  mkdirSync(path.join(closed, "data"), { recursive: true });
  chmodSync(closed, 0o700);
  const first = await startPostgres({ dataDir: path.join(closed, "data"), settings });
  await firstRow(first.url, "create table kept as select 7 as days");
  await first.stop();
  const second = await startPostgres({ dataDir: path.join(closed, "data"), settings });
  try {
    expect(await firstRow(second.url, "select days from kept")).toEqual({ days: 7 });
  } finally {
    await second.stop();
    rmSync(second.clusterDir, { recursive: true, force: true });
  }
});

describe("after a kill -9 of the process that started it", () => {
  it("an orphan server is stopped and its data found, with LANG unset", async () => {
    const child = await startInChild({ diesWithUs: false });
    await firstRow(child.url, "create table kept as select 'сальдо' as word");
    await kill(child.process);
    expect(processStamp(child.pid)).toBeDefined();
    const second = await startPostgres({ dataDir, settings });
    try {
      expect(processStamp(child.pid)).toBeUndefined();
      expect(await firstRow(second.url, "select word, getdatabaseencoding() as encoding from kept")).toEqual({ word: "сальдо", encoding: "UTF8" });
    } finally {
      await second.stop();
    }
  });

  it("the server leaves by itself", async () => {
    const child = await startInChild({ diesWithUs: true });
    const watching = new pg.Client({ connectionString: child.url });
    const cut = new Promise<void>((resolve) => watching.once("end", resolve));
    watching.on("error", () => undefined);
    await watching.connect();
    await kill(child.process);
    await cut;
    const second = await startPostgres({ dataDir, settings });
    await second.stop();
    expect(readPostmasterFile(second.clusterDir)).toBeUndefined();
  });
});

interface ChildStart {
  readonly process: ChildProcess;
  readonly url: string;
  readonly pid: number;
}

/** Starts the server from a Node process of its own, whose environment has no locale at all. */
async function startInChild(options: { diesWithUs: boolean }): Promise<ChildStart> {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const program = path.join(here, "..", "dist", `postgres-child-${process.pid}.mjs`);
  buildSync({
    stdin: {
      contents: `import { startPostgres } from "./index.ts";
        const { url, pid } = await startPostgres(${JSON.stringify({ dataDir, settings, ...options })});
        console.log(JSON.stringify({ url, pid }));
        setInterval(() => undefined, 1_000);`,
      resolveDir: here,
    },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    outfile: program,
  });
  const child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"], env: { PATH: process.env["PATH"] } });
  const [line]: unknown[] = await once(child.stdout, "data");
  rmSync(program);
  const { url, pid }: { url: string; pid: number } = JSON.parse(String(line));
  return { process: child, url, pid };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

async function firstRow(url: string, sql: string): Promise<Record<string, unknown> | undefined> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows[0];
  } finally {
    await client.end();
  }
}
