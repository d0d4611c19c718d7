import { seededIds } from "@saldo/schema";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import { openStore, type LocalDatabase } from "../store/index.ts";
import { openBooks, type Books } from "./books.ts";
import { importFile } from "./import-file.ts";

const kinds: Readonly<Record<string, () => Promise<LocalDatabase>>> = {
  "better-sqlite3": async () => openBetterSqlite3({ path: ":memory:" }),
  PGlite: async () => openPglite(await emptyPglite()),
};
const nowMs = Date.UTC(2026, 10, 23, 12);
let runs = 0;

interface Movement {
  readonly day: number;
  readonly account: string;
  readonly amountMinor: number;
  readonly text: string;
}

/** Few days, amounts and texts, so that equal movements and near ones abound. */
const movement = fc.record<Movement>({
  day: fc.integer({ min: 1, max: 28 }),
  account: fc.constantFrom("40702810000000001111", "40702810000000002222"),
  amountMinor: fc.constantFrom(-35_000, -35_100, 120_000, -3_000),
  text: fc.constantFrom("Кофе", "Кофе и булка", "Комиссия банка", "Оплата по счёту 12", ""),
});
const span = fc.tuple(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 0, max: 27 })).map(([from, length]) => ({ from, to: Math.min(28, from + length) }));

function statement(movements: readonly Movement[], { from, to }: { readonly from: number; readonly to: number }, isNewestFirst: boolean): string | undefined {
  const rows = movements.filter(({ day }) => day >= from && day <= to).toSorted((a, b) => (isNewestFirst ? b.day - a.day : a.day - b.day));
  if (rows.length === 0) return undefined;
  const lines = rows.map(({ day, account, amountMinor, text }) => `2026-10-${String(day).padStart(2, "0")};${(amountMinor / 100).toFixed(2)};${text};${account}`);
  return ["Дата;Сумма;Назначение;Счёт", ...lines].join("\n");
}

function asText({ day, account, amountMinor, text }: Movement): string {
  return `2026-10-${String(day).padStart(2, "0")} ${account} ${amountMinor} ${text}`;
}

describe.each(Object.entries(kinds))("importing statements on %s", (_kind, open) => {
  let database: LocalDatabase;
  let books: Books;
  beforeAll(async () => {
    database = await openStore(await open());
    books = await openBooks(database, { nowMs: () => nowMs + runs, ids: seededIds(1, () => nowMs), pause: () => Promise.resolve() }, { currency: "RUB", locale: "ru" });
  });
  afterAll(() => database.close());

  const emptyBooks = () =>
    database.transaction(async (transaction) => {
      runs++;
      for (const table of ["transaction", "import", "account", "sync_outbox", "sync_effect", "sync_base"]) await transaction.execute(sql`delete from ${sql.identifier(table)}`, [table]);
    });
  const inBooks = async () =>
    (await database.query(sql`select t."posted_on", a."name", t."amount_minor", t."description" from "transaction" t join "account" a on a."id" = t."account_id"`))
      .map((row) => `${String(row["posted_on"])} ${String(row["name"])} ${String(row["amount_minor"])} ${String(row["description"])}`)
      .toSorted();
  const importText = (text: string) => importFile(books, { name: "s.csv", bytes: new TextEncoder().encode(text) }, { hints: { answers: { currency: "RUB", sign: "signed", dateOrder: "YMD" } } });

  it("gives each movement exactly once, however statements overlap and in whatever order they come", async () => {
    const property = fc.asyncProperty(fc.array(movement, { minLength: 1, maxLength: 40 }), fc.array(fc.tuple(span, fc.boolean()), { minLength: 2, maxLength: 6 }), async (movements, spans) => {
      await emptyBooks();
      const covered = new Set<Movement>();
      for (const [days, isNewestFirst] of spans) {
        const text = statement(movements, days, isNewestFirst);
        if (text === undefined) continue;
        for (const each of movements) if (each.day >= days.from && each.day <= days.to) covered.add(each);
        const summary = await importText(text);
        expect(summary.rowsLeftOut, "nothing is in doubt").toBe(0);
      }
      expect(await inBooks()).toEqual(movements.filter((each) => covered.has(each)).map(asText).toSorted());
    });
    await fc.assert(property, { numRuns: 25 });
  });

  it("adds nothing at the second time, and everything again after an undo", async () => {
    const property = fc.asyncProperty(fc.array(movement, { minLength: 1, maxLength: 30 }), async (movements) => {
      await emptyBooks();
      const text = statement(movements, { from: 1, to: 28 }, false) ?? "";
      const first = await importText(text);
      const rows = await inBooks();
      expect(await importText(text)).toMatchObject({ importId: null, rowsAdded: 0, rowsThere: movements.length });
      if (first.importId !== null) await books.record("import.undo", { importId: first.importId });
      expect(await inBooks()).toEqual([]);
      await importText(text);
      expect(await inBooks()).toEqual(rows);
    });
    await fc.assert(property, { numRuns: 15 });
  });
});
