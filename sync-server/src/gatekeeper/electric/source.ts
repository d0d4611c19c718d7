import { tables } from "@saldo/schema";
import type pg from "pg";
import type { Logger } from "pino";
import { describeFault } from "../../http/errors.ts";
import { CommitFollower, type RowTap } from "../../shapes/index.ts";
import { fixShape, registeredShape } from "../registry.ts";
import type { ShapeSource } from "../shape-source.ts";
import { findCheckpoint } from "./checkpoint.pg.ts";
import { createCommitFeed } from "./commit-feed.ts";
import { createForwarder } from "./forward.http.ts";
import { shapeKey, touchedShapes } from "./touched-shapes.ts";
import type { Upstream } from "./upstream.ts";

/** What the source works with. */
export interface ElectricSourceParts {
  readonly upstream: Upstream;
  readonly databaseUrl: string;
  readonly publicationName: string;
  /** How the names of its temporary slots begin. */
  readonly slotName: string;
  readonly pool: Pick<pg.Pool, "query">;
  readonly fetch: typeof fetch;
  readonly log: Logger;
  readonly nowMs: () => number;
  readonly random: () => number;
  /** Hears the row changes of each commit before it is told. */
  readonly rowTap: RowTap;
  /** Called when the database turns out to be an older copy of itself. */
  readonly databaseReplaced: () => void;
}

const resumeDelayMs = 100;
const resumeDelayMsMax = 5_000;

/**
 * Shapes of an Electric service elsewhere, and the commits of its database read here:
 *
 *   device ── shapes ──► gatekeeper ──► Electric ◄── its slot ──┐
 *   device ◄─ notify ── commit feed ◄── temporary slot ◄── Postgres
 *
 * The two readers of the log are not in step. A shape that is named before Electric has its rows is simply waited for (a live request);
 * a check, which names all shapes, is only told at an LSN that both have passed.
 */
export function openElectricSource(parts: ElectricSourceParts): ShapeSource {
  const { log, nowMs, random } = parts;
  const feed = createCommitFeed();
  const forwarder = createForwarder(parts);
  const probe = probeShape();
  let seenLsn = 0n;
  let connection = 0;
  let closing: Promise<void> | undefined;

  const follower = new CommitFollower({
    ...parts,
    touches: touchedShapes,
    attached(lsn) {
      connection++;
      feed.gap();
      if (lsn < seenLsn) parts.databaseReplaced();
      void resume(connection);
    },
    committed(commit) {
      seenLsn = commit.lsn;
      feed.committed(commit);
    },
    detached() {
      connection++;
      feed.gap();
    },
  });
  const told = (lsn: bigint, waitMsMax: number) => follower.told(lsn, waitMsMax);
  const checkpointLsn = oneAfterAnother(() =>
    findCheckpoint({ pool: parts.pool, nowMs, seenLsn: () => seenLsn, told, completeLsn: () => forwarder.completeLsn(probe) }),
  );

  async function resume(own: number): Promise<void> {
    for (let delayMs = resumeDelayMs; connection === own && closing === undefined; delayMs = Math.min(delayMs * 2, resumeDelayMsMax)) {
      try {
        const lsn = await checkpointLsn();
        if (connection === own) feed.resume(lsn);
        return;
      } catch (error) {
        log.warn({ fault: describeFault(error) }, "commits are read, but the shape service behind does not keep up yet");
      }
      await new Promise((resolve) => setTimeout(resolve, delayMs * (0.5 + random() / 2)));
    }
  }

  follower.start();
  return {
    handle: (request, shape) => forwarder.forward(request, shape),
    shapeKey,
    subscribe: feed.subscribe,
    currentLsn: feed.currentLsn,
    checkpointLsn,
    async health() {
      const health = await forwarder.health();
      return health === "active" && feed.currentLsn() === 0n ? "waiting" : health;
    },
    close() {
      forwarder.close();
      return (closing ??= follower.close());
    },
  };
}

/** A shape nothing is in, to ask how far the service is. */
function probeShape() {
  const shape = registeredShape(tables.client.name);
  if (shape === undefined) throw new Error("the table client has no shape");
  return fixShape(shape, "-");
}

/** Runs a task once at a time; whoever asks while it runs gets the one that begins after. */
function oneAfterAnother<Result>(task: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | undefined;
  let next: Promise<Result> | undefined;
  const run = (): Promise<Result> => {
    const own = task().finally(() => {
      if (running === own) running = undefined;
    });
    running = own;
    return own;
  };
  return () => {
    if (running === undefined) return run();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return run();
      });
    return next;
  };
}
