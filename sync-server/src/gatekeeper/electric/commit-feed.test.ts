import { describe, expect, it } from "vitest";
import type { CommitEvent } from "../shape-source.ts";
import { createCommitFeed } from "./commit-feed.ts";

function followed() {
  const feed = createCommitFeed();
  const events: CommitEvent[] = [];
  feed.subscribe((event) => void events.push(event));
  return { feed, events };
}
const commit = (lsn: bigint, ...touched: string[]) => ({ lsn, touched: new Set(touched) });

describe("the chain of commits", () => {
  it("begins with a check, then holds what was kept back beyond it", () => {
    const { feed, events } = followed();
    feed.committed(commit(5n, "a"));
    feed.committed(commit(7n, "b"));
    expect([events, feed.currentLsn()]).toEqual([[], 0n]);
    feed.resume(5n);
    expect(events).toEqual([
      { prevLsn: 5n, lsn: 5n, touched: "all" },
      { prevLsn: 5n, lsn: 7n, touched: ["b"] },
    ]);
    feed.committed(commit(9n));
    expect(events.at(-1)).toEqual({ prevLsn: 7n, lsn: 9n, touched: [] });
  });

  it("tells a gap by a check, never by a step over it", () => {
    const { feed, events } = followed();
    feed.resume(5n);
    feed.committed(commit(6n, "a"));
    feed.gap();
    feed.committed(commit(20n, "b"));
    expect(feed.currentLsn()).toBe(6n);
    feed.gap();
    feed.committed(commit(30n, "c"));
    feed.resume(25n);
    expect(events.slice(2)).toEqual([
      { prevLsn: 25n, lsn: 25n, touched: "all" },
      { prevLsn: 25n, lsn: 30n, touched: ["c"] },
    ]);
  });

  it("never goes back", () => {
    const { feed, events } = followed();
    feed.resume(10n);
    feed.gap();
    feed.resume(8n);
    feed.committed(commit(9n, "a"));
    expect(events.map(({ lsn }) => lsn)).toEqual([10n, 10n]);
  });

  it("keeps a bounded number of commits back, and then names everything", () => {
    const { feed, events } = followed();
    for (let lsn = 1n; lsn <= 2_000n; lsn++) feed.committed(commit(lsn, `shape ${lsn}`));
    feed.resume(1n);
    expect(events.length).toBeLessThan(1_100);
    expect(events.some(({ lsn, touched }) => lsn > 1n && touched === "all")).toBe(true);
    expect(feed.currentLsn()).toBe(2_000n);
    for (const [index, event] of events.slice(1).entries()) expect(event.prevLsn).toBe(events[index]?.lsn);
  });
});
