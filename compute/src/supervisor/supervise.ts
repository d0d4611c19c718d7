import type pg from "pg";
import { describeFault } from "../database.pg.ts";
import { queueWaitMs } from "../dispatch/outbox.pg.ts";
import { createTurns } from "../dispatch/turns.ts";
import type { Places } from "../threads/places.ts";
import { grantPlaces } from "./machine-places.ts";
import { poolSize, type PoolRules } from "./pool-size.ts";
import { createProcessPool, type ProcessParts, type ProcessPool } from "./processes.ts";

/** How the number of processes follows the queue. */
export const scaling = { waitMsMax: 2_000, growAfterMs: 5_000, shrinkAfterMs: 120_000 } as const;
const lookIntervalMs = 1_000;

/** What supervising works with. */
export interface SuperviseParts extends Omit<ProcessParts, "onStarted"> {
  readonly pool: pg.Pool;
  readonly rules: PoolRules;
  /** Room of the machine for tasks that compute, shared by all processes. */
  readonly places: Places;
}

/** Worker processes at work. */
export interface Supervision {
  readonly processes: Pick<ProcessPool, "size" | "pids">;
  /** Lets all finish what is under way. Idempotent. */
  stop(): Promise<void>;
}

/** Keeps as many worker processes as the queue needs, and replaces those that die. */
export function supervise(parts: SuperviseParts): Supervision {
  const { pool, rules, nowMs, log } = parts;
  const processes = createProcessPool({ ...parts, onStarted: (child) => grantPlaces(child, parts.places) });
  processes.resize(rules.min);
  let changedMs = nowMs();
  let waitedMs = nowMs();
  const look = async () => {
    try {
      const waitMs = await queueWaitMs(pool);
      if (waitMs > 0) waitedMs = nowMs();
      const size = poolSize({ size: processes.size, waitMs, steadyMs: nowMs() - changedMs, quietMs: nowMs() - waitedMs }, rules);
      if (size === processes.size) return;
      log.info({ from: processes.size, to: size, waitMs: Math.round(waitMs) }, "number of worker processes");
      changedMs = nowMs();
      processes.resize(size);
    } catch (error) {
      log.warn({ fault: describeFault(error) }, "cannot ask how long jobs wait");
    }
  };
  const looks = createTurns(look, lookIntervalMs, parts.random);
  return {
    processes,
    stop: async () => {
      await looks.stop();
      await processes.stop();
    },
  };
}
