import { systemEnvironment } from "@saldo/client-core/books";
import { openStore } from "@saldo/client-core/store";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { monthOf } from "@saldo/schema";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createBridgeClient, type BridgeClient } from "../bridge/client.ts";
import type { DashboardView } from "../bridge/contract/dashboard.ts";
import { saldoMethods, type SaldoMethods } from "../bridge/contract/index.ts";
import { inProcessPorts } from "../bridge/ports/in-process.ts";
import { createBridgeServer } from "../bridge/server.ts";
import { createCore, type Core } from "./core.ts";
import { coreHandlers } from "./handlers.ts";
import { memorySetAside } from "./testing.ts";

/** A device that was signed in before and has no network now: everything below happens on it alone. */
const workspace = { id: "01a20668-0000-7000-8000-000000000001", name: "Северный кофе", currency: "RUB", locale: "ru" } as const;
const stored = { userId: "u1", email: "anna@example.com", sessionToken: null, workspace };

let core: Core;
let screen: BridgeClient<SaldoMethods>;

beforeEach(async () => {
  core = createCore({
    serverUrl: "http://localhost:1",
    fetch: () => Promise.reject(new TypeError("no network")),
    sessionKind: "cookie",
    sessionStore: { read: async () => stored, write: async () => undefined, clear: async () => undefined },
    environment: systemEnvironment(),
    random: () => 0.5,
    log: () => undefined,
    setAside: memorySetAside(),
    removeDatabase: async () => undefined,
    openDatabase: async () => openStore(openBetterSqlite3({ path: ":memory:" })),
  });
  await core.resume();
  const [near, far] = inProcessPorts();
  createBridgeServer(saldoMethods, coreHandlers(core), far);
  screen = createBridgeClient(saldoMethods, near);
});
afterEach(async () => {
  screen.close();
  await core.close();
});

const statement = [
  "Дата;Контрагент;Назначение;Категория;Приход;Расход",
  "05.09.2026;Эквайринг;Возмещение;Выручка;120 000,50;",
  "12.09.2026;ООО «Дом»;Аренда за сентябрь;Аренда;;40 000,00",
  "31.02.2026;ООО «Ошибка»;Нет такого дня;Аренда;;1,00",
  "03.10.2026;Эквайринг;Возмещение;Выручка;130 000,00;",
  "13.10.2026;ООО «Дом»;Аренда за октябрь;Аренда;;40 000,00",
  "20.10.2026;ООО «Молоко»;Молоко;Продукты;;25 500,10",
].join("\r\n");

const file = { fileName: "vypiska.csv", bytes: new TextEncoder().encode(statement) };

async function importStatement(): Promise<string> {
  const { previewId } = await screen.call("import.preview", file);
  return (await screen.call("import.commit", { previewId })).importId ?? "";
}

/** The first value of the live dashboard that satisfies. */
function dashboard(satisfies: (view: DashboardView) => boolean, params: { readonly period?: string } = {}): Promise<DashboardView> {
  return new Promise((resolve, reject) => {
    const stop = screen.watch("dashboard.watch", params, {
      next(view) {
        if (!satisfies(view)) return;
        resolve(view);
        queueMicrotask(() => stop());
      },
      failed: reject,
    });
  });
}

test("a preview says what it read, what it could not read and what it comes to, and keeps nothing", async () => {
  const preview = await screen.call("import.preview", file);
  expect(preview.counts).toMatchObject({ total: 6, new: 5, refused: 1, skipped: 0 });
  expect(preview.sums).toEqual([{ currency: "RUB", inMinor: 25_000_050, outMinor: 10_550_010 }]);
  expect(preview.refusedLines).toMatchObject([{ line: 4, raw: "31.02.2026;ООО «Ошибка»;Нет такого дня;Аренда;;1,00" }]);
  expect(preview.refusedLines[0]?.reason.ru).toMatch(/[а-я]/);
  expect([preview.dateFrom, preview.dateTo]).toEqual(["2026-09-05", "2026-10-20"]);
  expect((await dashboard(() => true)).kind).toBe("empty");
});

test("a file whose date is not found shows its rows as they are, so that a person can point at it", async () => {
  const { columns } = await screen.call("import.preview", file);
  const dates = columns.filter(({ role }) => role === "date").map(({ index }) => ({ index, role: "ignored" as const }));
  const preview = await screen.call("import.preview", { ...file, overrides: { roles: dates } });
  expect(preview).toMatchObject({ missing: ["date"], counts: { total: 0 } });
  expect(preview.rows.length).toBeGreaterThan(0);
  expect(preview.rows.every(({ state, read }) => state === "unread" && read === null)).toBe(true);
});

test("an imported statement becomes a dashboard whose every figure is the sum of its rows", async () => {
  await importStatement();
  const view = await dashboard(({ kind }) => kind === "report", { period: "2026-10" });
  if (view.kind !== "report") throw new Error("there is no report");
  const { report } = view;
  expect(report).toMatchObject({ currency: "RUB", revenue: { currentMinor: 13_000_000, previousMinor: 12_000_050 }, expenses: { currentMinor: 6_550_010 } });
  const { from, to } = report.period;
  for (const measure of ["revenue", "expenses", "profit"] as const) {
    const { totals } = await screen.call("transactions.list", { filter: { from, to, measure, currency: "RUB" }, cursor: null, limit: 10 });
    const net = (totals[0]?.inMinor ?? 0) - (totals[0]?.outMinor ?? 0);
    expect(measure === "expenses" ? -net : net).toBe(report[measure].currentMinor);
  }
  for (const { categoryId, amountMinor } of report.categoryBreakdown) {
    const { totals } = await screen.call("transactions.list", { filter: { from, to, measure: "expenses", categoryId }, cursor: null, limit: 10 });
    expect(totals[0]?.outMinor).toBe(amountMinor);
  }
  expect(view.months).toEqual({ first: "2026-09", last: monthOf(to) });
});

test("a new category, and the way back, show at once", async () => {
  await importStatement();
  const { categories } = await screen.call("categories.list", {});
  const food = categories.find(({ name }) => name === "Продукты");
  const rent = await screen.call("transactions.list", { filter: { search: "АРЕНДА за ОКТ" }, cursor: null, limit: 10 });
  expect(rent.totalCount).toBe(1);
  const [row] = rent.rows;
  if (row === undefined || food === undefined) throw new Error("the rows of the statement are not there");
  await screen.call("transactions.recategorise", { ids: [row.id], categoryId: food.id });
  const inFood = (): Promise<number> => screen.call("transactions.list", { filter: { categoryId: food.id }, cursor: null, limit: 10 }).then(({ totalCount }) => totalCount);
  expect(await inFood()).toBe(2);
  await screen.call("transactions.recategorise", { ids: [row.id], categoryId: row.categoryId });
  expect(await inFood()).toBe(1);
});

test("a category of one's own is there to choose; the same name again is the same category", async () => {
  const { category: milk } = await screen.call("category.create", { name: " Молоко ", kind: "expense" });
  expect(milk).toMatchObject({ name: "Молоко", kind: "expense" });
  expect((await screen.call("category.create", { name: "молоко", kind: "expense" })).category).toEqual(milk);
  expect((await screen.call("categories.list", {})).categories).toContainEqual(milk);
  await expect(screen.call("category.create", { name: "  ", kind: "expense" })).rejects.toMatchObject({ code: "bridge.invalid_message" });
});

test("a balance gives a runway, an import taken back leaves nothing, and the same file is noticed", async () => {
  const importId = await importStatement();
  expect((await screen.call("import.preview", file)).sameFile).toMatchObject({ importId });
  const { accounts } = await screen.call("accounts.list", {});
  const { undoId } = await screen.call("account.setBalance", { accountId: accounts[0]?.id ?? "", balanceMinor: 5_000_000, asOf: "2026-10-31" });
  const known = await dashboard((view) => view.kind === "report" && view.report.cash !== null);
  expect(known).toMatchObject({ report: { cash: { totalMinor: 5_000_000 } } });
  await screen.call("edits.undo", { id: undoId ?? "" });
  await dashboard((view) => view.kind === "report" && view.report.cash === null);
  await screen.call("import.undo", { importId });
  expect((await dashboard(({ kind }) => kind === "empty")).kind).toBe("empty");
  expect((await screen.call("import.history", {})).imports).toMatchObject([{ importId, state: "undone" }]);
});

test("a cancelled import keeps nothing", async () => {
  const { previewId } = await screen.call("import.preview", file);
  const abort = new AbortController();
  const commit = screen.call("import.commit", { previewId }, { signal: abort.signal });
  abort.abort();
  await expect(commit).rejects.toMatchObject({ code: "bridge.cancelled" });
  expect((await dashboard(() => true)).kind).toBe("empty");
});

test("who is signed out gets no data", async () => {
  await screen.call("session.signOut", { discardUnsent: 0 });
  await expect(screen.call("accounts.list", {})).rejects.toMatchObject({ code: "auth.required" });
});

