import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { saldo } from "../testing.ts";

let folder: string;
let file: string;

/** A year of four suppliers, one of whom was paid twice on a day. */
const statement = ["date,description,counterparty,amount"]
  .concat(
    Array.from({ length: 48 }, (_, week) => {
      const day = `2026-${String(1 + Math.floor(week / 4)).padStart(2, "0")}-${String(2 + 7 * (week % 4)).padStart(2, "0")}`;
      return `${day},Goods,${["Harbour", "Millway", "Corner", "Station"][(week * 7) % 4]},-${300 + 13 * ((week * 5) % 17)}.${10 + week}`;
    }),
    ["2026-06-17,Goods,Millway,-871.35", "2026-06-17,Goods,Millway,-871.35"],
  )
  .join("\n");

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "saldo-findings-"));
  file = path.join(folder, "statement.csv");
  writeFileSync(file, statement);
  await saldo(["import", file, "--store", path.join(folder, "books"), "--currency", "GBP"]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const told = z.object({ rows: z.number(), quality: z.record(z.string(), z.number().nullable()).optional(), findings: z.array(z.object({ kind: z.string(), score: z.number() }).loose()) });

it("saldo findings tells those of a file and of the books, these with how good they were", async () => {
  const ofFile = told.parse(JSON.parse((await saldo(["findings", file, "--json"])).stdout));
  const ofStore = told.parse(JSON.parse((await saldo(["findings", "--store", path.join(folder, "books"), "--json"])).stdout));
  expect(ofFile).toMatchObject({ rows: 50, findings: expect.arrayContaining([expect.objectContaining({ kind: "duplicate_exact", lines: [50, 51] })]) });
  expect(ofStore).toMatchObject({ rows: 50, quality: { accuracy: null, precision: null, recall: null, f1Score: null, falsePositiveRate: null } });
  expect(ofStore.findings.map(({ kind }) => kind)).toContain("duplicate_exact");
  expect((await saldo(["findings", "--store", path.join(folder, "books")])).stdout).toMatch(/^50 rows, \d+ findings?\n/);
});

it("saldo findings wants a file or the books", async () => {
  expect((await saldo(["findings"])).stderr).toMatch(/^saldo: cli\.wrong_usage: /);
});
