import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { judgeCanary } from "./canary.ts";

const verdicts = judgeCanary(path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", ".."));

it("has both kinds of canary for every room", () => {
  for (const room of ["schema", "client-core", "sync-server", "compute", "apps-bridge"]) {
    const own = verdicts.filter(({ file }) => file.startsWith(`${room}/`));
    expect(own.some(({ wanted }) => wanted === undefined)).toBe(true);
    expect(own.some(({ wanted }) => wanted === "eslint(no-restricted-imports)")).toBe(true);
  }
});

it.each(verdicts)("$file: $wanted", ({ wanted, found }) => {
  if (wanted === undefined) expect(found).toEqual([]);
  else expect(found).toContain(wanted);
});
