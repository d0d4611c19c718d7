import type { CommitEvent } from "../gatekeeper/shape-source.ts";

/** Most commits remembered for devices that reconnect. */
export const recentCommitsMax = 8_192;

/** The last commits, oldest first: what a device missed while its stream was down. */
export interface RecentCommits {
  add(event: CommitEvent): void;
  /** Keys of the shapes that changed after `lsn` up to `currentLsn`; null when that is not known any more. */
  touchedSince(lsn: bigint, currentLsn: bigint): ReadonlySet<string> | null;
}

/** A ring of at most `commitsMax` commits. A break in their chain, or a commit that may have changed anything, forgets what was before it. */
export function createRecentCommits(commitsMax: number = recentCommitsMax): RecentCommits {
  let commits: CommitEvent[] = [];
  return {
    add(event) {
      if (event.touched === "all" || commits.at(-1)?.lsn !== event.prevLsn) commits = [];
      commits.push(event);
      // Dropped in halves, so that the cost of a commit stays constant.
      if (commits.length >= commitsMax * 2) commits = commits.slice(-commitsMax);
    },
    touchedSince(lsn, currentLsn) {
      const first = commits[0];
      // Shapes that ended before the ring began, at the LSN it begins with or by a restart of the relay, are in no event of it.
      if (lsn > currentLsn || first === undefined || lsn <= first.prevLsn) return null;
      // What a transaction that may have changed anything changed is told by a check only.
      if (first.touched === "all" && lsn < first.lsn) return null;
      // Whether a rotation at exactly `lsn` was heard of is not known: it is told again.
      const missed = commits.filter((event) => event.lsn > lsn || (event.lsn === lsn && event.prevLsn === lsn));
      return new Set(missed.flatMap(({ touched }) => (touched === "all" ? [] : touched)));
    },
  };
}
