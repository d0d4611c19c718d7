import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { saldo } from "../testing.ts";

let folder: string;
let store: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "saldo-cloud-"));
  store = join(folder, "books");
  const file = join(folder, "small.csv");
  await writeFile(file, "Date,Counterparty,Amount\n2026-09-05,House,-400.00\n2026-09-06,Client,900.00\n");
  await saldo(["import", file, "--store", store]);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const cloud = (...parameters: string[]) => saldo(["cloud", ...parameters, "--store", store]);

it("keeps requests in the books, and stops them and asks again", async () => {
  expect((await cloud("list")).stdout).toBe("Nothing was asked of the cloud yet.\n");
  const { jobId }: { jobId: string } = JSON.parse((await cloud("analyze", "--json")).stdout);
  expect((await cloud("list")).stdout).toMatch(new RegExp(`^${jobId} +analysis +waits `));
  expect((await cloud("stop", jobId)).stdout).toContain("Stopped");
  expect((await cloud("show", jobId)).stdout).toBe("analysis: stopped\n");
  expect((await cloud("retry", jobId, "--locale", "ru")).stdout).toContain("Запрошено");
  expect(JSON.parse((await cloud("list", "--json")).stdout)).toMatchObject([{ jobId, kind: "analyze_report", status: "requested", attempt: 2 }]);
  expect((await cloud("forecast", "--horizon", "99")).exitCode).toBe(2);
  expect(await cloud("stop", "none")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("cli.job_missing") });
});

it("tells names to AI providers only when somebody says so", async () => {
  expect(JSON.parse((await cloud("names", "--json")).stdout)).toEqual({ aiNames: false });
  expect((await cloud("names", "on")).stdout).toBe("AI providers may see names of counterparties and texts of rows.\n");
  expect(JSON.parse((await cloud("names", "--json")).stdout)).toEqual({ aiNames: true });
});
