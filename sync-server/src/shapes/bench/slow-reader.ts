import { type Figure, quantile, shown, withinTimes } from "../../../../deploy/bench/bench.ts";
import type { BenchGround } from "./ground.ts";
import { filledTable } from "./loading.ts";
import { answers } from "./parts.ts";

const clients = 199;
const writes = 40;
const everyMs = 200;
const rounds = 3;
const largeRows = 100_000;
/** One kilobyte a second. */
const slow = { bytesEach: 1_024, everyMs: 1_000 };
const timesMax = 1.2;

/** Latency of 199 live clients beside one that reads an answer of many megabytes at 1 KB/s, and without it, in turns. */
export async function measureSlowReader(ground: BenchGround): Promise<readonly Figure[]> {
  const service = await ground.service();
  const large = `${service.url}?table=${await filledTable(ground, largeRows)}`;
  await ground.run("drainShape", { shape: large }, answers.nothing);
  const table = await ground.table();
  let firstRow = 1;
  const round = async (): Promise<readonly number[]> => {
    const part = await ground.start("followTogether", { shape: `${service.url}?table=${table}`, clients, rows: writes }, answers.latencies);
    const writing = ground.run("singleWrites", { databaseUrl: ground.databaseUrl, table, firstRow, writes, everyMs }, answers.nothing);
    firstRow += writes;
    const [{ latenciesMs }] = await Promise.all([part.go(), writing]);
    await part.stop();
    return latenciesMs;
  };
  await round();
  const [alone, beside]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < rounds; turn++) {
    alone.push(...(await round()));
    const reader = await ground.start("readSlowly", { shape: large, ...slow }, answers.nothing);
    beside.push(...(await round()));
    await reader.stop();
  }
  return [
    withinTimes(`write to each of ${clients} clients beside a reader of 1 KB/s, p99`, quantile(beside, 0.99), "ms", quantile(alone, 0.99), timesMax),
    shown("… p50", quantile(beside, 0.5), "ms", quantile(alone, 0.5)),
  ];
}
