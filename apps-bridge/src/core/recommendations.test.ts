import { systemEnvironment } from "@saldo/client-core/books";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { BridgeClient } from "../bridge/client.ts";
import type { SaldoMethods } from "../bridge/contract/index.ts";
import type { RecommendationsView } from "../bridge/contract/recommendations.ts";
import type { Core } from "./core.ts";
import { resumedCore, screenOf } from "./testing.ts";

let core: Core;
let screen: BridgeClient<SaldoMethods>;

beforeEach(async () => {
  core = await resumedCore({ ...systemEnvironment(), nowMs: () => Date.parse("2026-11-03T10:00:00.000Z") });
  screen = screenOf(core);
});
afterEach(async () => {
  screen.close();
  await core.close();
});

/** A year of sales to many, and a rent that went up by a fifth in August. */
function statement(): Uint8Array<ArrayBuffer> {
  const lines = ["Дата;Контрагент;Назначение;Категория;Приход;Расход"];
  for (let index = 0; index < 12; index++) {
    const month = `${String(((index + 10) % 12) + 1).padStart(2, "0")}.${index < 2 ? 2025 : 2026}`;
    for (const client of ["Гранит", "Вектор", "Маяк", "Полюс"]) lines.push(`0${1 + (client.length % 7)}.${month};ООО «${client}»;Оплата услуг;Продажи;${50_000 + ((index * 7_919 + client.length * 1_234) % 5_000)},00;`);
    lines.push(`05.${month};ООО «Двор»;Аренда;Аренда;;${index < 9 ? 30_000 : 36_000},00`);
    for (const vendor of ["Молоко", "Бумага", "Сети"]) lines.push(`28.${month};ООО «${vendor}»;Закупка;Материалы;;${20_000 + ((index * 5_557 + vendor.length * 999) % 3_000)},00`);
  }
  return new TextEncoder().encode(lines.join("\r\n"));
}

/** The next view that fits. */
function viewThat(fits: (view: RecommendationsView) => boolean): Promise<RecommendationsView> {
  return new Promise((resolve, reject) => {
    const stop = screen.watch("recommendations.watch", {}, { next: (view) => fits(view) && (stop(), resolve(view)), failed: reject });
  });
}

test("advice leaves the open ones with a decision, sleeps as long as it is told, and undo brings it back", async () => {
  const empty = await viewThat(() => true);
  expect(empty.report.dataThrough).toBeNull();
  const { previewId } = await screen.call("import.preview", { fileName: "vypiska.csv", bytes: statement() });
  await screen.call("import.commit", { previewId });
  const view = await viewThat(({ open }) => open.length > 0);
  expect(view.open.map(({ item }) => item.code)).toEqual(["renegotiate_vendor"]);
  const [rent] = view.open;
  if (rent === undefined) throw new Error("no advice");
  expect(rent.item.effect).toMatchObject({ kind: "saves", per: "month", amountMinor: 600_000 });

  const { undoId } = await screen.call("recommendations.decide", { item: rent.item, currency: rent.currency, decision: { status: "done" } });
  expect((await viewThat(({ open }) => open.length === 0)).decided).toMatchObject([{ status: "done", measured: null }]);
  await screen.call("edits.undo", { id: undoId ?? "" });
  expect((await viewThat(({ open }) => open.length === 1)).decided).toEqual([]);

  const { snoozedUntil } = await screen.call("recommendations.decide", { item: rent.item, currency: rent.currency, decision: { status: "snoozed", days: 7 } });
  expect(snoozedUntil).toBe("2026-11-10T10:00:00.000Z");
  expect((await viewThat(({ open }) => open.length === 0)).decided).toMatchObject([{ status: "snoozed", snoozedUntil }]);
});

test("the rows of a figure are listed and add up to it", async () => {
  const { previewId } = await screen.call("import.preview", { fileName: "vypiska.csv", bytes: statement() });
  await screen.call("import.commit", { previewId });
  const { open } = await viewThat((view) => view.open.length > 0);
  for (const { rows } of open.flatMap(({ item }) => item.figures)) {
    if (rows === null) continue;
    const { from, to, direction, ids } = rows;
    const list = await screen.call("transactions.list", { filter: { from, to, ...(direction === undefined ? {} : { direction }), ...(ids === undefined ? {} : { ids }) }, cursor: null, limit: 50 });
    expect(list.totalCount).toBe(rows.count);
    expect(Math.abs((list.totals[0]?.inMinor ?? 0) - (list.totals[0]?.outMinor ?? 0))).toBe(rows.totalMinor);
  }
});
