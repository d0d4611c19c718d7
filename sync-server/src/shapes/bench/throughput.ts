import path from "node:path";
import { atLeast, type Figure, quantile, shown } from "../../../../deploy/bench/bench.ts";
import { start, readAll } from "./clients.ts";
import type { BenchGround } from "./ground.ts";
import { answers } from "./parts.ts";
import { workspaceId } from "./rows.ts";

const transactions = 200;
const rowsEach = 1_000;
const rounds = 3;
const otherShapes = 10_000;
const creationsAtOnce = 8;
const rowsPerSecondMin = 80_000;
const shareOfUnshared = 0.9;

/** Row changes a second from commit into the log of a shape, alone and beside 10,000 other shapes; a bare loop as the reference. */
export async function measureThroughput(ground: BenchGround): Promise<readonly Figure[]> {
  const service = await ground.service();
  const shape = (table: string, workspace: number): string => `${service.url}?table=${table}&where=workspace_id%20%3D%20%241&params%5B1%5D=${workspaceId(workspace)}`;
  let firstRow = 1;
  const load = (table: string, mark: string): Promise<{ readonly startedMs: number }> => {
    const args = { databaseUrl: ground.databaseUrl, table, firstRow, transactions, rowsEach, workspace: 1, mark };
    firstRow += transactions * rowsEach;
    return ground.run("bulkLoad", args, answers.load);
  };
  const ours = async (table: string): Promise<number> => {
    const mark = ground.unique("mark");
    const waiting = await ground.start("awaitMark", { shape: `${service.url}?table=marks`, mark }, answers.seen);
    const [{ seenMs }, { startedMs }] = await Promise.all([waiting.go(), load(table, mark)]);
    await waiting.stop();
    return rate(startedMs, seenMs);
  };
  const bare = async (table: string): Promise<number> => {
    const mark = ground.unique("mark");
    const slot = ground.unique("bare");
    const loop = await ground.start("bareDecode", { databaseUrl: ground.databaseUrl, slot, publication: "bare", file: path.join(ground.folder, slot), until: { mark } }, answers.decoded);
    const [{ seenMs }, { startedMs }] = await Promise.all([loop.go(), load(table, mark)]);
    await loop.stop();
    return rate(startedMs, seenMs);
  };
  const alone = await ground.table();
  await readAll(shape(alone, 1), start());
  const measured = { bare: new Array<number>(), alone: new Array<number>(), beside: new Array<number>() };
  for (let round = 0; round < rounds; round++) {
    measured.bare.push(await bare(alone));
    measured.alone.push(await ours(alone));
  }
  const shared = await ground.table();
  ground.note(`making ${otherShapes} shapes`);
  await makeShapes((index) => shape(shared, 1 + index));
  for (let round = 0; round < rounds; round++) measured.beside.push(await ours(shared));
  ground.note(JSON.stringify(measured));
  const [aloneRate, besideRate, reference] = [quantile(measured.alone, 0.5), quantile(measured.beside, 0.5), quantile(measured.bare, 0.5)];
  return [
    atLeast("row changes into shape logs", Math.round(aloneRate), "rows/s", rowsPerSecondMin, Math.round(reference)),
    {
      ...shown(`… beside ${otherShapes} other shapes by equality`, Math.round(besideRate), "rows/s", Math.round(aloneRate)),
      hold: `>= ${shareOfUnshared} × reference`,
      ok: besideRate >= shareOfUnshared * aloneRate,
    },
  ];
}

function rate(startedMs: number, seenMs: number): number {
  return (transactions * rowsEach * 1_000) / (seenMs - startedMs);
}

async function makeShapes(url: (index: number) => string): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: creationsAtOnce }, async () => {
      while (next <= otherShapes) await readAll(url(next++), start());
    }),
  );
}
