import path from "node:path";
import { atMost, type Figure, quantile, shown } from "../../../../deploy/bench/bench.ts";
import type { BenchGround } from "./ground.ts";
import { answers } from "./parts.ts";

const writes = 300;
const everyMs = 20;
const p50MsMax = 3;
const p95MsMax = 8;

/** Milliseconds from a write being sent until one live client has it, and until a bare loop has decoded it. */
export async function measureLatency(ground: BenchGround): Promise<readonly Figure[]> {
  const service = await ground.service();
  const table = await ground.table();
  let firstRow = 1;
  const write = (): Promise<null> => {
    const args = { databaseUrl: ground.databaseUrl, table, firstRow, writes, everyMs };
    firstRow += writes;
    return ground.run("singleWrites", args, answers.nothing);
  };
  const ours = async (client: "plain" | "official", already: number): Promise<readonly number[]> => {
    const part = await ground.start("followRows", { shape: `${service.url}?table=${table}`, client, rows: already + writes }, answers.latencies);
    await ground.settle();
    const [{ latenciesMs }] = await Promise.all([part.go(), write()]);
    await part.stop();
    return latenciesMs.slice(already);
  };
  const bare = async (): Promise<readonly number[]> => {
    const slot = ground.unique("bare");
    const args = { databaseUrl: ground.databaseUrl, slot, publication: "bare", file: path.join(ground.folder, slot), until: { rows: writes } };
    const part = await ground.start("bareDecode", args, answers.decoded);
    await ground.settle();
    const [{ latenciesMs }] = await Promise.all([part.go(), write()]);
    await part.stop();
    return latenciesMs;
  };
  const plain = await ours("plain", 0);
  const official = await ours("official", writes);
  const decoded = await bare();
  return [
    atMost("write to client, p50", quantile(plain, 0.5), "ms", p50MsMax, quantile(decoded, 0.5)),
    atMost("write to client, p95", quantile(plain, 0.95), "ms", p95MsMax, quantile(decoded, 0.95)),
    shown("… through @electric-sql/client, p50", quantile(official, 0.5), "ms", quantile(decoded, 0.5)),
    shown("… through @electric-sql/client, p95", quantile(official, 0.95), "ms", quantile(decoded, 0.95)),
  ];
}
