import { minor, toServerTable, tables, type Row } from "@saldo/schema";
import { serverMigrations } from "@saldo/schema/server";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../deploy/testing/postgres.ts";
import { createPgRowStore } from "./pg-row-store.ts";

const instant = "2026-01-02T03:04:05.678Z";
let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  for (const migration of serverMigrations) for (const statement of migration.statements) await client.query(statement);
});
beforeEach(async () => {
  await client.query('truncate account, category, "transaction", note_update, member, client, rejection, workspace, job, relay.job_outbox');
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const storeOf = (workspaceId: string, userId = "user-a") => createPgRowStore(client, { workspaceId, userId });
const account = (id: string, workspaceId = "a", balanceMinor: number | null = 100): Row<"account"> => ({
  id,
  workspaceId,
  name: `Счёт ${id}`,
  currency: "RUB",
  number: null,
  balanceMinor: balanceMinor === null ? null : minor(balanceMinor),
  balanceAsOf: null,
  archived: false,
  createdAt: instant,
});

describe("rows of one workspace", () => {
  it("come back as they went in, one by one and in bulk, whatever their text", async () => {
    const a = storeOf("a");
    const texts = ["", "NULL", "null", '"', "\\", "a\\\"b", "{}", "{a,b}", " lead", "tail ", "новая\nстрока", "🙂", ",", "$1", "'; drop table account; --"];
    const rows = texts.map((name, index) => ({ ...account(`id-${index}`), name, number: index % 2 === 0 ? null : name, balanceMinor: index % 3 === 0 ? null : minor(-index) }));
    await a.insertMany("account", rows);
    expect(await a.list("account", {})).toEqual(rows.toSorted((x, y) => (x.id < y.id ? -1 : 1)));
    const one = { ...account("one"), name: texts.join("|") };
    await a.insert("account", one);
    expect(await a.get("account", "one")).toEqual(one);
    const update = { id: "n1", workspaceId: "a", reportId: "r", update: Uint8Array.from([0, 255, 34, 92]), createdBy: null, createdAt: instant };
    await a.insertMany("note_update", [update, { ...update, id: "n2", update: new Uint8Array(0) }]);
    expect((await a.list("note_update", {})).map((row) => [...row.update])).toEqual([[0, 255, 34, 92], []]);
  });

  it("of another workspace do not exist, whatever their id", async () => {
    const [a, b] = [storeOf("a"), storeOf("b", "user-b")];
    await b.insert("account", account("same", "b"));
    expect(await a.get("account", "same")).toBeUndefined();
    expect(await a.count("account", {})).toBe(0);
    expect(await a.count("account", { workspaceId: "b" })).toBe(0);
    await expect(a.patch("account", "same", { name: "stolen" })).rejects.toMatchObject({ code: "mutation.row_missing" });
    await a.patchMany("account", { id: "same" }, { name: "stolen" });
    await a.remove("account", "same");
    await a.removeMany("account", { currency: "RUB" });
    await a.insert("account", account("same", "a"));
    expect(await b.get("account", "same")).toEqual(account("same", "b"));
  });

  it("cannot be put into, or moved to, another workspace", async () => {
    const a = storeOf("a");
    await expect(a.insert("account", account("x", "b"))).rejects.toMatchObject({ code: "mutation.not_permitted" });
    await expect(a.insertMany("account", [account("x"), account("y", "b")])).rejects.toMatchObject({ code: "mutation.not_permitted" });
    await a.insert("account", account("x"));
    await expect(a.patch("account", "x", { workspaceId: "b" })).rejects.toMatchObject({ code: "mutation.not_permitted" });
    await expect(a.patchMany("account", {}, { id: "y" })).rejects.toMatchObject({ code: "mutation.not_permitted" });
    expect(await a.count("account", {})).toBe(1);
  });

  it("exist once", async () => {
    const a = storeOf("a");
    await a.insert("account", account("x"));
    await expect(a.insert("account", account("x"))).rejects.toMatchObject({ code: "mutation.row_exists" });
    await expect(a.insertMany("account", [account("y"), account("y")])).rejects.toMatchObject({ code: "mutation.row_exists" });
  });
});

describe("a patch", () => {
  it("changes what it names, adds where it says so, and null is a value to find", async () => {
    const a = storeOf("a");
    await a.insertMany("account", [account("x"), account("y", "a", null)]);
    await a.patch("account", "x", { balanceMinor: { add: -30 }, archived: true });
    expect(await a.get("account", "x")).toEqual({ ...account("x", "a", 70), archived: true });
    expect((await a.list("account", { balanceMinor: null })).map((row) => row.id)).toEqual(["y"]);
    await a.patchMany("account", { archived: false }, { number: "40817" });
    expect((await a.list("account", { number: "40817" })).map((row) => row.id)).toEqual(["y"]);
    await a.patch("account", "x", {});
    await expect(a.patch("account", "z", {})).rejects.toMatchObject({ code: "mutation.row_missing" });
  });
});

describe("tables that say who may do what", () => {
  const member: Row<"member"> = { id: "m", workspaceId: "a", userId: "user-a", role: "owner", createdAt: instant };

  it("are read but not written", async () => {
    const a = storeOf("a");
    await client.query("insert into member (id, workspace_id, user_id, role, created_at) values ('m', 'a', 'user-a', 'viewer', $1), ('n', 'a', 'user-b', 'owner', $1)", [instant]);
    await client.query("insert into client (id, workspace_id, user_id, last_seq, created_at) values ('c', 'a', 'user-a', 7, $1)", [instant]);
    expect((await a.list("member", {})).map((row) => row.id)).toEqual(["m"]);
    const attempts = [
      a.insert("member", { ...member, id: "o" }),
      a.insertMany("member", [{ ...member, id: "o" }]),
      a.patch("member", "m", { role: "owner" }),
      a.patchMany("member", {}, { role: "owner" }),
      a.remove("member", "n"),
      a.removeMany("member", {}),
      a.patch("client", "c", { lastSeq: 0 }),
      a.remove("client", "c"),
      a.remove("workspace", "a"),
      a.insert("workspace", { id: "a", name: "x", currency: "RUB", locale: "ru", plan: "paid", createdAt: instant, aiNames: false }),
    ];
    for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: "mutation.not_permitted" });
  });

  it("keep a person's rejections from everyone else", async () => {
    await client.query(
      `insert into rejection (id, workspace_id, user_id, client_id, seq, mutation, code, payload, status, created_at)
       values ('r', 'a', 'user-b', 'c', 1, 'x', 'y', '{}', 'open', $1)`,
      [instant],
    );
    await expect(storeOf("a").patch("rejection", "r", { status: "discarded" })).rejects.toMatchObject({ code: "mutation.row_missing" });
    await storeOf("a", "user-b").patch("rejection", "r", { status: "discarded" });
    expect((await storeOf("a", "user-b").get("rejection", "r"))?.status).toBe("discarded");
  });
});

it("every table can be listed and counted in its scope", async () => {
  const a = storeOf("a");
  for (const declaration of Object.values(tables)) {
    expect(toServerTable(declaration)).toBeDefined();
    expect(await a.list(declaration.name, {})).toEqual([]);
    expect(await a.count(declaration.name, {})).toBe(0);
  }
});
