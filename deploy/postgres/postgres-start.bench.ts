import { mkdirSync } from "node:fs";
import path from "node:path";
import { type Bench, shown } from "../bench/bench.ts";
import { startPostgres } from "./index.ts";

/** How long a person waits for the embedded Postgres: the first start makes the cluster, the second finds it. */
const bench: Bench = async ({ folder, now }) => {
  const dataDir = path.join(folder, "postgres");
  mkdirSync(dataDir);
  const start = async () => {
    const startedAt = now();
    const postgres = await startPostgres({ dataDir, database: "saldo" });
    const startMs = now() - startedAt;
    await postgres.stop();
    return startMs;
  };
  return [shown("first start", await start(), "ms"), shown("second start", await start(), "ms")];
};

export default bench;
