import { atLeast, atMost, type Figure, shown } from "../../../../deploy/bench/bench.ts";
import type { BenchGround } from "./ground.ts";
import { answers } from "./parts.ts";
import { insertSql, runSql } from "./rows.ts";

const clients = 30;
const clientRows = 10_000;
const plainSecondsMax = 1.5;
const officialSecondsMax = 4;
const largeRows = 500_000;
const insertRowsMax = 50_000;
const firstRowsPerSecondMin = 100_000;
const againRowsPerSecondMin = 200_000;

/** A fresh table with so many bench rows of one workspace. */
export async function filledTable(ground: BenchGround, rows: number): Promise<string> {
  const table = await ground.table();
  for (let from = 1; from <= rows; from += insertRowsMax) await runSql(ground.databaseUrl, insertSql(table, from, Math.min(from + insertRowsMax, rows + 1), 1));
  return table;
}

/** Seconds until 30 clients in one process have the same 10,000 rows, which nobody had asked for before. */
export async function measureManyClients(ground: BenchGround): Promise<readonly Figure[]> {
  const service = await ground.service();
  const load = async (client: "plain" | "official"): Promise<number> => {
    const table = await filledTable(ground, clientRows);
    return (await ground.run("loadShape", { shape: `${service.url}?table=${table}`, client, clients, rows: clientRows }, answers.took)).tookMs / 1_000;
  };
  return [
    atMost(`${clients} clients load ${clientRows} rows`, await load("plain"), "s", plainSecondsMax),
    atMost("… through @electric-sql/client", await load("official"), "s", officialSecondsMax),
  ];
}

/** Rows a second of a large shape to one client that parses them: from Postgres the first time, then from disk. */
export async function measureLoading(ground: BenchGround): Promise<readonly Figure[]> {
  const service = await ground.service();
  const table = await filledTable(ground, largeRows);
  const shape = `${service.url}?table=${table}`;
  const load = async (client: "plain" | "official"): Promise<number> =>
    Math.round((largeRows * 1_000) / (await ground.run("loadShape", { shape, client, clients: 1, rows: largeRows }, answers.took)).tookMs);
  const first = await load("plain");
  const again = await load("plain");
  const official = await load("official");
  const parsing = Math.round((largeRows * 1_000) / (await ground.run("parseAlone", { shape }, answers.took)).tookMs);
  return [
    atLeast(`${largeRows} rows to one client, first time`, first, "rows/s", firstRowsPerSecondMin, parsing),
    atLeast("… again", again, "rows/s", againRowsPerSecondMin, parsing),
    shown("… again, through @electric-sql/client", official, "rows/s", parsing),
  ];
}
