import { afterEach, beforeEach, expect, test } from "vitest";
import type { BridgeClient } from "../bridge/client.ts";
import type { SaldoMethods } from "../bridge/contract/index.ts";
import type { Core } from "./core.ts";
import { resumedCore, screenOf } from "./testing.ts";

let core: Core;
let screen: BridgeClient<SaldoMethods>;

beforeEach(async () => {
  core = await resumedCore();
  screen = screenOf(core);
});
afterEach(async () => {
  screen.close();
  await core.close();
});

function file(fileName: string, lines: readonly string[]) {
  return { fileName, bytes: new TextEncoder().encode(["Дата;Счёт;Контрагент;Назначение;Сумма", ...lines].join("\r\n")) };
}

async function add(given: ReturnType<typeof file>): Promise<void> {
  const { previewId } = await screen.call("import.preview", given);
  await screen.call("import.commit", { previewId });
}

async function rowsOf(text: string) {
  const { rows } = await screen.call("transactions.list", { filter: { search: text }, cursor: null, limit: 10 });
  return rows.map(({ id, kind, transferId }) => ({ id, kind, transferId }));
}

test("rows of a group beyond those of the preview come page by page, and whole groups are decided about", async () => {
  const lines = Array.from({ length: 230 }, (_, at) => `${String(1 + (at % 28)).padStart(2, "0")}.09.2026;Основной;Лавка;покупка ${at};-${at + 1},00`);
  await add(file("a.csv", lines));
  const again = file("b.csv", [...lines, "29.09.2026;Основной;Лавка;новая;-999,00"]);
  const preview = await screen.call("import.preview", again);
  expect(preview.counts).toMatchObject({ there: 230, new: 1 });
  expect(preview.there).toHaveLength(200);
  const { rows } = await screen.call("import.rows", { previewId: preview.previewId, group: "there", offset: 200 });
  expect([rows.length, rows[0]?.index, rows.at(-1)?.twin?.description]).toEqual([30, 200, "покупка 229"]);
  expect((await screen.call("import.rows", { previewId: preview.previewId, group: "new", offset: 0 })).rows).toMatchObject([{ index: 230, twin: null }]);
  const done = await screen.call("import.commit", { previewId: preview.previewId, decisions: { there: "add", rows: [{ index: 0, choice: "skip" }, { index: 230, choice: "skip" }] } });
  expect(done).toMatchObject({ rowsAdded: 229 });
  await expect(screen.call("import.rows", { previewId: preview.previewId, group: "new", offset: 0 })).rejects.toMatchObject({ code: "bridge.preview_gone" });
});

test("two rows are linked as a transfer by hand, unlinked by saying what they are, and the link is taken back", async () => {
  await add(file("two.csv", ["05.09.2026;Основной;Разное;alpha;-700,00", "25.09.2026;Сбережения;Разное;beta;700,00", "26.09.2026;Сбережения;Разное;gamma;-5,00", "27.09.2026;Основной;Разное;delta;-6,00"]));
  const [[one], [other], [third]] = [await rowsOf("alpha"), await rowsOf("beta"), await rowsOf("gamma")];
  expect([one?.transferId, other?.transferId]).toEqual([null, null]);
  await expect(screen.call("transactions.linkTransfer", { ids: [one?.id ?? "", third?.id ?? ""] })).rejects.toMatchObject({ code: "mutation.not_a_transfer" });
  const { undoId } = await screen.call("transactions.linkTransfer", { ids: [one?.id ?? "", other?.id ?? ""] });
  expect([await rowsOf("alpha"), await rowsOf("beta")]).toMatchObject([[{ kind: "transfer", transferId: other?.id }], [{ kind: "transfer", transferId: one?.id }]]);
  await screen.call("edits.undo", { id: undoId ?? "" });
  expect(await rowsOf("alpha")).toMatchObject([{ kind: "ordinary", transferId: null }]);
  await screen.call("transactions.linkTransfer", { ids: [one?.id ?? "", other?.id ?? ""] });
  await screen.call("transactions.setKind", { ids: [one?.id ?? ""], kind: "ordinary" });
  expect([await rowsOf("alpha"), await rowsOf("beta")]).toMatchObject([[{ kind: "ordinary", transferId: null }], [{ transferId: null }]]);
});

test("a list shows where a transfer went and came from, and leaves it out of money in and out", async () => {
  await add(file("own.csv", ["04.08.2026;Основной;;В сбережения;-300,00", "04.08.2026;Сбережения;;С основного;300,00", "05.08.2026;Основной;Лавка;alpha;-5,00", "06.08.2026;Основной;Гость;beta;12,00"]));
  const { accounts } = await screen.call("accounts.list", {});
  const idOf = (name: string) => accounts.find((account) => account.name === name)?.id;
  const listed = await screen.call("transactions.list", { filter: {}, cursor: null, limit: 10 });
  expect(listed.totals).toEqual([{ currency: "RUB", inMinor: 1_200, outMinor: 500, transferInMinor: 30_000, transferOutMinor: 30_000 }]);
  const own = await screen.call("transactions.list", { filter: { accountId: idOf("Основной") }, cursor: null, limit: 10 });
  expect(own.totals).toEqual([{ currency: "RUB", inMinor: 1_200, outMinor: 500, transferInMinor: 0, transferOutMinor: 30_000 }]);
  expect(own.rows.map(({ kind, transferAccountId }) => [kind, transferAccountId])).toEqual([["ordinary", null], ["ordinary", null], ["transfer", idOf("Сбережения")]]);
});
