import { systemEnvironment } from "@saldo/client-core/books";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { BridgeClient } from "../../bridge/client.ts";
import type { SaldoMethods } from "../../bridge/contract/index.ts";
import type { Core } from "../../core/core.ts";
import { resumedCore, screenOf } from "../../core/testing.ts";
import { sampleStatement } from "./sample-statement.ts";

const today = "2026-11-27";
let core: Core;
let screen: BridgeClient<SaldoMethods>;

beforeEach(async () => {
  core = await resumedCore({ ...systemEnvironment(), nowMs: () => Date.parse(`${today}T10:00:00.000Z`) });
  screen = screenOf(core);
});
afterEach(async () => {
  screen.close();
  await core.close();
});

test.each([
  ["en", "GBP"],
  ["ru", "RUB"],
  ["en", "JPY"],
] as const)("the sample in %s and %s is read without a question, and its balances agree", async (locale, currency) => {
  const bytes = new TextEncoder().encode(sampleStatement({ today, locale, currency }));
  const preview = await screen.call("import.preview", { fileName: "sample.csv", bytes });
  expect(preview).toMatchObject({ questions: [], refusedLines: [], sums: [{ currency }] });
  expect(preview.statements.map(({ differenceMinor }) => differenceMinor)).toEqual([0, 0]);
  expect(preview.statements.every(({ closingMinor }) => (closingMinor ?? 0) > 0)).toBe(true);
});

test("the sample shows what Saldo finds: an invoice paid twice, own transfers, and advice", async () => {
  const bytes = new TextEncoder().encode(sampleStatement({ today, locale: "en", currency: "GBP" }));
  const { previewId } = await screen.call("import.preview", { fileName: "sample.csv", bytes });
  expect(await screen.call("import.commit", { previewId })).toMatchObject({ rowsLeftOut: 0, transfersLinked: 28 });
  const kinds = await new Promise<string[]>((resolve, reject) => {
    const stop = screen.watch("findings.watch", {}, { next: ({ open }) => open.length > 0 && (stop(), resolve(open.map(({ finding }) => finding.kind))), failed: reject });
  });
  expect(kinds).toContain("duplicate_near");
  const codes = await new Promise<string[]>((resolve, reject) => {
    const stop = screen.watch("recommendations.watch", {}, { next: ({ open }) => open.length > 0 && (stop(), resolve(open.map(({ item }) => item.code))), failed: reject });
  });
  expect(codes.length).toBeGreaterThan(0);
});
