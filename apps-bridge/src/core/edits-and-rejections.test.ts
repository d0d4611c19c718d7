import { insertTableRows } from "@saldo/client-core/store";
import type { JsonValue, MutationName } from "@saldo/schema";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { BridgeClient } from "../bridge/client.ts";
import type { SaldoMethods } from "../bridge/contract/index.ts";
import type { Rejection } from "../bridge/contract/sync.ts";
import type { Core } from "./core.ts";
import { resumedCore, screenOf } from "./testing.ts";

const createdAt = "2026-01-02T03:04:05.678Z";
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

/** As the server wrote it and sync brought it. */
async function refuse(id: string, mutation: MutationName, payload: JsonValue, code = "mutation.row_missing"): Promise<void> {
  const { workspaceId } = await core.opened().books.recordContext();
  const row = { id, workspaceId, userId: "u1", clientId: "another-device", seq: 7, mutation, code, payload, status: "open", createdAt } as const;
  await core.opened().books.database.transaction((transaction) => insertTableRows(transaction, "rejection", [row], "fail"));
}

/** What a screen shows now. */
function rejections(): Promise<readonly Rejection[]> {
  return new Promise((resolve, reject) => {
    const stop = screen.watch("rejections.watch", {}, {
      next(value) {
        resolve(value.rejections);
        queueMicrotask(() => stop());
      },
      failed: reject,
    });
  });
}

const names = async (): Promise<string[]> => (await screen.call("categories.list", {})).categories.map(({ name }) => name);

test("a refused change is corrected and made again, and its entry is settled", async () => {
  const { category } = await screen.call("category.create", { name: "Молоко", kind: "expense" });
  await refuse("r1", "category.rename", { categoryId: category.id, name: "Мясо" });
  expect(await rejections()).toMatchObject([{ id: "r1", mutation: "category.rename", canRetry: true, fields: [{ key: "name", kind: "text", value: "Мясо" }] }]);
  await screen.call("rejections.retry", { id: "r1", corrections: { name: "Рыба", categoryId: "somewhere else" } });
  expect(await names()).toEqual(["Рыба"]);
  expect(await rejections()).toEqual([]);
});

test("a refused change names the rows it was about and what they should have become", async () => {
  const { category } = await screen.call("category.create", { name: "Молоко", kind: "expense" });
  await refuse("r1", "category.rename", { categoryId: category.id, name: "Мясо" });
  await refuse("r2", "transaction.recategorise", { ids: ["a", "b", "c", "d"], categoryId: category.id });
  const gone = { text: null, payment: null };
  expect((await rejections()).map(({ about }) => about)).toEqual([
    { rows: [gone, gone, gone], rowCount: 4, values: ["Молоко"] },
    { rows: [{ text: "Молоко", payment: null }], rowCount: 1, values: ["Мясо"] },
  ]);
});

test("a change that is refused here too leaves its entry open and nothing written", async () => {
  await refuse("r1", "category.rename", { categoryId: "gone", name: "Мясо" });
  await expect(screen.call("rejections.retry", { id: "r1", corrections: {} })).rejects.toMatchObject({ code: "mutation.row_missing" });
  expect(await rejections()).toHaveLength(1);
  await expect(screen.call("rejections.retry", { id: "r1", corrections: { name: "" } })).rejects.toMatchObject({ code: "mutation.invalid_arguments" });
  expect(await rejections()).toHaveLength(1);
});

test("parts of an import and changes whose values are elsewhere can only be discarded", async () => {
  await refuse("r1", "import.complete", { importId: "i" });
  await refuse("r2", "transaction.setNote", { omitted: true });
  expect((await rejections()).map(({ canRetry, fields }) => ({ canRetry, fields }))).toEqual([{ canRetry: false, fields: [] }, { canRetry: false, fields: [] }]);
  await screen.call("rejections.discard", { ids: ["r1", "r2"] });
  expect(await rejections()).toEqual([]);
});

test("the last edit is taken back and made again", async () => {
  const { category } = await screen.call("category.create", { name: "Молоко", kind: "expense" });
  const { accounts } = await screen.call("accounts.list", {});
  expect([category.name, accounts.length]).toEqual(["Молоко", 0]);
  expect(await screen.call("edits.undo", {})).toMatchObject({ mutation: "category.create", rows: 1 });
  expect(await names()).toEqual([]);
  expect(await screen.call("edits.redo", {})).toMatchObject({ mutation: "category.create", rows: 1 });
  expect(await names()).toEqual(["Молоко"]);
  expect(await screen.call("edits.redo", {})).toBeNull();
});
