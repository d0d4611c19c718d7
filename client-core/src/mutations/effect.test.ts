import { describe, expect, it } from "vitest";
import { addMark, foldEffects } from "./effect.ts";

describe("folding effects over the server's row", () => {
  it("puts changed columns on top, oldest first", () => {
    const effects = [
      { kind: "patch", patch: { name: "A", slot: 1 } },
      { kind: "patch", patch: { name: "B" } },
    ] as const;
    expect(foldEffects({ id: "1", name: "server", note: "kept" }, effects)).toEqual({ id: "1", name: "B", slot: 1, note: "kept" });
  });

  it("adds to what the server has now, not to what was there when recorded", () => {
    const add = { kind: "patch", patch: { [`${addMark}amountMinor`]: 5 } } as const;
    expect(foldEffects({ amountMinor: 10 }, [add, add])).toEqual({ amountMinor: 20 });
    expect(foldEffects({ amountMinor: 100 }, [add])).toEqual({ amountMinor: 105 });
    expect(foldEffects({ amountMinor: null }, [add])).toEqual({ amountMinor: null });
  });

  it("keeps the server's row where both inserted it, and leaves a removed one removed", () => {
    const insert = { kind: "insert", patch: { name: "own" } } as const;
    expect(foldEffects({ name: "server" }, [insert])).toEqual({ name: "server" });
    expect(foldEffects(null, [insert])).toEqual({ name: "own" });
    expect(foldEffects({ name: "server" }, [{ kind: "remove", patch: {} }, { kind: "patch", patch: { name: "late" } }])).toBeNull();
    expect(foldEffects(null, [{ kind: "patch", patch: { name: "gone" } }])).toBeNull();
  });
});
