import { seededIds, SaldoError } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, type LocalDatabase } from "../store/index.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openBooks, type Books, type BooksEnvironment } from "./books.ts";
import { understandFile } from "../import/index.ts";
import { importFile, undoUnfinishedImport } from "./import-file.ts";
import { planImport } from "./import/plan-import.ts";

const nowMs = Date.UTC(2026, 10, 23, 12);
const environment: BooksEnvironment = { nowMs: () => nowMs, ids: seededIds(1, () => nowMs), pause: () => Promise.resolve() };

let database: LocalDatabase;
let books: Books;

beforeEach(async () => {
  database = await openStore(openBetterSqlite3({ path: ":memory:" }));
  books = await openBooks(database, environment, { currency: "RUB", locale: "ru" });
});
afterEach(() => database.close());

function csv(text: string) {
  return { name: "выписка.csv", bytes: new TextEncoder().encode(text) };
}

const statement = csv(
  ["Дата;Назначение;Контрагент;Категория;Сумма", "01.10.2026;Возмещение;Эквайринг;Выручка;148320,40", "31.10.2026;Аренда;ИП Ларин;Аренда;-156000,00", "32.10.2026;Ошибка;?;Аренда;-1,00"].join("\n"),
);

async function count(table: string): Promise<number> {
  const [row] = await database.query(sql`select count(*) as "n" from ${sql.identifier(table)}`);
  return Number(row?.["n"]);
}

describe("importing a file", () => {
  it("adds its rows with accounts and categories, and tells what it refused by line", async () => {
    const summary = await importFile(books, statement);
    expect(summary).toMatchObject({ rowsAdded: 2, refusedCount: 1, refused: [{ line: 4, reasonCode: "date_impossible" }] });
    const rows = await database.query(
      sql`select t."posted_on", t."amount_minor", t."currency", c."name" as "category", a."name" as "account" from "transaction" t join "category" c on c."id" = t."category_id" join "account" a on a."id" = t."account_id" order by t."posted_on"`,
    );
    expect(rows).toEqual([
      { posted_on: "2026-10-01", amount_minor: 14_832_040, currency: "RUB", category: "Выручка", account: "Основной счёт" },
      { posted_on: "2026-10-31", amount_minor: -15_600_000, currency: "RUB", category: "Аренда", account: "Основной счёт" },
    ]);
    expect(await database.query(sql`select "status", "rows_added", "rows_refused" from "import"`)).toEqual([{ status: "complete", rows_added: 2, rows_refused: 1 }]);
  });

  it("gives the colours to the categories most money goes through, for life", async () => {
    const rows = Array.from({ length: 10 }, (_, index) => `2026-10-0${(index % 9) + 1},x,Category ${index},-${index + 1}00.00`);
    await importFile(books, csv(["date,description,category,amount", ...rows].join("\n")));
    const slots = () => database.query(sql`select "name", "slot" from "category" where "slot" > 0 order by "slot"`);
    const first = await slots();
    expect(first.map((row) => row["name"])).toEqual([9, 8, 7, 6, 5, 4, 3, 2].map((index) => `Category ${index}`));
    await importFile(books, csv("date,description,category,amount\n2026-11-01,x,Category 0,-99999.00\n"));
    expect(await slots()).toEqual(first);
  });

  it("plans rows of each group page by page, and adds what is decided of them", async () => {
    const line = (day: number, index: number): string => `2026-10-${String(day).padStart(2, "0")},payment ${index},-${index + 1}.00`;
    const old = Array.from({ length: 150 }, (_, index) => line(1 + (index % 28), index));
    await importFile(books, csv(["date,description,amount", ...old].join("\n")));
    const file = csv(["date,description,amount", ...old, ...Array.from({ length: 130 }, (_, index) => line(5, 500 + index))].join("\n"));
    const plan = await planImport(books, file.bytes, await understandFile(file.bytes, { defaultCurrency: "RUB" }));
    expect(plan.groups).toEqual({ there: 150, look: 0, new: 130 });
    const pages = [await plan.pageOf("there", 0), await plan.pageOf("there", 100), await plan.pageOf("new", 100), await plan.pageOf("look", 0)];
    expect(pages.map((page) => [page.length, page[0]?.index, page[0]?.row.description, page[0]?.twin?.description])).toEqual([
      [100, 0, "payment 0", "payment 0"], [50, 100, "payment 100", "payment 100"], [30, 250, "payment 600", undefined], [0, undefined, undefined, undefined],
    ]);
    expect(await importFile(books, file, { plan, decisions: { rows: new Map([[149, "add"], [279, "skip"]]) } })).toMatchObject({ rowsAdded: 130, rowsThere: 149 });
  });

  it("adds nothing of the same file again, and records nothing, unless told to add what is there", async () => {
    await importFile(books, statement);
    expect(await importFile(books, statement)).toMatchObject({ importId: null, rowsAdded: 0, rowsThere: 2, refusedCount: 1 });
    expect([await count("transaction"), await count("import")]).toEqual([2, 1]);
    expect(await importFile(books, statement, { decisions: { there: "add" } })).toMatchObject({ rowsAdded: 2, rowsThere: 0 });
    expect(await count("transaction")).toBe(4);
  });

  it("leaves nothing that counts when it is cancelled on the way", async () => {
    const lines = Array.from({ length: 12_000 }, (_, index) => `2026-10-${String((index % 28) + 1).padStart(2, "0")},row ${index},-1.00`);
    const file = csv(["date,description,amount", ...lines].join("\n"));
    const abort = new AbortController();
    const running = importFile(books, file, { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(running).rejects.toThrow("import.cancelled");
    expect(await count("transaction")).toBe(0);
    expect(await database.query(sql`select "status" from "import"`)).toEqual([{ status: "undone" }]);
  });

  it.each([
    ["an empty file", new Uint8Array(), "import.empty_file"],
    ["a picture named .csv", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13), "import.is_image"],
    ["a table without amounts", new TextEncoder().encode("name,city\nA,B\nC,D\n"), "import.no_"],
  ])("writes nothing for %s", async (_, bytes, code) => {
    await expect(importFile(books, { name: "x.csv", bytes })).rejects.toThrow(code);
    await expect(importFile(books, { name: "x.csv", bytes })).rejects.toThrow(SaldoError);
    expect([await count("import"), await count("sync_outbox"), await count("transaction")]).toEqual([0, 0, 0]);
  });

  it("is undone at the next start when the process died before the end", async () => {
    await books.saveSetting("unfinishedImport", "dead");
    await books.record("import.begin", {
      importId: "dead",
      fileName: "a.csv",
      fileSha256: "0".repeat(64),
      fileBytes: 1,
      format: "csv",
      understanding: {},
      accounts: [],
      categories: [],
      createdAt: books.nowInstant(),
    });
    await undoUnfinishedImport(books);
    expect(await database.query(sql`select "status" from "import"`)).toEqual([{ status: "undone" }]);
    expect(await books.setting("unfinishedImport")).toBeNull();
  });
});
