import { minorFromDatabase } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ruleRow, transactionRow } from "./contract-rows.ts";
import { openBetterSqlite3 } from "./drivers/better-sqlite3.ts";
import { insertTableRows, live, openStore, type LocalDatabase, type SqlReader } from "./index.ts";

const counted = async (reader: SqlReader) => minorFromDatabase((await reader.query(sql`select count(*) as "n" from "transaction"`))[0]?.["n"]);

describe("a live query", () => {
  let database: LocalDatabase;
  let values: number[];
  let errors: unknown[];
  let waiting: { readonly until: () => boolean; readonly wake: () => void }[];
  beforeEach(async () => {
    database = await openStore(openBetterSqlite3({ path: ":memory:" }));
    [values, errors, waiting] = [[], [], []];
  });
  afterEach(() => database.close());

  const wake = () => waiting.filter(({ until }) => until()).forEach((waiter) => waiter.wake());
  const seen = (until: () => boolean) => new Promise<void>((resolve) => (until() ? resolve() : waiting.push({ until, wake: resolve })));
  const onValue = (value: number) => (values.push(value), wake());
  const onError = (error: unknown) => (errors.push(error), wake());
  const add = (id: string) => database.transaction((tx) => insertTableRows(tx, "transaction", [transactionRow(id)], "fail"));

  it("gives its value at once and after each commit of its tables", async () => {
    const stop = live(database, ["transaction"], counted, onValue, onError);
    await seen(() => values.at(-1) === 0);
    await add("t1");
    await seen(() => values.at(-1) === 1);
    await database.transaction((tx) => insertTableRows(tx, "rule", [ruleRow("r1")], "fail"));
    await add("t2");
    await seen(() => values.at(-1) === 2);
    expect(values).toEqual([0, 1, 2]);
    stop();
    await add("t3");
    expect(values).toEqual([0, 1, 2]);
  });

  it("gathers commits into fewer runs, never two at once, never an older value after a newer one", async () => {
    let running = 0;
    let runs = 0;
    const slowly = async (reader: SqlReader) => {
      runs++;
      expect(++running).toBe(1);
      const value = await counted(reader);
      for (let tick = 0; tick < 5; tick++) await counted(reader);
      running--;
      return value;
    };
    const stop = live(database, ["transaction"], slowly, onValue, onError);
    await Promise.all(Array.from({ length: 40 }, (_, index) => add(`t${index}`)));
    await seen(() => values.at(-1) === 40);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect(runs).toBeLessThan(40);
    expect(errors).toEqual([]);
    stop();
  });

  it("tells an error and lives on", async () => {
    let broken = true;
    const query = async (reader: SqlReader) => {
      if (broken) throw new Error("not now");
      return counted(reader);
    };
    const stop = live(database, ["transaction"], query, onValue, onError);
    await seen(() => errors.length === 1);
    broken = false;
    await add("t1");
    await seen(() => values.at(-1) === 1);
    stop();
  });

  it("hands nothing on once stopped, not even the run under way", async () => {
    const stop = live(database, ["transaction"], counted, onValue, onError);
    stop();
    await add("t1");
    expect([values, errors]).toEqual([[], []]);
  });
});
