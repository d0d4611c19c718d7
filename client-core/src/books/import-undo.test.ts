import { seededIds } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { computeDashboard } from "../reports/index.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import { openStore, type LocalDatabase } from "../store/index.ts";
import { openBooks, type Books } from "./books.ts";
import { changesSinceImport, undoImport } from "./import/changes-since.ts";
import { importFile } from "./import-file.ts";

const kinds: Readonly<Record<string, () => Promise<LocalDatabase>>> = {
  "better-sqlite3": async () => openBetterSqlite3({ path: ":memory:" }),
  PGlite: async () => openPglite(await emptyPglite()),
};
const first = "40702810000000001111";
const second = "40702810000000002222";
let nowMs = Date.UTC(2026, 10, 23, 12);

function csv(name: string, lines: readonly string[]) {
  return { name, bytes: new TextEncoder().encode(["Дата;Сумма;Назначение;Категория;Счёт;Остаток", ...lines].join("\n")) };
}

const september = csv("september.csv", [
  `01.09.2026;120000,00;Возмещение по операциям;Выручка;${first};120000,00`,
  `12.09.2026;-40000,00;Аренда за сентябрь;Аренда;${first};80000,00`,
  `20.09.2026;-30000,00;Перевод собственных средств;;${first};50000,00`,
  `25.09.2026;-500,00;Выдача;;${first};49500,00`,
]);
const other = csv("other.csv", [
  `21.09.2026;30000,00;Пополнение счёта;;${second};30000,00`,
  `26.09.2026;500,00;Перевод;;${second};30500,00`,
  `28.09.2026;-900,00;Бумага;Офис;${second};29600,00`,
]);

describe.each(Object.entries(kinds))("an import on %s", (_kind, open) => {
  let database: LocalDatabase;
  let books: Books;
  beforeEach(async () => {
    database = await openStore(await open());
    books = await openBooks(database, { nowMs: () => (nowMs += 1_000), ids: seededIds(1, () => nowMs), pause: () => Promise.resolve() }, { currency: "RUB", locale: "ru" });
  });
  afterEach(() => database.close());

  const tables = ["account", "category", "transaction", "rule", "planned_item", "scenario"] as const;
  const everything = () => Promise.all(tables.map((table) => database.query(sql`select * from ${sql.identifier(table)} order by "id"`)));
  const workspaceId = async () => (await books.recordContext()).workspaceId;
  const dashboard = async () => {
    const { revenue, expenses, cash } = await computeDashboard(database, { workspaceId: await workspaceId(), period: "2026-09", today: "2026-11-23" });
    return { revenue: revenue.currentMinor, expenses: expenses.currentMinor, cash: cash?.totalMinor ?? null };
  };

  it("is taken back exactly, also after edits, transfers and balances; what changed since is told", async () => {
    await importFile(books, september);
    const before = await everything();
    const { importId } = await importFile(books, other);
    expect(await everything()).not.toEqual(before);
    if (importId === null) throw new Error("nothing was imported");
    const [row] = await database.query(sql`select "id" from "transaction" where "import_id" = ${importId} and "amount_minor" = -90000`);
    await books.record("transaction.setNote", { id: String(row?.["id"]), note: "для склада" });
    await books.record("transaction.setKind", { ids: [String(row?.["id"])], kind: "fee" });
    const changes = await changesSinceImport(database, await workspaceId(), importId);
    expect(changes.count).toBe(3);
    expect(changes.rows.map(({ postedOn, changed }) => ({ postedOn, changed }))).toEqual([
      { postedOn: "2026-09-21", changed: ["transfer"] },
      { postedOn: "2026-09-26", changed: ["transfer"] },
      { postedOn: "2026-09-28", changed: ["note", "kind"] },
    ]);
    await undoImport(books, importId);
    expect(await everything()).toEqual(before);
    expect(await importFile(books, other)).toMatchObject({ rowsAdded: 3 });
  });

  it("keeps transfers between own accounts out of income and expense, and the balance its statement tells", async () => {
    await importFile(books, september);
    expect(await dashboard()).toEqual({ revenue: 12_000_000, expenses: 4_050_000, cash: 4_950_000 });
    expect(await importFile(books, other)).toMatchObject({ transfersLinked: 2, statements: [{ openingMinor: 0, closingMinor: 2_960_000, differenceMinor: 0 }] });
    expect(await dashboard()).toEqual({ revenue: 12_000_000, expenses: 4_090_000, cash: 7_910_000 });
  });

  it("finds transfers by the account they name, in one file and over two, whichever came first; strangers stay", async () => {
    const named = (name: string, lines: readonly string[]) => ({ name, bytes: new TextEncoder().encode(["Дата;Сумма;Назначение;Счёт", ...lines].join("\n")) });
    const one = named("both.csv", ["04.08.2026;-300,00;В копилку;Расчётный счёт", "04.08.2026;300,00;С расчётного счёта;Копилка", "05.08.2026;-45,00;В копилку;Расчётный счёт", "06.08.2026;-70,00;Чай, ООО «Копилка»;Расчётный счёт", "07.08.2026;-80,00;На вклад;Расчётный счёт"]);
    const two = named("later.csv", ["05.08.2026;45,00;С расчётного счёта;Копилка", "06.08.2026;70,00;Заказ 7 с расчётного счёта покупателя;Копилка", "07.08.2026;80,00;С расчётного счёта;Вклад"]);
    expect(await importFile(books, one)).toMatchObject({ transfersLinked: 1 });
    expect(await importFile(books, two)).toMatchObject({ transfersLinked: 2 });
    const alone = await database.query(sql`select "amount_minor" from "transaction" where "transfer_id" is null order by "amount_minor"`);
    expect(alone.map((row) => Number(row["amount_minor"]))).toEqual([-7_000, 7_000]);
  });

  it("finds a transfer of the books by the bare other side that comes later, as in one file", async () => {
    await importFile(books, csv("a.csv", [`26.09.2026;500,00;Перевод;;${second};500,00`]));
    expect(await importFile(books, csv("b.csv", [`25.09.2026;-500,00;Выдача;;${first};0`, `25.09.2026;-501,00;Выдача;;${first};-501,00`]))).toMatchObject({ transfersLinked: 1 });
  });

  it("lets a person say that a transfer is none, and take that back", async () => {
    await importFile(books, september);
    await importFile(books, other);
    const all = await everything();
    const [row] = await database.query(sql`select "id" from "transaction" where "amount_minor" = -50000`);
    await books.history.record([{ name: "transaction.setKind", args: { ids: [String(row?.["id"])], kind: "ordinary" } }]);
    // The other side was a transfer only by this one.
    expect(await dashboard()).toMatchObject({ revenue: 12_050_000, expenses: 4_140_000 });
    await books.history.undo();
    expect(await everything()).toEqual(all);
  });

  it("adds rows that look like others only when told to", async () => {
    await importFile(books, csv("a.csv", [`05.09.2026;-29000,00;Реклама, октябрь;;${first};1000,00`, `10.09.2026;-1,00;x;;${first};999,00`]));
    const moved = csv("b.csv", [`05.09.2026;-7,00;y;;${first};0`, `07.09.2026;-29000,00;Реклама, октябрь, карта;;${first};0`, `10.09.2026;-1,00;x;;${first};0`]);
    const asked = await importFile(books, moved);
    expect(asked).toMatchObject({ rowsAdded: 1, rowsThere: 1, rowsLeftOut: 1, groups: { new: 1, there: 1, look: 1 }, looks: [{ index: 1, twin: { postedOn: "2026-09-05" } }] });
    expect(await importFile(books, moved, { decisions: { rows: new Map([[1, "add"]]) } })).toMatchObject({ rowsAdded: 1, rowsThere: 2 });
    expect(await importFile(books, moved)).toMatchObject({ importId: null, rowsThere: 3, rowsLeftOut: 0 });
  });
});
