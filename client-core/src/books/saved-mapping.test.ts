import { expect, test } from "vitest";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openStore, readRows } from "../store/index.ts";
import { openBooks, systemEnvironment } from "./books.ts";
import { importFile } from "./import-file.ts";
import { forgetMapping, understandInBooks } from "./saved-mapping.ts";

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const march = text("Date,Description,Amount,Reference value\n03/04/2023,Coffee,12.50,7.00\n05/02/2023,Tea,3.20,8.00\n");
const april = text("Date,Description,Amount,Reference value\n04/05/2023,Milk,1.50,2.00\n");

async function newBooks() {
  return openBooks(await openStore(openBetterSqlite3({ path: ":memory:" })), systemEnvironment(), { currency: "EUR", locale: "en" });
}

test("what was decided about a file is used for the next one of its shape, and for no other", async () => {
  const books = await newBooks();
  await importFile(books, { name: "march.csv", bytes: march }, { hints: { answers: { dateOrder: "MDY", sign: "expense_list", columns: { 3: "ignored" } } } });
  const { understanding, mapping } = await understandInBooks(books, april, { defaultCurrency: "EUR" });
  expect(mapping?.answers).toEqual({ dateOrder: "MDY", sign: "expense_list", columns: { 3: "ignored" } });
  expect(understanding).toMatchObject({ dateOrder: { value: "MDY", confidence: 1, reason: { code: "remembered" } }, sign: { value: "expense_list" }, questions: [] });
  expect(understanding.columns.map(({ reason }) => reason.code)).toEqual(["column_by_name", "column_by_name", "column_by_name", "remembered"]);
  const { understanding: told } = await understandInBooks(books, april, { answers: { dateOrder: "DMY" } });
  expect(told).toMatchObject({ dateOrder: { value: "DMY", reason: { code: "you_said" } }, sign: { reason: { code: "remembered" } } });
  const other = text("Day,Description,Amount\n04/05/2023,Milk,1.50\n");
  expect((await understandInBooks(books, other)).mapping).toBeNull();
});

test("a later answer overrules what was decided and is remembered with the rest", async () => {
  const books = await newBooks();
  await importFile(books, { name: "march.csv", bytes: march }, { hints: { answers: { dateOrder: "MDY", sign: "expense_list" } } });
  const summary = await importFile(books, { name: "april.csv", bytes: april }, { hints: { answers: { dateOrder: "DMY" } } });
  expect(summary.understanding).toMatchObject({ dateOrder: { value: "DMY" }, sign: { value: "expense_list" } });
  const mappings = await readRows(books.database, "import_mapping");
  expect(mappings.map(({ mapping }) => mapping)).toEqual([{ dateOrder: "DMY", sign: "expense_list" }]);
});

test("without an answer nothing is remembered; what is forgotten is not used", async () => {
  const books = await newBooks();
  await importFile(books, { name: "march.csv", bytes: march });
  expect(await readRows(books.database, "import_mapping")).toEqual([]);
  await importFile(books, { name: "april.csv", bytes: april }, { hints: { answers: { dateOrder: "MDY" } } });
  const { mapping } = await understandInBooks(books, march);
  if (mapping === null) throw new Error("nothing remembered");
  await forgetMapping(books, mapping.id);
  expect((await understandInBooks(books, march)).mapping).toBeNull();
});
