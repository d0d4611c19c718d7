import path from "node:path";
import { atLeast, type Figure, quantile, shown } from "../../../../deploy/bench/bench.ts";
import { start, readAll } from "./clients.ts";
import type { BenchGround } from "./ground.ts";
import type { RunningPart } from "./part.ts";
import { answers } from "./parts.ts";
import { workspaceId } from "./rows.ts";

const transactions = 200;
const rowsEach = 1_000;
const rounds = 3;
const otherShapes = 10_000;
const creationsAtOnce = 8;
const rowsPerSecondMin = 80_000;
const shareOfUnshared = 0.9;

/** Something that sees a mark, and tells when. */
type Watch = RunningPart<{ readonly seenMs: number }>;

/** The runs of a section: each loads rows of its own, and answers row changes a second from the first commit until the mark behind them was seen. */
class Runs {
  readonly #ground: BenchGround;
  readonly #url: string;
  #firstRow = 1;

  constructor(ground: BenchGround, url: string) {
    this.#ground = ground;
    this.#url = url;
  }

  /** Through the service, from commits to a client that has the mark. */
  async ours(table: string, prepared = true): Promise<number> {
    const mark = this.#ground.unique("mark");
    return this.#run(table, mark, prepared, await this.#ground.start("awaitMark", { shape: `${this.#url}?table=marks`, mark }, answers.seen));
  }

  /** Through the bare loop. */
  async bare(table: string): Promise<number> {
    const [mark, slot] = [this.#ground.unique("mark"), this.#ground.unique("bare")];
    const args = { databaseUrl: this.#ground.databaseUrl, slot, publication: "bare", file: path.join(this.#ground.folder, slot), until: { mark } };
    return this.#run(table, mark, true, await this.#ground.start("bareDecode", args, answers.decoded));
  }

  /** The watch is there before anything is prepared: a new slot waits for open transactions. */
  async #run(table: string, mark: string, prepared: boolean, watch: Watch): Promise<number> {
    const args = { databaseUrl: this.#ground.databaseUrl, table, firstRow: this.#firstRow, transactions, rowsEach, workspace: 1, mark, prepared };
    this.#firstRow += transactions * rowsEach;
    await this.#ground.settle();
    const load = await this.#ground.start("bulkLoad", args, answers.load);
    const [{ seenMs }, { startedMs, committedMs }] = await Promise.all([watch.go(), load.go()]);
    await Promise.all([watch.stop(), load.stop()]);
    this.#ground.note(`${mark}: ${prepared ? "prepared" : "written"}, committed after ${Math.round(committedMs - startedMs)} ms, seen after ${Math.round(seenMs - startedMs)} ms`);
    return (transactions * rowsEach * 1_000) / (seenMs - startedMs);
  }
}

/** Row changes a second from commit into the log of a shape, alone and beside 10,000 other shapes; a bare loop as the reference. */
export async function measureThroughput(ground: BenchGround): Promise<readonly Figure[]> {
  const service = await ground.service();
  const shape = (table: string, workspace: number): string => `${service.url}?table=${table}&where=workspace_id%20%3D%20%241&params%5B1%5D=${workspaceId(workspace)}`;
  const runs = new Runs(ground, service.url);
  const table = await ground.table();
  await readAll(shape(table, 1), start());
  const alone = await inTurns(runs, table);
  const written = await runs.ours(table, false);
  const startedMs = performance.now();
  await makeShapes((index) => shape(table, 2 + index));
  const makingSeconds = (performance.now() - startedMs) / 1_000;
  const beside = await inTurns(runs, table);
  ground.note(JSON.stringify({ alone, beside }));
  const [aloneRate, besideRate] = [quantile(alone.ours, 0.5), quantile(beside.ours, 0.5)];
  return [
    atLeast("row changes into shape logs", Math.round(aloneRate), "rows/s", rowsPerSecondMin, Math.round(quantile(alone.bare, 0.5))),
    shown("… while the rows are still being written", Math.round(written), "rows/s"),
    {
      ...shown(`… beside ${otherShapes} other shapes by equality`, Math.round(besideRate), "rows/s", Math.round(aloneRate)),
      hold: `>= ${shareOfUnshared} × reference`,
      ok: besideRate >= shareOfUnshared * aloneRate,
    },
    shown("… the bare loop meanwhile", Math.round(quantile(beside.bare, 0.5)), "rows/s", Math.round(quantile(alone.bare, 0.5))),
    shown(`… making these ${otherShapes} shapes`, makingSeconds, "s"),
  ];
}

/** Rounds of the bare loop and of the service, in turns, after one that warms both up. */
async function inTurns(runs: Runs, table: string): Promise<{ readonly bare: readonly number[]; readonly ours: readonly number[] }> {
  const measured = { bare: new Array<number>(), ours: new Array<number>() };
  for (let round = 0; round <= rounds; round++) {
    measured.bare.push(await runs.bare(table));
    measured.ours.push(await runs.ours(table));
  }
  return { bare: measured.bare.slice(1), ours: measured.ours.slice(1) };
}

async function makeShapes(url: (index: number) => string): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: creationsAtOnce }, async () => {
      while (next < otherShapes) await readAll(url(next++), start());
    }),
  );
}
