import { chartCategoryId } from "@saldo/schema";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { BridgeClient } from "../bridge/client.ts";
import type { SaldoMethods } from "../bridge/contract/index.ts";
import type { DetailView } from "../bridge/contract/detail.ts";
import type { Core } from "./core.ts";
import { resumedCore, screenOf } from "./testing.ts";

const statement = `Дата;Контрагент;Назначение;Сумма;Валюта
02.01.2026;ООО «Дом»;Аренда и уборка;-50000,00;RUB
03.01.2026;Кофе Опт;Поставка;-12000,00;RUB
05.01.2026;Berlin Cafe;Invoice 7;100,00;EUR
06.01.2026;ООО «Гость»;Оплата;9000,00;RUB
`;
const [rent, utilities] = [chartCategoryId("rent", "ru"), chartCategoryId("utilities", "ru")];
let core: Core;
let screen: BridgeClient<SaldoMethods>;

beforeEach(async () => {
  core = await resumedCore();
  const { books } = core.opened();
  await books.record("category.addChart", { locale: "ru", createdAt: books.nowInstant() });
  screen = screenOf(core);
  const { previewId } = await screen.call("import.preview", { fileName: "f.csv", bytes: new TextEncoder().encode(statement) });
  await screen.call("import.commit", { previewId });
});
afterEach(async () => {
  screen.close();
  await core.close();
});

/** The detail report of January once it is as wanted. */
function detail(isWanted: (view: Extract<DetailView, { kind: "report" }>) => boolean): Promise<Extract<DetailView, { kind: "report" }>> {
  return new Promise((resolve, reject) => {
    const stop = screen.watch("detail.watch", { period: "2026-01" }, {
      next(view) {
        if (view.kind !== "report" || !isWanted(view)) return;
        resolve(view);
        queueMicrotask(() => stop());
      },
      failed: reject,
    });
  });
}

test("a payment is split over categories, each part counts in its own, and the split is taken back", async () => {
  const listed = async () => (await screen.call("transactions.list", { filter: { direction: "out" }, cursor: null, limit: 10 })).rows;
  const whole = (await listed()).find(({ amountMinor }) => amountMinor === -5_000_000);
  const id = whole?.id ?? "";
  expect(await screen.call("transactions.parts", { id })).toMatchObject({ whole: { id, parentId: null }, parts: [] });
  await expect(screen.call("transactions.split", { id, parts: [{ amountMinor: -4_000_000, categoryId: rent, note: null }, { amountMinor: -1, categoryId: null, note: null }] })).rejects.toMatchObject({ code: "mutation.parts_differ" });
  const { undoId } = await screen.call("transactions.split", { id, parts: [{ amountMinor: -4_000_000, categoryId: rent, note: null }, { amountMinor: -1_000_000, categoryId: utilities, note: "уборка" }] });
  const parts = (await listed()).filter(({ parentId }) => parentId === id);
  expect(parts.map(({ amountMinor, categoryId }) => [amountMinor, categoryId]).toSorted()).toEqual([[-1_000_000, utilities], [-4_000_000, rent]]);
  expect(await screen.call("transactions.parts", { id: parts[0]?.id ?? "" })).toMatchObject({ whole: { id }, parts: [{}, {}] });
  const { report } = await detail(({ report: { categories } }) => categories.some(({ categoryId }) => categoryId === utilities));
  expect(report.categories.find(({ categoryId }) => categoryId === rent)?.figures.currentMinor).toBe(4_000_000);
  expect(report.profitAndLoss.expenses.figures.currentMinor).toBe(6_200_000);
  await screen.call("edits.undo", { id: undoId ?? "" });
  expect((await listed()).map(({ amountMinor, parentId }) => [amountMinor, parentId])).toEqual([[-1_200_000, null], [-5_000_000, null]]);
});

test("a rate that is missing is said, entered, used with its date and source, and taken back", async () => {
  const missing = await detail(() => true);
  expect(missing).toMatchObject({ workspaceCurrency: "RUB", report: { combined: null } });
  expect(missing.report.currencies.find(({ currency }) => currency === "EUR")).toMatchObject({ converted: null, monthsWithoutRate: ["2026-01"] });
  const { undoId } = await screen.call("rates.set", { base: "EUR", quote: "RUB", onDate: "2026-01-01", rate: "90.5", source: "ЦБ" });
  const { report } = await detail(({ report: { combined } }) => combined !== null);
  expect(report.combined).toEqual({ currency: "RUB", revenueMinor: 900_000 + 905_000, expensesMinor: 6_200_000 });
  expect(report.currencies.find(({ currency }) => currency === "EUR")?.rates).toEqual([{ month: "2026-01", base: "EUR", quote: "RUB", rate: "90.5", onDate: "2026-01-01", source: "ЦБ" }]);
  await screen.call("edits.undo", { id: undoId ?? "" });
  expect((await detail(({ report: { combined } }) => combined === null)).report.combined).toBeNull();
});
