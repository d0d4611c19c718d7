import { systemEnvironment } from "@saldo/client-core/books";
import { forecastAtOnce, readBusiness, requestAsOf } from "@saldo/client-core/forecast";
import { insertTableRows } from "@saldo/client-core/store";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { openPglite } from "@saldo/client-core/store/pglite";
import type { ForecastReport, Row } from "@saldo/schema";
import { expect, test } from "vitest";
import { z } from "zod";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import type { PastForecastView } from "../bridge/contract/forecast.ts";
import { resumedCore, screenOf, testWorkspace } from "./testing.ts";

/** What each database answered: the same. */
const pasts: PastForecastView["past"][] = [];

/** Fourteen months of sales, rent and goods. */
function statement(): Uint8Array<ArrayBuffer> {
  const lines = Array.from({ length: 14 }, (_, index) => {
    const month = `${2025 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}`;
    const sales = 9_000 + ((index * 7_919) % 1_009);
    return `${month}-03,Rent,Landlord,Rent,-2000.00\n${month}-28,Sales,Shop,Sales,${sales}.50\n${month}-28,Goods,Wholesale,Goods,-${sales - 4_000}.25`;
  });
  return new TextEncoder().encode(`date,description,counterparty,category,amount\n${lines.join("\n")}\n`);
}

test.each([
  ["SQLite", async () => openBetterSqlite3({ path: ":memory:" })],
  ["PGlite", async () => openPglite(await emptyPglite())],
])("scenarios are saved, changed, removed and taken back, and an earlier forecast is compared with what came: %s", async (_name, open) => {
  const core = await resumedCore({ ...systemEnvironment(), nowMs: () => Date.parse("2026-03-03T10:00:00.000Z") }, open);
  const screen = screenOf(core);
  const { previewId } = await screen.call("import.preview", { fileName: "books.csv", bytes: statement() });
  await screen.call("import.commit", { previewId });
  const saved = () =>
    new Promise((resolve, reject) => {
      const stop = screen.watch("scenarios.watch", {}, { next: ({ scenarios }) => (stop(), resolve(scenarios.map(({ name, changes }) => [name, changes]))), failed: reject });
    });
  const loss = [{ kind: "percent" as const, componentId: "revenue", percent: -10 }];
  const { id } = await screen.call("scenarios.add", { name: "Вторая кофейня", currency: "RUB", changes: loss });
  await screen.call("scenarios.change", { id, name: "Kiosk" });
  expect(await saved()).toEqual([["Kiosk", loss]]);
  const { undoId } = await screen.call("scenarios.remove", { id });
  expect(await saved()).toEqual([]);
  await screen.call("edits.undo", { id: undoId ?? "" });
  expect(await saved()).toEqual([["Kiosk", loss]]);

  const { origins, past } = await screen.call("forecast.past", {});
  expect([origins.length, past?.asOfMonth, past?.since.length]).toEqual([8, "2025-08", 6]);
  // What came of each month is what its transactions add up to.
  for (const { month, net } of past?.since ?? []) {
    const { totals } = await screen.call("transactions.list", { filter: { from: `${month}-01`, to: `${month}-28` }, cursor: null, limit: 1 });
    expect((totals[0]?.inMinor ?? 0) - (totals[0]?.outMinor ?? 0)).toBe(net.actualMinor);
  }
  for (const other of pasts) expect(past).toEqual(other);
  pasts.push(past);
  screen.close();
  await core.close();
});

test("a forecast the cloud made at the time is the past forecast; one made later, or of another currency, is none", async () => {
  const core = await resumedCore({ ...systemEnvironment(), nowMs: () => Date.parse("2026-03-03T10:00:00.000Z") });
  const screen = screenOf(core);
  const { previewId } = await screen.call("import.preview", { fileName: "books.csv", bytes: statement() });
  await screen.call("import.commit", { previewId });
  const { books } = core.opened();
  const request = { workspaceId: testWorkspace.id, today: books.today(), horizonMonths: 6 };
  const then = forecastAtOnce(requestAsOf(await books.database.snapshot((reader) => readBusiness(reader, request)), "2025-08"));
  if (then.outcome !== "ok" || then.version !== 2) throw new Error(then.outcome);
  // The cloud was more hopeful than the device is.
  const hopeful = { ...then, points: then.points.map((point) => ({ ...point, revenue: { ...point.revenue, mean: point.revenue.mean + 100_000 } })) };
  const stored = (id: string, computedAt: string, report: ForecastReport): Row<"report_result"> => ({
    id, workspaceId: testWorkspace.id, reportId: null, jobId: "j", kind: "forecast", version: 2, computedBy: "cloud", computedAt, result: z.json().parse(report),
  });
  const keep = (row: Row<"report_result">) => books.database.transaction((transaction) => insertTableRows(transaction, "report_result", [row], "fail"));
  await keep(stored("later", "2025-11-02T08:00:00.000Z", hopeful));
  await keep(stored("other", "2025-09-03T08:00:00.000Z", { ...hopeful, currency: "EUR" }));
  const made = await screen.call("forecast.past", { asOfMonth: "2025-08" });
  expect(made.past?.madeAt).toBeNull();
  await keep(stored("then", "2025-09-02T08:00:00.000Z", hopeful));
  const kept = await screen.call("forecast.past", { asOfMonth: "2025-08" });
  expect(kept.past?.madeAt).toBe("2025-09-02T08:00:00.000Z");
  const months = made.past?.since ?? [];
  expect(kept.past?.since.map(({ month, revenue }) => [month, revenue.actualMinor, revenue.expected.mean])).toEqual(months.map(({ month, revenue }) => [month, revenue.actualMinor, revenue.expected.mean + 100_000]));
  expect((await screen.call("forecast.past", { asOfMonth: "2025-09" })).past?.madeAt).toBeNull();
  screen.close();
  await core.close();
});
