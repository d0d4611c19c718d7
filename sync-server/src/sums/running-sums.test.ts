import { emptySum, tableCodec, tables } from "@saldo/schema";
import { expect, it } from "vitest";
import { registeredShape } from "../gatekeeper/registry.ts";
import { parseSnapshot } from "../shapes/index.ts";
import { tupleOf } from "../shapes/testing/tuple.ts";
import { createRunningSums, type ShapeSum } from "./running-sums.ts";

const oid = 1;
/** One more than are kept unpublished. */
const commits = 10_001n;

/** Sums at L = 100 with one shape followed, whose rows nobody has read yet. */
function followed() {
  const running = createRunningSums();
  running.published({ prevLsn: 100n, lsn: 100n, touched: "all" });
  const shape = registeredShape("category");
  const sum = shape && running.follow({ shape, scopeId: "w" });
  if (!sum) throw new Error("no shape");
  return { running, tap: running.tap, sum };
}

/** Reads the rows in a snapshot that sees all before an LSN. */
function read({ running, sum }: { running: ReturnType<typeof createRunningSums>; sum: ShapeSum }, lsn: bigint, rows = 1) {
  const { accepts, settle } = running.measure([sum]);
  const visibility = parseSnapshot("1000:1000:", lsn, lsn);
  expect(accepts(visibility)).toBe(true);
  settle({ visibility, sums: new Map([["category", { ...emptySum, rows }]]) });
}

it("a sum whose snapshot saw a commit that is not published yet is known with that commit", () => {
  const all = followed();
  all.tap.begin(7, 110n);
  all.tap.row(oid, undefined, undefined);
  all.tap.commit();
  all.tap.complete(120n);
  read(all, 120n);
  expect(all.sum.value()).toBeUndefined();
  all.running.published({ prevLsn: 100n, lsn: 110n, touched: [] });
  expect(all.sum.value()?.rows).toBe(1);
});

it("a sum whose snapshot saw a part of the log that changed no rows is known at once", () => {
  const all = followed();
  all.tap.begin(7, 110n);
  all.tap.commit();
  all.tap.complete(120n);
  read(all, 120n);
  expect(all.sum.value()?.rows).toBe(1);
});

it("no sum read beyond a gap in the stream is known before a commit is published after it", () => {
  const all = followed();
  all.tap.reset();
  all.tap.complete(120n);
  read(all, 120n);
  expect(all.sum.value()).toBeUndefined();
  all.running.published({ prevLsn: 120n, lsn: 120n, touched: "all" });
  expect(all.sum.isIdle).toBe(true);
  read(all, 121n);
  expect(all.sum.value()?.rows).toBe(1);
});

it("no sum is known while more commits wait to be published than are kept", () => {
  const all = followed();
  read(all, 101n);
  expect(all.sum.value()?.rows).toBe(1);
  const columns = tableCodec(tables.category).columns.map(({ sql }) => sql);
  all.tap.relation({ oid, schema: "public", name: "category", columns: columns.map((name) => ({ name, typeOid: 25, typeMod: -1 })) });
  const row = tupleOf(...columns.map((name) => (name === "workspace_id" ? "w" : "x")));
  for (let at = 1n; at <= commits; at++) {
    all.tap.begin(Number(at) + 1_000, 100n + at);
    all.tap.row(oid, undefined, row);
    all.tap.commit();
  }
  for (let at = 1n; at <= commits; at++) {
    all.running.published({ prevLsn: 99n + at, lsn: 100n + at, touched: [] });
    expect(all.sum.value()).toBeUndefined();
  }
  expect(all.sum.isIdle).toBe(true);
});
