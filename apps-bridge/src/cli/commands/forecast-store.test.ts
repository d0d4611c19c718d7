import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { forecastReport2 } from "@saldo/schema";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { pastForecastSchema } from "../../bridge/contract/forecast.ts";
import { saldo } from "../testing.ts";

const answer = z.object({
  computedBy: z.literal("device"),
  report: forecastReport2,
  scenario: z.object({ name: z.string(), netMinor: z.int(), months: z.array(z.object({ componentsMinor: z.array(z.int()), netMinor: z.int() })) }),
});

const compared = z.object({ base: z.object({ profitMinor: z.int() }), scenarios: z.array(z.object({ scenario: z.object({ name: z.string() }), profitMinor: z.int(), profitChangeMinor: z.int(), leftOut: z.int() })) });

let store = "";
beforeAll(async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "saldo-forecast-"));
  store = path.join(folder, "books");
  const lines = Array.from({ length: 20 }, (_, index) => {
    const month = `${2024 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}`;
    const sales = 9_000 + ((index * 7_919) % 1_009);
    return [`${month}-03,Rent,Landlord,Rent,-2000.00`, `${month}-28,Sales,Shop,Sales,${sales}.50`, `${month}-28,Goods,Wholesale,Goods,-${sales - 4_000}.25`].join("\n");
  });
  const file = path.join(folder, "books.csv");
  writeFileSync(file, `date,description,counterparty,category,amount\n${lines.join("\n")}\n`);
  expect(await saldo(["import", file, "--store", store])).toMatchObject({ exitCode: 0 });
});

async function forecast(...more: readonly string[]) {
  const ran = await saldo(["forecast", "--store", store, "--horizon", "3", "--json", ...more]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  return answer.parse(JSON.parse(ran.stdout));
}

describe("forecast of a store", () => {
  it("has the categories of the books and the regular payments found in them", async () => {
    const { report } = await forecast();
    expect(report.points).toHaveLength(3);
    expect(report.components.map(({ name, id }) => name ?? id)).toEqual(expect.arrayContaining(["revenue", "Rent", "Goods"]));
    expect(report.known.map(({ name, amountMinor }) => `${name} ${amountMinor}`)).toContain("Landlord -200000");
  });

  it("orders its scenarios and adds a change to try", async () => {
    const [bad, usual, good] = [await forecast("--scenario", "pessimistic"), await forecast(), await forecast("--scenario", "optimistic")];
    expect(bad.scenario.netMinor).toBeLessThan(usual.scenario.netMinor);
    expect(good.scenario.netMinor).toBeGreaterThan(usual.scenario.netMinor);
    const month = usual.report.points[1]?.month ?? "";
    const changed = await forecast("--what-if", `one-off:-1000.00@${month}`, "--what-if", `hire:500x2@${month}`, "--what-if", "Rent:-50%");
    const rents = usual.report.components.find(({ name }) => name === "Rent")?.months.map(({ meanMinor }) => meanMinor) ?? [];
    const half = rents.reduce((sum, amount) => sum + amount - Math.round(amount / 2), 0);
    expect(changed.scenario.netMinor - usual.scenario.netMinor).toBe(half - 100_000 - 2 * 100_000);
  });

  it("tells what was expected after an earlier month beside what came since", async () => {
    const { report } = await forecast();
    const asOf = report.historyMonths.at(-4) ?? "";
    const told = await saldo(["forecast", "--store", store, "--past", asOf, "--json"]);
    const past = pastForecastSchema.shape.past.unwrap().parse(JSON.parse(told.stdout));
    expect([past.asOfMonth, past.madeAt, past.since.length]).toEqual([asOf, null, 3]);
    const history = report.components.find(({ id }) => id === "revenue")?.history ?? [];
    expect(past.since.map(({ revenue }) => revenue.actualMinor)).toEqual(history.slice(-3));
    for (const { net, revenue, expenses } of past.since) expect(net.expected.mean).toBe(revenue.expected.mean - expenses.expected.mean);
    expect((await saldo(["forecast", "--store", store, "--past", asOf])).stdout).toContain("100% − |actual − forecast| / |actual|");
    expect((await saldo(["forecast", "--store", store, "--past", "2001-01"])).exitCode).toBe(2);
  });

  it("keeps changes under names, compares them, renames and removes them and takes that back", async () => {
    const month = (await forecast()).report.points[1]?.month ?? "";
    const scenarios = async (...more: readonly string[]) => compared.parse(JSON.parse((await saldo(["scenarios", "--store", store, "--horizon", "3", "--json", ...more])).stdout));
    const saved = await scenarios("--save", "Вторая кофейня", "--what-if", `hire:500x2@${month}`, "--what-if", "Rent:+100%");
    expect(saved.scenarios).toMatchObject([{ scenario: { name: "Вторая кофейня" }, leftOut: 0 }]);
    const rents = (await forecast()).report.components.find(({ name }) => name === "Rent")?.months.reduce((sum, { meanMinor }) => sum + meanMinor, 0) ?? 0;
    expect(saved.scenarios[0]?.profitChangeMinor).toBe(-rents - 2 * 100_000);
    expect((await forecast("--saved", "вторая кофейня")).scenario.netMinor).toBe(saved.scenarios[0]?.profitMinor);
    expect((await scenarios("--save", "вторая кофейня", "--what-if", `one-off:-10@${month}`)).scenarios).toMatchObject([{ profitChangeMinor: -1_000 }]);
    expect((await scenarios("--rename", "Вторая кофейня", "--to", "Kiosk")).scenarios).toMatchObject([{ scenario: { name: "Kiosk" } }]);
    expect((await scenarios("--remove", "Kiosk")).scenarios).toEqual([]);
    expect((await scenarios("--undo")).scenarios).toMatchObject([{ scenario: { name: "Kiosk" }, profitChangeMinor: -1_000 }]);
    const told = await saldo(["scenarios", "--store", store, "--horizon", "3"]);
    for (const said of ["As it is", "Kiosk", `one-off:-10.00@${month}`]) expect(told.stdout).toContain(said);
    for (const wrong of [["forecast", "--saved", "none"], ["scenarios", "--remove", "none"]]) expect((await saldo([...wrong, "--store", store])).stderr).toContain("cli.scenario_missing");
  });

  it("is told as a table with the accuracy and what it means", async () => {
    const { stdout, exitCode } = await saldo(["forecast", "--store", store, "--scenario", "pessimistic"]);
    expect(exitCode).toBe(0);
    for (const said of ["pessimistic (10% quantile of profit)", "Driven by", "mean of |actual − forecast| / |actual|", "known payments"]) expect(stdout).toContain(said);
  });

  it.each([["--what-if", "Nothing:+5%"], ["--what-if", "one-off:5@1999-01"], ["--what-if", "revenue:-101%"], ["--what-if", "x"], ["--series", "-"]])("refuses %s %s", async (...wrong) => {
    const ran = await saldo(["forecast", "--store", store, ...wrong]);
    expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ran.stderr).toContain("cli.wrong_usage");
  });
});
