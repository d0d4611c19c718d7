import { PGlite } from "@electric-sql/pglite";
import { systemEnvironment } from "@saldo/client-core/books";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { openPglite } from "@saldo/client-core/store/pglite";
import { expect, test } from "vitest";
import type { PastForecastView } from "../bridge/contract/forecast.ts";
import { resumedCore, screenOf } from "./testing.ts";

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
  ["PGlite", async () => openPglite(await PGlite.create())],
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
