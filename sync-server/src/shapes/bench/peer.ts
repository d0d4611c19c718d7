import path from "node:path";
import { type Figure, quantile } from "../../../../deploy/bench/bench.ts";
import { freePort } from "../../../../deploy/process/free-port.ts";
import type { BenchGround } from "./ground.ts";
import { startPart } from "./part.ts";
import { answers } from "./parts.ts";
import { insertSql, runSql } from "./rows.ts";
import { residentMb } from "./service-process.ts";
import { startZeroCache, type ZeroCache } from "./zero/cache-process.ts";
import { installZero } from "./zero/install.ts";

const clients = 30;
const rows = 10_000;
const writes = 100;
const everyMs = 50;
const settleMs = 3_000;

interface Measured {
  readonly latenciesMs: readonly number[];
  readonly loadSeconds: number;
  readonly residentMb: number;
}

/** The same rows, clients and writes through zero-cache and through the service, one after the other; each with its own clients. */
export async function comparePeer(ground: BenchGround): Promise<readonly Figure[]> {
  const programs = path.join(ground.repository, "sync-server/src/shapes/bench/zero/programs.mjs");
  ground.note("installing @rocicorp/zero and node@24 (minutes)");
  const zero = installZero(path.join(ground.folder, "zero"), ground.npm, programs);
  ground.note(`zero ${zero.version}`);
  const tableName = await ground.table();
  await runSql(ground.databaseUrl, insertSql(tableName, 1, rows + 1, 1), `CREATE PUBLICATION zero_rows FOR TABLE ${tableName}`);
  const start = <Answer>(name: string, args: unknown, answer: Parameters<typeof startPart<Answer>>[3]) => startPart(zero.programs, name, args, answer, zero.node);
  const port = await freePort();
  const endpoint = await start("queryEndpoint", { tableName, port }, answers.nothing);
  let cache: ZeroCache | undefined;
  let theirs: Measured;
  try {
    void endpoint.go().catch(() => undefined);
    cache = await startZeroCache(zero, { databaseUrl: ground.databaseUrl, publication: "zero_rows", queryUrl: `http://127.0.0.1:${port}/query`, folder: ground.folder });
    theirs = await measureZero(ground, cache, tableName, start);
  } finally {
    await cache?.stop();
    await endpoint.stop();
  }
  const ours = await measureOurs(ground, tableName);
  ground.note(`zero/ours: ${ratios(theirs, ours)}`);
  return [
    beside("write to client, p50", quantile(ours.latenciesMs, 0.5), quantile(theirs.latenciesMs, 0.5), "ms"),
    beside("write to client, p95", quantile(ours.latenciesMs, 0.95), quantile(theirs.latenciesMs, 0.95), "ms"),
    beside(`${clients} clients load ${rows} rows`, ours.loadSeconds, theirs.loadSeconds, "s"),
    beside(`memory with ${clients} clients`, ours.residentMb, theirs.residentMb, "MB"),
  ];
}

function beside(name: string, ours: number, theirs: number, unit: string): Figure {
  return { name: `${name} (zero: ${(theirs / ours).toFixed(1)} × ours)`, value: ours, unit, reference: theirs, hold: "< reference", ok: ours < theirs };
}

function ratios(theirs: Measured, ours: Measured): string {
  const ratio = (a: number, b: number): string => (a / b).toFixed(1);
  const at = (share: number): string => ratio(quantile(theirs.latenciesMs, share), quantile(ours.latenciesMs, share));
  return `latency p50 ${at(0.5)}, p95 ${at(0.95)}, load ${ratio(theirs.loadSeconds, ours.loadSeconds)}, memory ${ratio(theirs.residentMb, ours.residentMb)}`;
}

function write(ground: BenchGround, table: string, firstRow: number): Promise<null> {
  return ground.run("singleWrites", { databaseUrl: ground.databaseUrl, table, firstRow, writes, everyMs }, answers.nothing);
}

async function measureZero(ground: BenchGround, cache: ZeroCache, tableName: string, start: <Answer>(name: string, args: unknown, answer: Parameters<typeof startPart<Answer>>[3]) => ReturnType<typeof startPart<Answer>>): Promise<Measured> {
  ground.note("zero: clients load");
  const loading = await start("loadShape", { cacheUrl: cache.url, tableName, clients, rows, stay: true }, answers.took);
  const { tookMs } = await loading.go();
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const resident = cache.residentMb();
  await loading.stop();
  ground.note("zero: writes");
  const following = await start("followRows", { cacheUrl: cache.url, tableName, rows: writes }, answers.latencies);
  const [{ latenciesMs }] = await Promise.all([following.go(), write(ground, tableName, rows + 1)]);
  await following.stop();
  return { latenciesMs, loadSeconds: tookMs / 1_000, residentMb: resident };
}

async function measureOurs(ground: BenchGround, table: string): Promise<Measured> {
  ground.note("ours");
  const service = await ground.service();
  const shape = `${service.url}?table=${table}`;
  const loading = await ground.start("loadShape", { shape, client: "official", clients, rows: rows + writes, stay: true }, answers.took);
  const { tookMs } = await loading.go();
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const resident = residentMb(service.pid).now;
  await loading.stop();
  const following = await ground.start("followRows", { shape, client: "official", rows: 2 * writes }, answers.latencies);
  const [{ latenciesMs }] = await Promise.all([following.go(), write(ground, table, rows + writes + 1)]);
  await following.stop();
  return { latenciesMs: latenciesMs.slice(writes), loadSeconds: tookMs / 1_000, residentMb: resident };
}
