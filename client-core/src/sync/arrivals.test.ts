import { describe, expect, it } from "vitest";
import { createArrivals } from "./arrivals.ts";

const shapes = ["account", "category", "client"] as const;
const resumed = () => createArrivals([...shapes], new Set(shapes), 10n);

describe("arrivals", () => {
  it("lets a checkpoint go only as far as every named shape has arrived", () => {
    const arrivals = resumed();
    arrivals.advance(10n, 20n, ["account"]);
    arrivals.advance(20n, 30n, ["category", "client"]);
    expect(arrivals.target()).toBeUndefined();
    expect(arrivals.isDue("account")).toBe(true);
    arrivals.arrived("category", 30n);
    expect(arrivals.target()).toBeUndefined();
    arrivals.arrived("account", 20n);
    expect(arrivals.target()).toBe(20n);
    arrivals.applied(20n);
    expect(arrivals.target()).toBeUndefined();
    arrivals.arrived("client", 40n);
    expect(arrivals.target()).toBe(30n);
    arrivals.applied(30n);
    expect(arrivals.isCaughtUp()).toBe(true);
  });

  it("takes a shape that was not named as being there", () => {
    const arrivals = resumed();
    arrivals.advance(10n, 20n, []);
    expect(arrivals.target()).toBe(20n);
    expect(arrivals.isDue("account")).toBe(false);
  });

  it("asks every shape after a gap", () => {
    const arrivals = resumed();
    arrivals.advance(15n, 20n, ["account"]);
    expect(shapes.map((shape) => arrivals.isDue(shape))).toEqual([true, true, true]);
  });

  it("is not caught up before the stream was heard", () => {
    const arrivals = resumed();
    expect(arrivals.isCaughtUp()).toBe(false);
    arrivals.advance(10n, 10n, []);
    expect(arrivals.isCaughtUp()).toBe(true);
  });

  it("applies nothing from a snapshot until a check was announced after the last one", () => {
    const arrivals = createArrivals([...shapes], new Set(), undefined);
    expect(arrivals.snapshotFinished("account")).toBe(false);
    expect(arrivals.snapshotFinished("category")).toBe(false);
    expect(arrivals.snapshotFinished("client")).toBe(true);
    for (const shape of shapes) arrivals.arrived(shape, 50n);
    expect(arrivals.target()).toBeUndefined();
    arrivals.check(40n);
    expect(arrivals.target()).toBe(40n);
  });

  it("holds checkpoints while a shape begins anew, whatever is announced", () => {
    const arrivals = resumed();
    arrivals.snapshotStarted("account");
    arrivals.advance(10n, 20n, ["category"]);
    arrivals.arrived("category", 20n);
    expect(arrivals.target()).toBeUndefined();
    expect(arrivals.snapshotFinished("account")).toBe(true);
    expect(arrivals.target()).toBeUndefined();
    arrivals.check(20n);
    for (const shape of shapes) arrivals.arrived(shape, 20n);
    expect(arrivals.target()).toBe(20n);
  });

  it("asks a shape whose log began anew, though nothing was committed", () => {
    const arrivals = resumed();
    arrivals.arrived("account", 10n);
    arrivals.advance(10n, 10n, ["account"]);
    expect(arrivals.isDue("account")).toBe(true);
    arrivals.asked("account");
    arrivals.arrived("account", 10n);
    expect(arrivals.isDue("account")).toBe(false);
  });

  it("asks it again when the answer under way was asked for before its log began anew", () => {
    const arrivals = resumed();
    arrivals.asked("account");
    arrivals.advance(10n, 10n, ["account"]);
    arrivals.arrived("account", 10n);
    expect(arrivals.isDue("account")).toBe(true);
    arrivals.asked("account");
    arrivals.arrived("account", 10n);
    expect(arrivals.isDue("account")).toBe(false);
  });

  it("asks a named shape again that was already further: its log may have begun anew", () => {
    const arrivals = resumed();
    arrivals.arrived("account", 20n);
    arrivals.advance(10n, 20n, ["account"]);
    expect(arrivals.target()).toBe(20n);
    expect(arrivals.isDue("account")).toBe(true);
    arrivals.asked("account");
    arrivals.arrived("account", 20n);
    expect(arrivals.isDue("account")).toBe(false);
  });

  it("asks every shape again when the stream knows nothing of what was before", () => {
    const arrivals = resumed();
    for (const shape of shapes) arrivals.arrived(shape, 20n);
    arrivals.check(20n);
    expect(shapes.map((shape) => arrivals.isDue(shape))).toEqual([true, true, true]);
  });

  it("does not ask again for the check it wanted after snapshots", () => {
    const arrivals = createArrivals([...shapes], new Set(), undefined);
    for (const shape of shapes) {
      arrivals.arrived(shape, 20n);
      arrivals.snapshotFinished(shape);
    }
    arrivals.check(20n);
    expect(shapes.map((shape) => arrivals.isDue(shape))).toEqual([false, false, false]);
    expect(arrivals.target()).toBe(20n);
  });

  it("applies no L that lies before what a snapshot may hold", () => {
    const arrivals = createArrivals([...shapes], new Set(), undefined);
    for (const shape of shapes) {
      arrivals.arrived(shape, 50n);
      arrivals.snapshotFinished(shape);
    }
    arrivals.check(40n);
    expect(arrivals.target()).toBeUndefined();
    expect(arrivals.isCaughtUp()).toBe(false);
    arrivals.advance(40n, 50n, []);
    expect(arrivals.target()).toBe(50n);
  });

  it("is not caught up while a shape whose log began anew has not been asked", () => {
    const arrivals = resumed();
    arrivals.advance(10n, 10n, ["account"]);
    expect(arrivals.isCaughtUp()).toBe(false);
    arrivals.asked("account");
    arrivals.arrived("account", 10n);
    expect(arrivals.isCaughtUp()).toBe(true);
  });
});

describe("sums told with announcements", () => {
  const sum = (rows: number) => ({ rows, sum: String(rows).padStart(16, "0") });

  it("hold from their L until their shape is named again, with a sum or without", () => {
    const arrivals = resumed();
    arrivals.advance(10n, 20n, ["account"], { account: sum(1), client: sum(7) });
    arrivals.advance(20n, 30n, ["category"], { category: sum(2) });
    arrivals.advance(30n, 40n, ["account"]);
    arrivals.arrived("account", 40n);
    arrivals.arrived("category", 20n);
    expect(arrivals.target()).toBe(20n);
    expect([...arrivals.sumsAt(20n)]).toEqual([["account", sum(1)], ["client", sum(7)]]);
    arrivals.applied(20n);
    arrivals.compared(["client"]);
    arrivals.arrived("category", 40n);
    expect(arrivals.target()).toBe(40n);
    expect([...arrivals.sumsAt(40n)]).toEqual([["category", sum(2)]]);
  });

  it("may come after their checkpoint, and are of no use while a log may have begun anew", () => {
    const arrivals = resumed();
    arrivals.advance(10n, 10n, []);
    arrivals.advance(10n, 10n, [], { account: sum(1), category: sum(2) });
    arrivals.advance(10n, 10n, ["category"]);
    expect([...arrivals.sumsHere()]).toEqual([["account", sum(1)]]);
    arrivals.advance(10n, 20n, ["client"]);
    expect(arrivals.sumsHere().size).toBe(0);
  });

  it("are void after a check that does not tell them", () => {
    const arrivals = resumed();
    arrivals.advance(10n, 10n, [], { account: sum(1) });
    arrivals.check(20n, { category: sum(2) });
    for (const shape of shapes) {
      arrivals.asked(shape);
      arrivals.arrived(shape, 20n);
    }
    expect(arrivals.target()).toBe(20n);
    expect([...arrivals.sumsAt(20n)]).toEqual([["category", sum(2)]]);
  });

  it("announced while a checkpoint at the same L is applied are still to be reached", () => {
    const arrivals = resumed();
    arrivals.advance(10n, 20n, []);
    expect(arrivals.target()).toBe(20n);
    arrivals.check(20n, { account: sum(1) });
    arrivals.applied(20n);
    for (const shape of shapes) arrivals.arrived(shape, 20n);
    expect(arrivals.target()).toBe(20n);
    expect([...arrivals.sumsAt(20n)]).toEqual([["account", sum(1)]]);
  });
});
