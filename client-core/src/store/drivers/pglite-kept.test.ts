import type { PGlite } from "@electric-sql/pglite";
import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { emptyPglite } from "../../../../deploy/testing/pglite.ts";
import type { LocalDatabase } from "../local-database.ts";
import { openPglite } from "./pglite.ts";

/** So many that their table is read once more after the commit. */
const many = Array.from({ length: 3_000 }, (_, id) => [id]);

/** A database whose files are kept after each statement, until those of one statement cannot be. */
async function keptBooks(isFailing: (text: string, before: string) => boolean) {
  let failure: Error | undefined;
  let before = "";
  const starts: (() => Promise<PGlite>)[] = [];
  const pglite = await emptyPglite();
  const ask = pglite.query.bind(pglite);
  pglite.query = async <Row>(text: string, ...more: [unknown[]?]) => {
    const answer = await ask<Row>(text, ...more);
    if (isFailing(text, before)) failure ??= new Error("no space");
    before = text;
    return answer;
  };
  await pglite.exec("create table numbers (id bigint primary key)");
  const restart = async (): Promise<PGlite> => {
    const started = await starts.shift()?.();
    if (started === undefined) throw new Error("a start too many");
    failure = undefined;
    return started;
  };
  const kept = { failure: () => failure, restart };
  const database = openPglite(pglite, undefined, { isShort: () => failure !== undefined, regain: () => Promise.resolve(true), kept });
  return { database, starts };
}

async function startEmpty(): Promise<PGlite> {
  const pglite = await emptyPglite();
  await pglite.exec("create table numbers (id bigint primary key)");
  return pglite;
}

const write = (database: LocalDatabase) => database.transaction((transaction) => transaction.insertRows("numbers", ["id"], many, "fail"));
const count = async (database: LocalDatabase) => (await database.query(sql`select count(*)::int as "n" from "numbers"`))[0]?.["n"];

it("takes back a commit whose files could not be kept", async () => {
  const { database, starts } = await keptBooks((text) => text === "commit");
  await expect(write(database)).rejects.toMatchObject({ code: "store.disk_full" });
  starts.push(startEmpty);
  expect(await count(database)).toBe(0);
  await database.close();
});

it("does not take back a commit that was kept for what could not be kept after it", async () => {
  const { database, starts } = await keptBooks((_text, before) => before === "commit");
  expect(await write(database)).toBe(many.length);
  expect(await count(database)).toBe(many.length);
  starts.push(startEmpty);
  await database.transaction((transaction) => transaction.execute(sql`insert into "numbers" values (-1)`, []));
  expect(await count(database)).toBe(1);
  await database.close();
});

it("is started again by the next question where a start failed", async () => {
  const { database, starts } = await keptBooks((_text, before) => before === "commit");
  await write(database);
  starts.push(() => Promise.reject(new Error("the browser is busy")), startEmpty);
  await expect(database.transaction((transaction) => transaction.execute(sql`delete from "numbers"`, []))).rejects.toThrow();
  expect(await count(database)).toBe(0);
  await database.close();
});
