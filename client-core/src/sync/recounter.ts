import type { TableName } from "@saldo/schema";
import type { SyncPorts } from "./ports.ts";
import { beginCounting, countSlice, shapesToCount } from "./recount.ts";
import { readSetting, writeSetting } from "./settings.ts";

/** What a recounter works with and tells. */
export interface RecounterOptions {
  readonly ports: Pick<SyncPorts, "database" | "clock" | "log">;
  readonly signal: AbortSignal;
  /** A shape's rows are counted: its sum may be compared. */
  readonly counted: (shape: TableName) => void;
  /** A shape's rows are not what was written: it has to be fetched again. */
  readonly damaged: (shape: TableName) => void;
}

/** Counts stored rows anew, a slice at a time, so that a screen waits for one slice at most. */
export interface Recounter {
  /** Goes on with what is to be counted, and begins anew once a day. One call at a time. */
  run(): Promise<void>;
  /** Counts all rows of all shapes from the beginning. Returns the shapes that are damaged, and those that cannot be counted now. */
  runAll(): Promise<{ readonly damaged: readonly TableName[]; readonly waiting: readonly TableName[] }>;
}

/** How often stored rows are counted anew without being asked for. */
const recountEveryMs = 24 * 60 * 60 * 1_000;

/** Makes a {@link Recounter}; after an unclean end of the store it begins with all rows. */
export function createRecounter({ ports, signal, counted, damaged }: RecounterOptions): Recounter {
  const { database, clock } = ports;
  const nowIso = () => new Date(clock.nowMs()).toISOString();
  let afterUncleanEnd = database.endedUnclean;
  let dueAtMs: number | undefined;

  const begin = async (all: boolean) => {
    await database.transaction(async (transaction) => {
      await beginCounting(transaction, all);
      const last = await readSetting(transaction, "sync.recounted");
      if (all || !last) await writeSetting(transaction, "sync.recounted", { at: nowIso(), damagedEver: last?.damagedEver ?? 0 });
      dueAtMs = (all || !last ? clock.nowMs() : Date.parse(last.at)) + recountEveryMs;
    });
    if (all) afterUncleanEnd = false;
  };
  const noteDamage = (shape: TableName) =>
    database.transaction(async (transaction) => {
      const last = await readSetting(transaction, "sync.recounted");
      await writeSetting(transaction, "sync.recounted", { at: last?.at ?? nowIso(), damagedEver: (last?.damagedEver ?? 0) + 1 });
      ports.log("warn", "sync.rows_damaged", { shape });
    });

  const count = async () => {
    const found: { damaged: TableName[]; waiting: TableName[] } = { damaged: [], waiting: [] };
    for (const shape of await shapesToCount(database)) {
      let outcome = await countSlice(database, shape, nowIso());
      for (; outcome === "more" && !signal.aborted; outcome = await countSlice(database, shape, nowIso())) await clock.sleep(0, signal);
      if (outcome === "counted") counted(shape);
      if (outcome === "waiting") found.waiting.push(shape);
      if (outcome === "damaged") {
        found.damaged.push(shape);
        await noteDamage(shape);
        damaged(shape);
      }
      if (signal.aborted) break;
    }
    return found;
  };
  const inTurn = turns();
  return {
    run: () =>
      inTurn(async () => {
        if (afterUncleanEnd || dueAtMs === undefined || clock.nowMs() >= dueAtMs) await begin(afterUncleanEnd || (dueAtMs !== undefined && clock.nowMs() >= dueAtMs));
        await count();
      }),
    runAll: () =>
      inTurn(async () => {
        // What is half counted was begun before whoever asks now.
        await count();
        await begin(true);
        return count();
      }),
  };
}

/** Runs tasks one after another. */
function turns() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(task: () => Promise<Result>): Promise<Result> => {
    const own = last.then(task);
    last = own.catch(() => undefined);
    return own;
  };
}
