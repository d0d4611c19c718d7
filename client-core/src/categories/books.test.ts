import { chartCategoryId, minor, selectionMax, type MutationArgs, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { importFile, openBooks, systemEnvironment, type Books } from "../books/index.ts";
import { transactionRow } from "../store/contract-rows.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { insertTableRows, openStore, readRows } from "../store/index.ts";
import { createBookCategoriser } from "./book-categoriser.ts";
import { categoriseOpenRows, reviewBooks } from "./review.ts";
import { applyRule, findRuleRows } from "./rules.ts";

let books: Books;
beforeEach(async () => {
  books = await openBooks(await openStore(openBetterSqlite3({ path: ":memory:" })), systemEnvironment(), { currency: "RUB", locale: "ru" });
  await books.record("category.addChart", { locale: "ru", createdAt: books.nowInstant() });
});
afterEach(() => books.database.close());

const rent = chartCategoryId("rent", "ru");
const meals = chartCategoryId("meals", "ru");

async function place(...rows: readonly (Partial<Row<"transaction">> & { readonly id: string })[]): Promise<void> {
  const { workspaceId } = await books.recordContext();
  await books.database.transaction((transaction) => insertTableRows(transaction, "transaction", rows.map(({ id, ...over }) => transactionRow(id, { workspaceId, ...over })), "fail"));
}

const transactions = async () => new Map((await readRows(books.database, "transaction", sql`where true order by "id"`)).map((row) => [row.id, row]));

it("lists what is undecided by counterparty, much money about which little is known first", async () => {
  await place(
    { id: "a1", counterpartyName: "ООО Дом", description: "счёт 1", amountMinor: minor(-10_000) },
    { id: "a2", counterpartyName: "ООО ДОМ", description: "счёт 2", amountMinor: minor(-20_000) },
    { id: "b", counterpartyName: "Кафе", description: "обед", amountMinor: minor(-500) },
    { id: "c", counterpartyName: null, description: "Оплата аренды офиса", amountMinor: minor(-90_000) },
    { id: "d", counterpartyName: "Свой", description: "перевод", kind: "transfer" },
    { id: "e", counterpartyName: "Сам", description: "снято", categorySource: "person" },
  );
  const { groups, rowsTotal, groupsTotal } = await reviewBooks(books, createBookCategoriser(books));
  expect({ rowsTotal, groupsTotal }).toEqual({ rowsTotal: 4, groupsTotal: 3 });
  expect(groups.map(({ name, ids, amountMinor }) => [name, [...ids].toSorted(), amountMinor])).toEqual([["Оплата аренды офиса", ["c"], -90_000], [expect.stringMatching(/дом/i), ["a1", "a2"], -30_000], ["Кафе", ["b"], -500]]);
  expect(groups[0]?.suggestion).toMatchObject({ categoryId: rent, isSure: false, why: { by: "known", told: "word" } });
});

it("gives new rows what a person gave their counterparty, says why, and never takes a person's choice", async () => {
  await place(...["1", "2", "3"].map((id) => ({ id, counterpartyName: "Кафе Ёлка", description: `обед ${id}` })), { id: "4", counterpartyName: "Налоговая", description: "MCC 9311", amountMinor: minor(-7) });
  const categoriser = createBookCategoriser(books);
  expect(await categoriseOpenRows(books, categoriser)).toBe(1);
  expect((await transactions()).get("4")).toMatchObject({ categoryId: chartCategoryId("taxes", "ru"), categorySource: "model" });
  await books.record("transaction.recategorise", { ids: ["1"], categoryId: meals });
  expect(await categoriseOpenRows(books, categoriser)).toBe(2);
  expect((await transactions()).get("3")).toMatchObject({ categoryId: meals, categorySource: "model" });
  await books.record("transaction.recategorise", { ids: ["2"], categoryId: null });
  expect(await categoriseOpenRows(books, categoriser)).toBe(0);
  const [asked] = [...(await transactions()).values()];
  expect(asked && categoriser.suggest(asked)).toMatchObject({ categoryId: meals, why: { by: "memory", rows: 1 } });
});

it("comes to the same suggestions whether it learned on the way or was made anew, also after a choice was changed", async () => {
  await place(...["1", "2", "3", "4"].map((id) => ({ id, counterpartyName: "Кафе", description: "обед" })));
  const categoriser = createBookCategoriser(books);
  const open = async () => (await transactions()).get("4") ?? transactionRow("4");
  for (const [id, categoryId] of [["1", meals], ["2", meals], ["1", rent], ["2", rent]] as const) {
    await books.record("transaction.recategorise", { ids: [id], categoryId });
    await categoriser.refresh();
    const anew = createBookCategoriser(books);
    await anew.refresh();
    expect(categoriser.suggest(await open())?.categoryId).toBe(anew.suggest(await open())?.categoryId);
  }
  expect(categoriser.suggest(await open())?.categoryId).toBe(rent);
});

it("tells how many past rows a rule would change, changes them as one step and takes that back", async () => {
  const many = Array.from({ length: selectionMax + 5 }, (_, index) => ({ id: `m${String(index).padStart(4, "0")}`, counterpartyName: "Яндекс.Такси", description: "поездка" }));
  await place(...many, { id: "other", counterpartyName: "Иной", description: "поездка" });
  await books.record("transaction.recategorise", { ids: ["m0000"], categoryId: rent });
  const rule = { conditions: [{ field: "counterparty" as const, op: "contains" as const, text: "ЯНДЕКС" }, { field: "direction" as const, direction: "out" as const }], categoryId: meals };
  const reach = await findRuleRows(books, rule);
  expect({ ...reach, ids: reach.ids.length }).toEqual({ ids: selectionMax + 4, byPerson: 1, there: 0 });
  const { undoId } = await applyRule(books, meals, reach.ids);
  expect((await findRuleRows(books, rule)).there).toBe(selectionMax + 4);
  expect((await transactions()).get("m0000")).toMatchObject({ categoryId: rent, categorySource: "person" });
  await books.history.undo(undoId ?? "");
  expect((await transactions()).get("m0001")).toMatchObject({ categoryId: null, categorySource: "none" });
});

it("gives rows their category by rules while they are imported, before what the file says", async () => {
  const conditions: MutationArgs<"rule.create">["conditions"] = [{ field: "description", op: "contains", text: "coffee" }, { field: "amount", fromMinor: null, toMinor: minor(1_000) }];
  await books.record("rule.create", { id: "r", conditions, categoryId: meals, createdAt: books.nowInstant() });
  await importFile(books, { name: "f.csv", bytes: new TextEncoder().encode("Date,Description,Amount,Category\n2026-01-02,COFFEE bar,-4.50,Fun\n2026-01-03,Coffee machine,-400.00,Kitchen\n2026-01-04,Rent,-900.00,\n") });
  const rows = [...(await transactions()).values()].toSorted((a, b) => (a.postedOn < b.postedOn ? -1 : 1));
  expect(rows.map(({ categoryId, categorySource }) => [categoryId === meals, categorySource])).toEqual([[true, "rule"], [false, "file"], [false, "none"]]);
});

it("gives rows a category while they are imported where it is sure, and leaves what may be a transfer open", async () => {
  await place(...["1", "2", "3"].map((id) => ({ id, counterpartyName: "Coffee Bar", description: "lunch", categoryId: meals, categorySource: "person" as const })));
  const categoriser = createBookCategoriser(books);
  await categoriser.refresh();
  const file = "Date,Counterparty,Description,Amount\n2026-01-02,COFFEE BAR,lunch 5,-4.50\n2026-01-03,Nobody known,something,-9.00\n2026-01-04,Tax office,MCC 9311,-7.00\n2026-01-05,Coffee bar,Transfer between own accounts,-7.00\n";
  await importFile(books, { name: "f.csv", bytes: new TextEncoder().encode(file) }, { categorise: (row) => categoriser.give(row) });
  const rows = [...(await transactions()).values()].filter(({ importId }) => importId !== null).toSorted((a, b) => (a.postedOn < b.postedOn ? -1 : 1));
  expect(rows.map(({ categoryId, categorySource }) => [categoryId, categorySource])).toEqual([[meals, "model"], [null, "none"], [chartCategoryId("taxes", "ru"), "model"], [null, "none"]]);
});
