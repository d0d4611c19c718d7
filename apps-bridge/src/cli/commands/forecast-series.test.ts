import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { saldo } from "../testing.ts";

describe("forecast", () => {
  const train = Array.from({ length: 30 }, (_, index) => 100 + index);
  const series = JSON.stringify([{ id: "line", train }, { id: "short", train: [1, 2, 3] }]);

  it("prints means, intervals, methods and back-test of every series, and says which is too short", async () => {
    const ran = await saldo(["forecast", "--series", "-", "--horizon", "3", "--json"], { stdin: gzipSync(series) });
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    const [line, short] = z.array(z.looseObject({ id: z.string() })).parse(JSON.parse(ran.stdout));
    const model: unknown = expect.objectContaining({ name: expect.any(String) });
    const backtest: unknown = expect.objectContaining({ definition: "rolling_origin" });
    expect(line).toMatchObject({ id: "line", model, backtest });
    z.array(z.number()).length(3).parse(line?.["mean"]).forEach((mean, step) => expect(mean).toBeCloseTo(130 + step, 3));
    for (const level of ["lo80", "hi80", "lo95", "hi95"]) expect(line?.[level]).toHaveLength(3);
    expect(short).toEqual({ id: "short", outcome: "not_enough_data", pointsHave: 3, pointsNeed: 6 });
    const plain = await saldo(["forecast", "--series", "-"], { stdin: series });
    expect(plain.stdout).toMatch(/^line: .*\n *month +mean/);
    expect(plain.stdout).toContain("short: 3 values, 6 are needed");
  });

  it.each([["no JSON", "nope"], ["no list", "{}"], ["an empty list", "[]"], ["a text for a number", '[{"id":"a","train":["1"]}]'], ["too large a number", '[{"id":"a","train":[1e200]}]']])(
    "refuses %s",
    async (_, stdin) => {
      const ran = await saldo(["forecast", "--series", "-"], { stdin });
      expect(ran).toMatchObject({ exitCode: 1, stdout: "" });
      expect(ran.stderr).toMatch(/^saldo: forecast\.series_unreadable: /);
    },
  );
});
