import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { freePort } from "../../../deploy/process/free-port.ts";
import { createTestDatabase } from "../../../deploy/testing/postgres.ts";
import { nothingRead, readToEnd } from "./testing/strict-reader.ts";
import { buildShapeProgram, type ShapeProcess, type ShapeProgram, startShapeProcess } from "./testing/shape-process.ts";

let program: ShapeProgram;
beforeAll(async () => {
  program = await buildShapeProgram();
});
afterAll(() => program.remove());

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface Started {
  readonly client: Client;
  readonly running: ShapeProcess;
  readonly origin: string;
}

async function start(env: Record<string, string>, args: string[]): Promise<Started> {
  const database = await createTestDatabase();
  cleanups.push(() => database.drop());
  const storageDir = mkdtempSync(join(tmpdir(), "shapes-main-"));
  cleanups.push(() => rmSync(storageDir, { recursive: true, force: true }));
  const client = new Client({ connectionString: database.url });
  await client.connect();
  cleanups.push(() => client.end());
  const running = startShapeProcess(program, { DATABASE_URL: database.url, ELECTRIC_STORAGE_DIR: storageDir, ELECTRIC_REPLICATION_STREAM_ID: database.name, ELECTRIC_HOST: "127.0.0.1", ELECTRIC_PORT: "0", ...env }, args);
  cleanups.push(() => running.end("SIGKILL"));
  await running.line("replication attached");
  return { client, running, origin: await running.origin() };
}

const value = (text: string, name: string): number => Number(new RegExp(`^${name.replaceAll(/[{}"]/g, "\\$&")} (\\S+)$`, "m").exec(text)?.[1]);

it("prints help and version, and refuses a wrong command line in words", async () => {
  const said = async (args: string[], env = {}): Promise<readonly [number | null, string]> => {
    const running = startShapeProcess(program, env, args);
    const code = await new Promise<number | null>((resolve) => running.child.once("close", resolve));
    return [code, [...running.printed, ...running.complaints].join("\n")];
  };
  expect(await said(["--version"])).toEqual([0, packageJson.version]);
  const [code, help] = await said(["--help"]);
  expect([code, help]).toEqual([0, expect.stringContaining("--shape-chunk-bytes-threshold SIZE")]);
  expect(await said([], { DATABASE_URL: "postgresql://a:hunter2@h/d" })).toEqual([2, expect.stringContaining("ELECTRIC_SECRET")]);
  expect(await said(["--port", "none", "--insecure"], { DATABASE_URL: "postgresql://a@h/d" })).toEqual([2, expect.stringContaining("ELECTRIC_PORT (--port)")]);
});

it("shows its configuration without secrets, names what means nothing here, and guards its metrics with the secret", async () => {
  const { client, running, origin } = await start({ ELECTRIC_SECRET: "hush-hush", ELECTRIC_OTLP_ENDPOINT: "https://x.example" }, ["--cleanup-interval", "20ms"]);
  const printed = await running.line("configuration");
  expect(printed).toMatchObject({ ELECTRIC_SECRET: "***", ELECTRIC_LONG_POLL_TIMEOUT: 20_000 });
  expect((await running.line("these variables are set but mean nothing to this service"))["names"]).toEqual(["ELECTRIC_OTLP_ENDPOINT"]);
  expect(JSON.stringify(running.lines)).not.toContain("hush-hush");
  await client.query("CREATE TABLE counted (id int PRIMARY KEY); INSERT INTO counted SELECT generate_series(1, 100)");
  const shape = `${origin}/v1/shape?table=counted&secret=hush-hush`;
  const [standing] = await readToEnd(shape, nothingRead);
  const live = fetch(`${shape}&offset=0_inf&live=true&handle=${standing?.handle}`);
  await client.query("INSERT INTO counted SELECT generate_series(101, 120)");
  expect((await (await live).text()).match(/"insert"/g)).toHaveLength(20);
  expect((await fetch(`${origin}/metrics`)).status).toBe(401);
  expect((await fetch(`${origin}/metrics?secret=hush`)).status).toBe(401);
  let text = "";
  do {
    const answer = await fetch(`${origin}/metrics`, { headers: { authorization: "Bearer hush-hush" } });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/plain")]);
    text = await answer.text();
  } while (!text.includes("\nshapes_slot_retained_wal_bytes ") || value(text, 'shapes_http_request_duration_seconds_count{kind="live"}') !== 1 || !(value(text, "shapes_sync_duration_seconds_count") > 0));
  expect(value(text, "shapes_active")).toBe(1);
  expect(value(text, "shapes_count")).toBe(1);
  expect(value(text, "shapes_log_bytes")).toBeGreaterThan(20 * 50);
  expect(value(text, "shapes_snapshot_bytes")).toBeGreaterThan(100 * 50);
  expect(value(text, "shapes_row_changes_total")).toBe(20);
  expect(value(text, "shapes_sync_duration_seconds_count")).toBeGreaterThan(0);
  expect(value(text, 'shapes_slot_state{state="reserved"}') + value(text, 'shapes_slot_state{state="extended"}')).toBe(1);
  expect(value(text, 'shapes_slot_state{state="lost"}')).toBe(0);
  expect(value(text, "shapes_replication_lag_bytes")).toBeGreaterThanOrEqual(0);
  expect(value(text, "shapes_replication_lag_seconds")).toBeGreaterThanOrEqual(0);
  expect(text).toContain('shapes_http_requests_total{kind="snapshot",status="200"} ');
});

it("serves metrics on a port of their own without a secret, and then nowhere else", async () => {
  const port = await freePort();
  const { origin } = await start({ ELECTRIC_SECRET: "hush-hush", ELECTRIC_PROMETHEUS_PORT: String(port) }, []);
  expect((await fetch(`${origin}/metrics?secret=hush-hush`)).status).toBe(404);
  expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain("shapes_active 1");
  expect((await fetch(`http://127.0.0.1:${port}/v1/shape?table=x&offset=-1`)).status).toBe(404);
});

it("leaves publication and tables alone when they are published by hand", async () => {
  const { client, origin } = await start({}, ["--insecure", "--manual-table-publishing", "--publication", "by_hand"]);
  await client.query("CREATE TABLE manual (id int PRIMARY KEY)");
  const refused = await fetch(`${origin}/v1/shape?table=manual&offset=-1`);
  expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining('ELECTRIC_MANUAL_TABLE_PUBLISHING setting prevents')]);
  await client.query("ALTER TABLE manual REPLICA IDENTITY FULL; ALTER PUBLICATION by_hand ADD TABLE manual");
  expect((await fetch(`${origin}/v1/shape?table=manual&offset=-1`)).status).toBe(200);
});
