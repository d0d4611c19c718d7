import { tableCodec, tables, type LogicalType, type TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openStore, type LocalDatabase } from "../store/index.ts";
import { echoOfText, takeEchoes } from "./echo.ts";
import { jsonSlices, type JsonSlice } from "./json-slices.ts";
import { beginLoad, dropLoad, loadMessages, loadTableOf, loadText } from "./load.ts";
import { isReadBySql } from "./message-text.ts";
import { readBatch } from "./message.ts";

const shape = "transaction";
let database: LocalDatabase;
beforeAll(async () => {
  database = await openStore(openBetterSqlite3({ path: ":memory:" }));
});
afterAll(() => database.close());

/** Postgres knows neither U+0000 nor half a surrogate pair. */
const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }), fc.constantFrom('"', "\\u0041", "\n,\n", "},\n{", "é", "👍", "\u2028", "\u001f", "\u0001")).map((value) => value.replaceAll("\u0000", "").toWellFormed());

const digits = fc.maxSafeInteger().map(String);
const values: Readonly<Record<LogicalType, fc.Arbitrary<string>>> = {
  id: fc.uuid(),
  text,
  date: text,
  instant: text,
  integer: digits,
  money: digits,
  boolean: fc.constantFrom("t", "f", "true", "false"),
  json: text.map((value) => JSON.stringify(value)),
  real: digits,
  bytes: fc.constant("\\x00"),
};
const columns = tableCodec(tables[shape]).columns.map(({ sql: name, declaration: { type, nullable } }) => [name, nullable ? fc.option(values[type]) : values[type]] as const);
const row: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.record(Object.fromEntries(columns));
const rows = fc.uniqueArray(row, { minLength: 1, maxLength: 12, selector: (each) => each["id"] });

const messagesOf = (all: readonly object[]) => all.map((value, index) => ({ key: "k", value, headers: { operation: "insert", lsn: "110", op_position: index } }));

async function sliceOf(messages: readonly object[]): Promise<JsonSlice> {
  for await (const slice of jsonSlices(new Response(`[${messages.map((message) => JSON.stringify(message)).join(",\n")}]`))) return slice;
  throw new Error("no slice");
}

/** What a load makes of messages. */
async function loaded(take: (transaction: Parameters<Parameters<LocalDatabase["transaction"]>[0]>[0]) => Promise<unknown>) {
  return database.transaction(async (transaction) => {
    await beginLoad(transaction, shape);
    const result = await take(transaction);
    const stored = await transaction.query(sql`select * from ${sql.identifier(loadTableOf(shape))} order by "id"`);
    await dropLoad(transaction, shape);
    return { result, stored };
  });
}

describe("messages read by the database itself", () => {
  it("give the rows that reading them one by one gives, whatever is in their texts", async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (all) => {
        const messages = messagesOf(all);
        const { text: bytes } = await sliceOf(messages);
        const byText = await loaded((transaction) => loadText(transaction, shape, bytes));
        const oneByOne = await loaded((transaction) => loadMessages(transaction, shape, readBatch(shape, messages).messages));
        expect(byText).toEqual({ result: all.length, stored: oneByOne.stored });
      }),
    );
  });

  it("are an echo when reading them one by one finds one, with the same sum", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.option(fc.nat()), async (all, otherAt) => {
        const own: Readonly<Record<string, unknown>>[] = all.map((each) => ({ ...each, import_id: "import-1" }));
        const messages = messagesOf(own);
        await database.transaction(async (transaction) => {
          await beginLoad(transaction, shape);
          await loadMessages(transaction, shape, readBatch(shape, messages).messages);
          await transaction.execute(sql`delete from "transaction"`, [shape]);
          await transaction.execute(sql`insert into "transaction" select * from ${sql.identifier(loadTableOf(shape))}`, [shape]);
          await dropLoad(transaction, shape);
        });
        const arrived = messagesOf(own.map((each, index) => (otherAt === null || index !== otherAt % own.length ? each : { ...each, note: `${String(each["note"])} (2)` })));
        const { kept, echoes } = await takeEchoes(database, shape, readBatch(shape, arrived).messages);
        const byText = await echoOfText(database, shape, await sliceOf(arrived));
        expect(byText).toEqual(kept.length === 0 ? echoes[0] : undefined);
      }),
    );
  });

  it.each([
    ["one is no insert", [...messagesOf([{ id: "a" }]), { headers: { control: "up-to-date" } }]],
    ["one is of no row", messagesOf([{ note: "n" }])],
  ])("take nothing where %s", async (_what, messages) => {
    const { text: bytes } = await sliceOf(messages);
    expect(await loaded((transaction) => loadText(transaction, shape, bytes))).toEqual({ result: undefined, stored: [] });
  });

  it("take nothing of what is no JSON", async () => {
    expect(await loaded((transaction) => loadText(transaction, shape, new TextEncoder().encode('[{"value":')))).toEqual({ result: undefined, stored: [] });
  });

  it("are read one by one where a text may not be what SQLite makes of it", () => {
    const readAs = (names: readonly TableName[]) => names.map(isReadBySql);
    expect([readAs(["transaction", "category", "account"]), readAs(["note_update"])]).toEqual([[true, true, true], [false]]);
  });
});
