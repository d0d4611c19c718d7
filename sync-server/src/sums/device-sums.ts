import { scopeOfDevice, type DeviceScope, type NotifySums, type RowsSum } from "@saldo/schema";
import type pg from "pg";
import type { Logger } from "pino";
import { registeredShape, shapesOfDevice } from "../gatekeeper/registry.ts";
import type { CommitEvent, ShapeSource } from "../gatekeeper/shape-source.ts";
import { describeFault } from "../http/errors.ts";
import { isTimeout, readBaseline, sumsMsMax } from "./baseline.pg.ts";
import type { RunningSums, ShapeSum } from "./running-sums.ts";

/** How often a snapshot is taken again that lacks what the stream has told already. */
const snapshotsMax = 200;
const snapshotDelayMs = 5;
/** After a baseline the database rests as many times as long as it took. */
const restsMax = 3;
/** A sum that alone takes too long is read again after this time, then after twice as long each time, up to the longest. */
const slowPauseMs = 10 * 60_000;
const slowPauseMsMax = 24 * 60 * 60_000;
/** How long sums are kept up that no device asks for: many come back soon. */
const unusedMsMax = 10 * 60_000;

/** The sums one device is told. */
export interface DeviceSumReader {
  /** Sums of shapes, by name, that rows have at the last commit published, as far as they are exactly known. */
  known(names: Iterable<string>): NotifySums;
  end(): void;
}

/** The sums devices are told with what changed. */
export interface DeviceSums {
  /** Follows a device's shapes; `told` is called when more of its sums have become known. */
  open(scope: DeviceScope, told: () => void): DeviceSumReader;
  /** A commit was published: before anybody is told of it. */
  published(event: CommitEvent): void;
  /** Time has passed: what was lost is read again, what nobody asks for is let go. */
  tick(): void;
  /** Ends reading; resolves when the database is not used any more. */
  close(): Promise<void>;
}

/** A sum whose query was cut off for its time. */
interface Slow {
  readonly timeouts: number;
  readonly againMs: number;
}

interface Reader {
  readonly sums: ReadonlyMap<string, ShapeSum>;
  readonly told: () => void;
}

/** What {@link createDeviceSums} works with. */
export interface DeviceSumsParts {
  readonly running: RunningSums;
  readonly pool: pg.Pool;
  readonly shapes: Pick<ShapeSource, "currentLsn">;
  readonly log: Logger;
  readonly nowMs: () => number;
  /** Default 30 s: longest one query of sums may take. */
  readonly queryMsMax?: number;
}

/**
 * Keeps sums of the shapes connected devices read. Baselines are read one device at a time, with rests between them. Where a device's
 * together take too long, each is read alone; one that alone takes too long is not compared, and tried again after growing pauses.
 */
export function createDeviceSums({ running, pool, shapes, log, nowMs, queryMsMax = sumsMsMax }: DeviceSumsParts): DeviceSums {
  const readers = new Map<ShapeSum, Set<Reader>>();
  const unusedSinceMs = new Map<ShapeSum, number>();
  /** Sums with a baseline that are not exact before the stream has come to it. */
  const awaited = new Set<ShapeSum>();
  const slow = new Map<ShapeSum, Slow>();
  const closing = new AbortController();
  let reading: Promise<void> | undefined;

  const tellReaders = (sums: Iterable<ShapeSum>) => {
    const concerned = new Set<Reader>();
    for (const sum of sums) for (const reader of readers.get(sum) ?? []) concerned.add(reader);
    for (const reader of concerned) reader.told();
  };
  const tellReached = () => {
    const reached = [...awaited].filter((sum) => sum.value() !== undefined);
    for (const sum of reached) awaited.delete(sum);
    tellReaders(reached);
  };
  /** Idle sums of one device at a time: they are small together, but for its own company's largest tables. */
  const readAll = async () => {
    for (const [sum, own] of readers) {
      const [reader] = own;
      if (!isDue(sum) || !reader) continue;
      const sums = [...reader.sums.values()].filter(isDue);
      const quick = sums.filter((each) => !slow.has(each));
      for (const group of [quick, ...sums.filter((each) => slow.has(each)).map((each) => [each])]) {
        if (closing.signal.aborted) return;
        if (group.length > 0) await readGroup(group);
      }
    }
  };
  const isDue = (sum: ShapeSum) => sum.isIdle && (slow.get(sum)?.againMs ?? 0) <= nowMs();
  const readGroup = async (sums: readonly ShapeSum[]) => {
    const beganMs = nowMs();
    try {
      await measure(sums);
      for (const each of sums) slow.delete(each);
    } catch (error) {
      if (!isTimeout(error)) throw error;
      const [only] = sums;
      if (sums.length === 1 && only) tookTooLong(only);
      else for (const each of sums) slow.set(each, { timeouts: 0, againMs: 0 });
    }
    for (const each of sums) if (!each.isIdle) awaited.add(each);
    tellReached();
    await pause((nowMs() - beganMs) * restsMax, closing.signal);
  };
  const tookTooLong = (sum: ShapeSum) => {
    const timeouts = slow.get(sum)?.timeouts ?? 0;
    const pauseMs = Math.min(slowPauseMsMax, slowPauseMs * 2 ** timeouts);
    slow.set(sum, { timeouts: timeouts + 1, againMs: nowMs() + pauseMs });
    log.warn({ shape: sum.shape.name, queryMsMax, againInMs: pauseMs }, "a shape is too large for its sum to be read in time: devices do not compare theirs with it");
  };
  const measure = async (sums: readonly ShapeSum[]) => {
    const { accepts, settle } = running.measure(sums);
    try {
      let baseline;
      for (let attempt = 0; attempt < snapshotsMax && !baseline && !closing.signal.aborted; attempt++) {
        if (attempt > 0) await pause(snapshotDelayMs, closing.signal);
        baseline = await readBaseline(pool, sums, accepts, queryMsMax);
      }
      settle(baseline);
    } catch (error) {
      settle(undefined);
      throw error;
    }
  };
  /** What fails now, or is void again, is read with the next tick. */
  const read = () => {
    if (closing.signal.aborted) return;
    reading ??= readAll()
      .catch((error: unknown) => log.warn({ fault: describeFault(error) }, "sums of shapes could not be read"))
      .finally(() => (reading = undefined));
  };

  const letGo = () => {
    for (const [sum, sinceMs] of unusedSinceMs) {
      if (nowMs() - sinceMs < unusedMsMax) continue;
      unusedSinceMs.delete(sum);
      awaited.delete(sum);
      slow.delete(sum);
      running.forget(sum);
    }
  };
  const follow = (scope: DeviceScope): ReadonlyMap<string, ShapeSum> => {
    const sums = new Map<string, ShapeSum>();
    for (const { name } of shapesOfDevice(scope)) {
      const shape = registeredShape(name);
      const sum = shape && running.follow({ shape, scopeId: scopeOfDevice(shape.scopeKind, scope) });
      if (sum) sums.set(name, sum);
    }
    return sums;
  };

  return {
    open(scope, told) {
      const reader: Reader = { sums: follow(scope), told };
      for (const sum of reader.sums.values()) {
        readers.set(sum, (readers.get(sum) ?? new Set()).add(reader));
        unusedSinceMs.delete(sum);
      }
      read();
      return {
        known(names) {
          if (running.lsn() !== shapes.currentLsn()) return {};
          const known: Record<string, RowsSum> = {};
          for (const name of names) {
            const sum = reader.sums.get(name)?.value();
            if (sum) known[name] = sum;
          }
          return known;
        },
        end() {
          for (const sum of reader.sums.values()) {
            const own = readers.get(sum);
            own?.delete(reader);
            if (own?.size !== 0) continue;
            readers.delete(sum);
            unusedSinceMs.set(sum, nowMs());
          }
        },
      };
    },
    published(event) {
      running.published(event);
      if (awaited.size > 0) tellReached();
    },
    tick() {
      letGo();
      tellReached();
      read();
    },
    async close() {
      closing.abort();
      await reading;
    },
  };
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, delayMs);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
