import { atMost, type Figure, shown } from "../../../../deploy/bench/bench.ts";
import type { BenchGround } from "./ground.ts";
import { answers } from "./parts.ts";
import { insertSql, runSql, workspaceId } from "./rows.ts";
import { residentMb } from "./service-process.ts";

const clients = 200;
const shapesEach = 10;
const atOnce = 8;
const settleMs = 3_000;
const residentMbMax = 200;

/** Memory of the service while 200 clients wait for changes of ten shapes each, no two the same; then each gets one. */
export async function measureHolding(ground: BenchGround): Promise<readonly Figure[]> {
  const service = await ground.service();
  const idle = residentMb(service.pid).now;
  const tables: string[] = [];
  for (let index = 0; index < shapesEach; index++) tables.push(await ground.table());
  const shapes = tables.flatMap((table) => Array.from({ length: clients }, (_, index) => `${service.url}?table=${table}&where=workspace_id%20%3D%20%241&params%5B1%5D=${workspaceId(index)}`));
  const part = await ground.start("holdLive", { shapes, rows: shapes.length, atOnce }, answers.rows);
  const going = part.go();
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const waiting = residentMb(service.pid).now;
  for (const table of tables) for (let index = 0; index < clients; index++) await runSql(ground.databaseUrl, insertSql(table, index + 1, index + 2, index));
  await going;
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const after = residentMb(service.pid);
  await part.stop();
  return [
    shown("memory of the service, idle", idle, "MB"),
    atMost(`memory with ${clients} clients × ${shapesEach} live shapes`, Math.max(waiting, after.now), "MB", residentMbMax, idle),
    shown("… the most it ever was", after.peak, "MB"),
  ];
}
