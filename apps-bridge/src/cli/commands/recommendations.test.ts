import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { recommendationsReport } from "@saldo/schema";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { saldo } from "../testing.ts";

let folder: string;
let store: string;

/** Ten months with a rent that went up by a fifth in July. */
const statement = ["date,description,counterparty,category,amount"]
  .concat(
    Array.from({ length: 10 }, (_, index) => `2026-${String(index + 1).padStart(2, "0")}`).flatMap((month, index) => [
      `${month}-05,Office,Dockside,Rent,${index < 6 ? "-1000.00" : "-1200.00"}`,
      ...["Harbour", "Millway", "Corner", "Station"].map((client, place) => `${month}-${10 + place},Supply,${client},Sales,${1500 + 10 * ((index * 7 + place * 3) % 9)}.00`),
      ...["Beans", "Milk", "Cups"].map((vendor, place) => `${month}-${20 + place},Goods,${vendor},Supplies,-${600 + 10 * ((index * 5 + place * 4) % 9)}.00`),
      `${month}-28,Wages,Clarke,Salaries,-900.00`,
    ]),
  )
  .join("\n");

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "saldo-advice-"));
  store = path.join(folder, "books");
  const file = path.join(folder, "statement.csv");
  writeFileSync(file, statement);
  await saldo(["import", file, "--store", store, "--currency", "GBP"]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("saldo report recommendations says what to do in both languages", async () => {
  const english = await saldo(["report", "recommendations", "--store", store]);
  expect(english).toMatchObject({ exitCode: 0, stderr: "" });
  expect(english.stdout).toContain("Bargain with Dockside or find another offer\n  £200 a month (£100 – £200)\n  The price went up by 20% on 5 July 2026: £1,200 and not £1,000 a month.");
  expect(english.stdout).toContain("Cash in the months ahead: needs more months");
  const russian = await saldo(["report", "recommendations", "--store", store, "--locale", "ru"]);
  expect(russian.stdout).toContain("Поторговаться или найти другое предложение: Dockside\n  200\u00a0£ в месяц");
});

it("its JSON is the report and how each advice stands; a month before the rise knows nothing of it", async () => {
  const answer = z.object({ report: recommendationsReport, standing: z.array(z.object({ status: z.string() })) });
  const json = async (...more: readonly string[]) => answer.parse(JSON.parse((await saldo(["report", "recommendations", "--store", store, "--json", ...more])).stdout));
  const now = await json();
  expect(now.report.items).toMatchObject([{ code: "renegotiate_vendor", effect: { per: "month", amountMinor: 20_000, lowMinor: 10_000, highMinor: 20_000 } }]);
  expect(now.standing).toMatchObject([{ status: "open" }]);
  expect((await json("--period", "2026-06")).report.items).toEqual([]);
});
