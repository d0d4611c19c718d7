import { afterEach, beforeEach, expect, test } from "vitest";
import type { BridgeClient } from "../bridge/client.ts";
import type { FindingsView } from "../bridge/contract/findings.ts";
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

/** Ordinary payments, and one invoice paid twice on a day. */
function statement(): Uint8Array<ArrayBuffer> {
  const lines = ["Дата;Контрагент;Назначение;Категория;Приход;Расход"];
  for (let day = 1; day <= 28; day++) lines.push(`${String(day).padStart(2, "0")}.09.2026;ООО «Молоко»;Молоко, накладная ${day};Продукты;;${3_000 + day * 37},${10 + day}`);
  for (const number of [1, 2]) lines.push(`16.09.2026;ООО «Ремонт»;Счёт 71, платёж ${number};Ремонт;;48 317,55`);
  return new TextEncoder().encode(lines.join("\r\n"));
}

async function importStatement(): Promise<string> {
  const { previewId } = await screen.call("import.preview", { fileName: "vypiska.csv", bytes: statement() });
  return (await screen.call("import.commit", { previewId })).importId ?? "";
}

/** The next view that fits. */
function viewThat(fits: (view: FindingsView) => boolean): Promise<FindingsView> {
  return new Promise((resolve, reject) => {
    const stop = screen.watch("findings.watch", {}, { next: (view) => fits(view) && (stop(), resolve(view)), failed: reject });
  });
}

async function duplicate() {
  const view = await viewThat(({ open }) => open.length > 0);
  const found = view.open.find(({ finding }) => finding.kind === "duplicate_exact");
  if (found === undefined) throw new Error("the planted duplicate was not found");
  return found;
}

test("a payment made twice is found with its rows, and one verdict ends it; undo brings it back", async () => {
  await importStatement();
  const found = await duplicate();
  expect(found.rows.map(({ counterparty, amountMinor, role }) => ({ counterparty, amountMinor, role }))).toEqual([
    { counterparty: "ООО «Ремонт»", amountMinor: -4_831_755, role: "suspect" },
    { counterparty: "ООО «Ремонт»", amountMinor: -4_831_755, role: "suspect" },
  ]);
  expect(found.finding).toMatchObject({ amountMinor: 4_831_755, currency: "RUB" });
  const key = found.finding.stableKey;
  const isOpen = (view: FindingsView) => view.open.some(({ finding }) => finding.stableKey === key);

  const { undoId } = await screen.call("findings.judge", { finding: found.finding, verdict: "right", comment: null });
  const judged = await viewThat((view) => !isOpen(view));
  expect(judged.judged).toMatchObject([{ finding: found.finding, verdict: "right" }]);
  expect(judged.quality).toMatchObject({ precision: 1, recall: 1, f1Score: 1, falsePositiveRate: 0, accuracy: 1 });

  await screen.call("edits.undo", undoId === null ? {} : { id: undoId });
  const undone = await viewThat(isOpen);
  expect(undone).toMatchObject({ judgedCount: 0, quality: { precision: null } });
  await screen.call("edits.redo", {});
  expect((await viewThat((view) => !isOpen(view))).judgedCount).toBe(1);
});

test("a dismissed finding does not come back when its file is imported anew, and may be reopened", async () => {
  const importId = await importStatement();
  const { finding } = await duplicate();
  await screen.call("findings.judge", { finding, verdict: "expected", comment: "рассрочка" });
  await screen.call("import.undo", { importId });
  await viewThat(({ rowsExamined }) => rowsExamined === 0);
  await importStatement();
  const isOpen = (view: FindingsView) => view.open.some((one) => one.finding.stableKey === finding.stableKey);
  const again = await viewThat(({ rowsExamined }) => rowsExamined === 30);
  expect(isOpen(again)).toBe(false);
  expect(again.verdicts).toEqual({ right: 0, wrong: 0, expected: 1, missed: 0 });
  expect(again.quality).toMatchObject({ precision: 0, falsePositiveRate: 2 / 30 });

  await screen.call("findings.reopen", { stableKey: finding.stableKey });
  expect((await viewThat(isOpen)).judgedCount).toBe(0);
});

test("a row with a problem nobody told of lowers recall", async () => {
  await importStatement();
  const { finding } = await duplicate();
  await screen.call("findings.judge", { finding, verdict: "right", comment: null });
  const { rows } = await screen.call("transactions.list", { filter: { search: "Молоко, накладная 7" }, cursor: null, limit: 1 });
  const [row] = rows;
  if (row === undefined) throw new Error("no row");
  await screen.call("findings.report", { transactionId: row.id, comment: "не наша накладная" });
  const view = await viewThat(({ verdicts }) => verdicts.missed === 1);
  expect(view.quality).toMatchObject({ precision: 1, recall: 2 / 3, falsePositiveRate: 0 });
  await expect(screen.call("findings.report", { transactionId: "none", comment: null })).rejects.toMatchObject({ code: "mutation.row_missing" });
});
