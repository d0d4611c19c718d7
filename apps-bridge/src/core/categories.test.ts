import { chartCategoryId } from "@saldo/schema";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { BridgeClient } from "../bridge/client.ts";
import type { SaldoMethods } from "../bridge/contract/index.ts";
import type { Core } from "./core.ts";
import { resumedCore, screenOf } from "./testing.ts";

const statement = `Дата;Контрагент;Назначение;Сумма
02.01.2026;ООО «Дом»;Аренда офиса за январь;-50000,00
03.01.2026;Кофе Опт;Поставка 1;-12000,00
04.01.2026;Кофе Опт;Поставка 2;-13000,00
05.01.2026;Яндекс.Такси;Поездка;-700,00
`;
const rent = chartCategoryId("rent", "ru");
const goods = chartCategoryId("goods", "ru");
const vehicles = chartCategoryId("vehicles", "ru");
let core: Core;
let screen: BridgeClient<SaldoMethods>;

beforeEach(async () => {
  core = await resumedCore();
  const { books } = core.opened();
  await books.record("category.addChart", { locale: "ru", createdAt: books.nowInstant() });
  screen = screenOf(core);
});
afterEach(async () => {
  screen.close();
  await core.close();
});

async function importText(text: string): Promise<void> {
  const { previewId } = await screen.call("import.preview", { fileName: "f.csv", bytes: new TextEncoder().encode(text) });
  await screen.call("import.commit", { previewId });
}

test("what is undecided is listed with suggestions, accepted together, and taken back together; the next file is given what was accepted", async () => {
  await importText(statement);
  const { groups, rowsTotal } = await screen.call("review.list", {});
  expect(rowsTotal).toBe(4);
  expect(groups.map(({ name, ids }) => [name, ids.length])).toEqual([["Кофе Опт", 2], ["ООО «Дом»", 1], ["Яндекс.Такси", 1]]);
  expect(groups[1]?.suggestion).toMatchObject({ categoryId: rent, why: { by: "known", told: "word" } });
  const [coffee, house] = groups;
  const { undoId } = await screen.call("review.accept", { choices: [{ ids: coffee?.ids ?? [], categoryId: goods }, { ids: house?.ids ?? [], categoryId: rent }] });
  expect((await screen.call("review.list", {})).rowsTotal).toBe(1);
  await screen.call("edits.undo", { id: undoId ?? "" });
  expect((await screen.call("review.list", {})).rowsTotal).toBe(4);
  await screen.call("edits.redo", {});
  await importText("Дата;Контрагент;Назначение;Сумма\n02.02.2026;Кофе Опт;Поставка 3;-11000,00\n");
  expect((await screen.call("review.list", {})).rowsTotal).toBe(1);
  expect((await screen.call("transactions.list", { filter: { categoryId: goods }, cursor: null, limit: 10 })).totalCount).toBe(3);
});

test("the chart is a tree that can be added to, renamed, moved and merged, each step taken back", async () => {
  await importText(statement);
  const chart = async () => (await screen.call("chart.list", {})).categories;
  const before = await chart();
  expect(before.findIndex(({ id }) => id === rent)).toBeGreaterThan(before.findIndex(({ name }) => name === "Помещения"));
  await screen.call("chart.add", { name: "Склад", kind: "expense", parentId: chartCategoryId("premises", "ru") });
  const stock = (await chart()).find(({ name }) => name === "Склад")?.id ?? "";
  await screen.call("chart.rename", { categoryId: stock, name: "Аренда склада" });
  await screen.call("chart.move", { categoryId: stock, parentId: rent });
  expect((await chart()).find(({ id }) => id === stock)).toMatchObject({ name: "Аренда склада", parentId: rent, rows: 0 });
  const { groups } = await screen.call("review.list", {});
  await screen.call("review.accept", { choices: [{ ids: groups[0]?.ids ?? [], categoryId: stock }] });
  const { undoId } = await screen.call("chart.merge", { categoryId: stock, intoId: rent });
  expect((await chart()).filter(({ id }) => id === stock || id === rent)).toMatchObject([{ id: rent, rows: 2 }]);
  await screen.call("edits.undo", { id: undoId ?? "" });
  expect((await chart()).find(({ id }) => id === stock)).toMatchObject({ rows: 2 });
});

test("a rule tells what it would change, is applied to past rows and to the next file, and the rows are taken back", async () => {
  await importText(statement);
  const rule = { conditions: [{ field: "counterparty" as const, op: "contains" as const, text: "ТАКСИ" }], categoryId: vehicles };
  expect(await screen.call("rules.preview", rule)).toEqual({ rows: 1, byPerson: 0, there: 0 });
  const { undoId, rows } = await screen.call("rules.add", { ...rule, toPastRows: true });
  expect(rows).toBe(1);
  expect((await screen.call("rules.list", {})).rules).toMatchObject([{ categoryId: vehicles, enabled: true }]);
  await screen.call("edits.undo", { id: undoId ?? "" });
  expect(await screen.call("rules.preview", rule)).toEqual({ rows: 1, byPerson: 0, there: 0 });
  await importText("Дата;Контрагент;Назначение;Сумма\n02.02.2026;Такси Север;Поездка;-300,00\n");
  expect((await screen.call("transactions.list", { filter: { categoryId: vehicles }, cursor: null, limit: 10 })).totalCount).toBe(1);
  const [{ id } = { id: "" }] = (await screen.call("rules.list", {})).rules;
  await screen.call("rules.remove", { ruleId: id });
  expect((await screen.call("rules.list", {})).rules).toEqual([]);
});

test("a split payment shows its parts in its place, and comes together again", async () => {
  await importText(statement);
  const { rows } = await screen.call("transactions.list", { filter: { search: "аренда" }, cursor: null, limit: 10 });
  const id = rows[0]?.id ?? "";
  const part = (amountMinor: number, categoryId: string | null) => ({ amountMinor, categoryId, note: null });
  await expect(screen.call("transactions.split", { id, parts: [part(-1, null), part(-2, null)] })).rejects.toMatchObject({ code: "mutation.parts_differ" });
  await screen.call("transactions.split", { id, parts: [part(-4_000_000, rent), part(-1_000_000, goods)] });
  const split = await screen.call("transactions.list", { filter: { search: "аренда" }, cursor: null, limit: 10 });
  expect(split).toMatchObject({ totalCount: 2, totals: [{ outMinor: 5_000_000 }] });
  await screen.call("transactions.split", { id, parts: [] });
  expect((await screen.call("transactions.list", { filter: { search: "аренда" }, cursor: null, limit: 10 })).rows).toEqual(rows);
});
