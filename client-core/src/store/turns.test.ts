import { expect, it } from "vitest";
import { createTurns, type TurnKind, type Turns } from "./turns.ts";

function held() {
  let end: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (end = resolve));
  return { promise, end };
}

/** Takes turns in this order while another one is under way; resolves to the order in which they were had. */
async function orderOf(turns: Turns, takers: readonly (readonly [TurnKind | "last", string])[]): Promise<readonly string[]> {
  const order: string[] = [];
  const { promise: underWay, end } = held();
  const first = turns.take(() => underWay, "background");
  const all = takers.map(([kind, name]) => {
    const work = () => Promise.resolve(void order.push(name));
    return kind === "last" ? turns.takeLast(work) : turns.take(work, kind);
  });
  end();
  await Promise.all([first, ...all]);
  return order;
}

it("lets what a screen waits for go before the background, each in the order asked for, and the last after all", async () => {
  const order = await orderOf(createTurns(), [["last", "close"], ["background", "b1"], ["background", "b2"], ["screen", "s1"], ["screen", "s2"]]);
  expect(order).toEqual(["s1", "s2", "b1", "b2", "close"]);
});

it("keeps the background waiting for fifty turns of screens at most", async () => {
  const screens = Array.from({ length: 60 }, (_, index) => ["screen", `s${index}`] as const);
  const order = await orderOf(createTurns(), [["background", "b"], ...screens]);
  expect(order.indexOf("b")).toBe(50);
  expect(order).toHaveLength(61);
});

it("goes on after a failure, which only its own taker hears of", async () => {
  const turns = createTurns();
  const failing = turns.take(() => Promise.reject(new Error("no")));
  const after = turns.take(() => Promise.resolve("yes"));
  await expect(failing).rejects.toThrow("no");
  expect(await after).toBe("yes");
});

it("refuses more than it can hold", async () => {
  const turns = createTurns();
  const { promise, end } = held();
  const all = Array.from({ length: 10_001 }, () => turns.take(() => promise));
  await expect(turns.take(() => promise)).rejects.toMatchObject({ code: "store.queue_full" });
  end();
  await Promise.all(all);
});
