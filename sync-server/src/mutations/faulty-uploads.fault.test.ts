import { expect, it } from "vitest";
import { occurrencesOf } from "../../../deploy/testing/planted-bug.ts";
import { bundleRelay } from "../testing/relay-process.ts";
import { balancesAdd, runFaultyUploads } from "./testing/faulty-uploads.ts";
import { mutants } from "./testing/mutants.ts";
import { onUploadGround, randomOf } from "./testing/upload-ground.ts";

const seedsOfRun = process.env["SALDO_TEST_DEEP"] === "1" ? 60 : 3;

it("uploads are applied once and in order, whatever is cut, damaged, doubled, early, lost or killed", { timeout: 600_000 }, async () => {
  const program = await bundleRelay("faulty-uploads", balancesAdd);
  await onUploadGround(program, async (ground) => {
    for (let seed = 1; seed <= seedsOfRun; seed++) await runFaultyUploads(ground, randomOf(seed)).catch((cause: unknown) => Promise.reject(new Error(`seed ${seed}`, { cause })));
  });
});

it("every planted bug's line is there, once", async () => {
  for (const { bugs } of mutants) for (const bug of [balancesAdd, ...bugs]) expect(await occurrencesOf(bug), bug.line).toBe(1);
});
