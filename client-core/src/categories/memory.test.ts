import { describe, expect, it } from "vitest";
import type { Guess } from "./guess.ts";
import { createMemory, type Memory } from "./memory.ts";
import { rowKeysOf } from "./row-keys.ts";

const keys = (counterparty: string, text: string, amount = -100) => rowKeysOf({ texts: [counterparty, text], codes: [], amount });
const guess = (likely: readonly number[], rare = 0): Guess => ({ classes: likely.map((_, index) => index), likely, rare });
const none = () => false;
const [first, second, third] = [0, 1, 2];

function learnMany(memory: Memory, rows: number): void {
  for (let row = 0; row < rows; row++) memory.learn(keys(`other ${String.fromCharCode(97 + (row % 26))}`, "x"), first);
}

describe("the memory of counterparties", () => {
  it("takes its own word against a model that has learned little, and the model's where other texts are beside and it has learned much", () => {
    const told = (rows: number) => {
      const memory = createMemory(none);
      learnMany(memory, rows);
      for (let row = 0; row < 3; row++) memory.learn(keys("Acme", "office", -row), second);
      return memory.recall(keys("Acme", "garage", -50), guess([0.9, 0.1]))?.classes[0];
    };
    expect(told(0)).toBe(second);
    expect(told(3_000)).toBe(first);
  });

  it("keeps to what the very same texts were, whatever the model says", () => {
    const memory = createMemory(none);
    learnMany(memory, 3_000);
    memory.learn(keys("Acme", "office"), second);
    expect(memory.recall(keys("Acme", "office", -7), guess([0.6, 0.4]))).toMatchObject({ classes: [second, first], rows: 1, sameRows: 1, agreed: 1 });
  });

  it("shares what the model cannot tell apart among those of them the counterparty had", () => {
    const memory = createMemory((owner) => owner >= second);
    learnMany(memory, 3_000);
    for (const owner of [second, third, third]) memory.learn(keys("Acme", `text ${owner}`, -owner), owner);
    const recalled = memory.recall(keys("Acme", "garage", -50), { classes: [first], likely: [0.1], rare: 0.9 });
    expect(recalled?.classes).toEqual([third, second, first]);
    expect(recalled?.likely[0]).toBeGreaterThan(0.55);
  });

  it("knows nothing of a counterparty it never met, nor of one without a name", () => {
    const memory = createMemory(none);
    memory.learn(keys("", "office"), first);
    expect(memory.recall(keys("", "office"), guess([1]))).toBeNull();
    expect(memory.recall(keys("Acme", "office"), guess([1]))).toBeNull();
  });
});
