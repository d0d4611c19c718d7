import type { FollowedCommit } from "../../shapes/index.ts";
import type { CommitEvent } from "../shape-source.ts";

/** Most commits kept back while a gap is open; beyond that they become one that changed all. */
const heldMax = 1_024;

interface HeldCommit {
  readonly lsn: bigint;
  readonly touched: readonly string[] | "all";
}

/** The chain of commits as the relay's listeners hear it. */
export interface CommitFeed {
  /** The connection is lost or new: from here commits are kept back, because some may be missing before them. */
  gap(): void;
  committed(commit: FollowedCommit): void;
  /** Tells that everything is to be asked up to `lsn`, then what was kept back beyond it, and goes on. */
  resume(lsn: bigint): void;
  currentLsn(): bigint;
  subscribe(listener: (event: CommitEvent) => void): () => void;
}

/**
 * Makes a chain of commits out of a log that may be read with gaps:
 *
 *   following --gap--> holding (commits kept back) --resume(L)--> "all" at L, then those beyond L --> following
 */
export function createCommitFeed(): CommitFeed {
  const listeners = new Set<(event: CommitEvent) => void>();
  let toldLsn = 0n;
  let held: HeldCommit[] | undefined = [];

  const tell = (event: CommitEvent) => {
    toldLsn = event.lsn;
    for (const listener of listeners) listener(event);
  };
  const follow = ({ lsn, touched }: HeldCommit) => {
    if (lsn > toldLsn) tell({ prevLsn: toldLsn, lsn, touched });
  };
  return {
    gap() {
      held = [];
    },
    committed({ lsn, touched }) {
      const commit = { lsn, touched: touched === "all" ? touched : [...touched] };
      if (held === undefined) follow(commit);
      else if (held.length < heldMax) held.push(commit);
      else held = [{ lsn, touched: "all" }];
    },
    resume(lsn) {
      const later = held ?? [];
      held = undefined;
      const from = lsn > toldLsn ? lsn : toldLsn;
      tell({ prevLsn: from, lsn: from, touched: "all" });
      for (const commit of later) follow(commit);
    },
    currentLsn: () => toldLsn,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
