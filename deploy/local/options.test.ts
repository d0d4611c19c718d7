import { expect, it } from "vitest";
import { readOptions, UsageError } from "./options.ts";

it("has a port and a folder when nothing is asked", () => {
  const options = readOptions([], process.cwd());
  expect(options.port).toBe(4680);
  expect(options.dataDir.startsWith(process.cwd())).toBe(true);
});

it.each([["--port", "0"], ["--port", "65536"], ["--port", "web"], ["--prot", "1"], ["extra"]])("refuses %s %s", (...args) => {
  expect(() => readOptions(args, process.cwd())).toThrow(UsageError);
});
