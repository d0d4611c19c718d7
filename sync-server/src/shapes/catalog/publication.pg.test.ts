import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { caughtUp } from "../testing/caught-up.ts";
import { materialise, readShape } from "../testing/read-shape.ts";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

let server: ShapeServer;
beforeAll(async () => {
  server = await startShapeServer({ reconcileMs: 3_600_000 });
  await server.client.query("CREATE TABLE taken (id int PRIMARY KEY, v text); CREATE TABLE other (id int PRIMARY KEY)");
});
afterAll(() => server.stop());

async function ask(table: string, url = server.url): Promise<{ status: number; text: string; retryAfter: string | null }> {
  const response = await fetch(`${url}?${new URLSearchParams({ table, offset: "-1" }).toString()}`);
  return { status: response.status, text: await response.text(), retryAfter: response.headers.get("retry-after") };
}

async function published(): Promise<string[]> {
  const { rows } = await server.client.query<{ name: string }>("SELECT prrelid::regclass::text AS name FROM pg_publication_rel ORDER BY 1");
  return rows.map(({ name }) => name);
}

it.each([
  ["a row filter", "ALTER PUBLICATION shapes ADD TABLE narrow WHERE (id > 1)", "ALTER PUBLICATION shapes DROP TABLE narrow", /has a row filter or a column list/],
  ["a column list", "ALTER PUBLICATION shapes ADD TABLE narrow (id)", "ALTER PUBLICATION shapes DROP TABLE narrow", /has a row filter or a column list/],
  ["no deletes", "ALTER PUBLICATION shapes SET (publish = 'insert, update, truncate')", "ALTER PUBLICATION shapes SET (publish = 'insert, update, delete, truncate')", /does not publish all required operations: INSERT, UPDATE, DELETE, TRUNCATE/],
  ["partitions by way of their root", "ALTER PUBLICATION shapes SET (publish_via_partition_root = true)", "ALTER PUBLICATION shapes SET (publish_via_partition_root = false)", /publish_via_partition_root = false/],
  ["a column list in another publication", "CREATE PUBLICATION elsewhere FOR TABLE narrow (id)", "DROP PUBLICATION elsewhere", /Postgres would refuse updates of the table/],
])("serves no table whose publication has %s, nor goes on with its shapes", async (name, narrow, widen, message) => {
  const { client } = server;
  const rootOnly = name.startsWith("partitions");
  await client.query(`CREATE TABLE narrow (id int PRIMARY KEY, v text) ${rootOnly ? "PARTITION BY RANGE (id); CREATE TABLE narrow_1 PARTITION OF narrow DEFAULT" : ""}`);
  await client.query(narrow);
  const refused = await ask("narrow");
  expect([refused.status, refused.retryAfter, refused.text]).toEqual([503, "10", expect.stringMatching(message)]);
  await client.query("INSERT INTO narrow VALUES (1, 'a'); UPDATE narrow SET v = 'b'");
  await client.query(widen);
  const shape = await readShape(server.url, { table: "narrow" });
  expect(shape.messages).toHaveLength(1);

  if (!name.endsWith("another publication")) {
    await client.query(name.startsWith("a ") ? `ALTER PUBLICATION shapes DROP TABLE narrow; ${narrow}; INSERT INTO narrow VALUES (0, 'hidden'); ${widen}; ALTER PUBLICATION shapes ADD TABLE narrow` : `${narrow}; INSERT INTO narrow VALUES (0, 'x'); DELETE FROM narrow; ${widen}`);
    await server.service.compareTables();
    await expect(readShape(server.url, { table: "narrow" }, shape)).rejects.toThrow("409");
  }
  await client.query("DROP TABLE narrow");
  await server.service.compareTables();
});

it("starts clients over after a table was out of the publication for a while", async () => {
  const { client } = server;
  const shape = await readShape(server.url, { table: "taken" });
  await client.query("ALTER PUBLICATION shapes DROP TABLE taken; INSERT INTO taken VALUES (1, 'missed'); ALTER PUBLICATION shapes ADD TABLE taken");
  await server.restart();
  await expect(readShape(server.url, { table: "taken" }, shape)).rejects.toThrow("409");
  expect(materialise((await readShape(server.url, { table: "taken" })).messages).size).toBe(1);
});

it("answers 503 while a long transaction holds a table, and serves the others meanwhile", async () => {
  const { client } = server;
  const names = ["held_1", "held_2", "held_3"];
  await client.query(names.map((name) => `CREATE TABLE ${name} (id int PRIMARY KEY)`).join("; "));
  const holder = new Client({ connectionString: server.database.url });
  await holder.connect();
  try {
    await holder.query(`BEGIN; ${names.map((name) => `INSERT INTO ${name} VALUES (1)`).join("; ")}`);
    const asked = names.map((name) => ask(name));
    expect((await ask("other")).status).toBe(200);
    for (const { status, retryAfter, text } of await Promise.all(asked)) expect([status, retryAfter, text]).toEqual([503, "5", '{"message":"The table is locked"}']);
  } finally {
    await holder.query("COMMIT");
    await holder.end();
  }
  for (const name of names) expect((await readShape(server.url, { table: name })).messages).toHaveLength(1);
});

it("answers 503 while tables are locked against reading, and takes the snapshots of others meanwhile", async () => {
  const { client } = server;
  const names = ["shut_1", "shut_2", "shut_3", "shut_4", "shut_5"];
  for (const name of names) {
    await client.query(`CREATE TABLE ${name} (id int PRIMARY KEY)`);
    await readShape(server.url, { table: name, where: "id > 0" });
  }
  const holder = new Client({ connectionString: server.database.url });
  await holder.connect();
  try {
    await holder.query(`BEGIN; LOCK ${names.join(", ")} IN ACCESS EXCLUSIVE MODE`);
    const asked = Promise.all(names.flatMap((name) => [ask(name), fetch(`${server.url}?${new URLSearchParams({ table: name, offset: "-1", where: "id < 0" }).toString()}`)]));
    expect((await ask("other")).status).toBe(200);
    expect((await readShape(server.url, { table: "other", columns: "id" })).messages).toEqual([]);
    for (const { status } of await asked) expect(status).toBe(503);
  } finally {
    await holder.query("COMMIT");
    await holder.end();
  }
  expect((await ask("shut_1")).status).toBe(200);
});

it("publishes nothing itself when tables are published by hand, and says what to run", async () => {
  const manual = await startShapeServer({ manualTablePublishing: true });
  try {
    await manual.client.query("CREATE TABLE mine (id int PRIMARY KEY)");
    const { status, text, retryAfter } = await ask("mine", manual.url);
    expect([status, retryAfter]).toEqual([503, "10"]);
    const sql = /Run: (.*)"}/.exec(text)?.[1]?.replaceAll('\\"', '"');
    expect(sql).toBe('ALTER TABLE "public"."mine" REPLICA IDENTITY FULL; ALTER PUBLICATION "shapes" ADD TABLE "public"."mine";');
    await manual.client.query(String(sql));
    expect((await ask("mine", manual.url)).status).toBe(200);
  } finally {
    await manual.stop();
  }
});

it("tells a role that does not own a table what its owner has to run, or that it may not read it", async () => {
  const role = `role_${server.database.name}`;
  await server.client.query(`CREATE ROLE ${role} LOGIN REPLICATION PASSWORD 'p'; GRANT CREATE ON DATABASE ${server.database.name} TO ${role}; ALTER PUBLICATION shapes OWNER TO ${role};
    CREATE TABLE owned (id int PRIMARY KEY); CREATE TABLE hidden (id int); CREATE TABLE secured (id int); ALTER TABLE secured ENABLE ROW LEVEL SECURITY; GRANT SELECT ON owned, secured TO ${role}`);
  const url = new URL(server.database.url);
  url.username = role;
  url.password = "p";
  const other = await startShapeServer({ databaseUrl: url.href, slotName: `${role}_slot` });
  try {
    const refused = await ask("owned", other.url);
    expect([refused.status, refused.text]).toEqual([503, expect.stringContaining("may not publish")]);
    await server.client.query(/owner of the table and of the publication: (.*)"}/.exec(refused.text)?.[1]?.replaceAll('\\"', '"') ?? "");
    expect((await ask("owned", other.url)).status).toBe(200);
    expect(await ask("hidden", other.url)).toMatchObject({ status: 400, text: expect.stringContaining("may not be read") });
    expect(await ask("secured", other.url)).toMatchObject({ status: 400, text: expect.stringContaining("row-level security") });
  } finally {
    await other.stop();
    await server.client.query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1", [`${role}_slot`]);
    await server.client.query(`ALTER PUBLICATION shapes OWNER TO CURRENT_USER; REVOKE ALL ON owned, secured FROM ${role}; REVOKE CREATE ON DATABASE ${server.database.name} FROM ${role}; DROP ROLE ${role}`);
  }
});

it("takes a table out of the publication once no shape has read it for some rounds", async () => {
  const tidy = await startShapeServer({ unpublishUnusedTables: true, reconcileMs: 3_600_000 });
  const tables = async () => (await tidy.client.query("SELECT tablename AS name FROM pg_publication_tables ORDER BY 1")).rows;
  try {
    await tidy.client.query("CREATE TABLE used (id int PRIMARY KEY); CREATE TABLE unused (id int PRIMARY KEY)");
    await readShape(tidy.url, { table: "used" });
    const { handle } = await readShape(tidy.url, { table: "unused" });
    tidy.service.invalidate({ handle });
    for (let round = 0; round < 3; round++) await tidy.service.compareTables();
    expect(await tables()).toEqual([{ name: "used" }]);
    await tidy.client.query("INSERT INTO unused VALUES (1)");
    expect((await readShape(tidy.url, { table: "unused" })).messages).toHaveLength(1);
    expect(await tables()).toEqual([{ name: "unused" }, { name: "used" }]);
  } finally {
    await tidy.stop();
  }
});

it("reads from a publication for all tables, or for a schema, as it is", async () => {
  for (const scope of ["ALL TABLES", "TABLES IN SCHEMA public"]) {
    const wide = await startShapeServer({ publicationName: "wide" });
    try {
      await wide.client.query(`DROP PUBLICATION wide; CREATE PUBLICATION wide FOR ${scope}; CREATE TABLE any_table (id int PRIMARY KEY); CREATE TABLE parts (id int) PARTITION BY RANGE (id); CREATE TABLE parts_1 PARTITION OF parts DEFAULT`);
      await wide.restart();
      for (const table of ["any_table", "parts", "parts_1"]) {
        const before = await readShape(wide.url, { table });
        await wide.client.query(`INSERT INTO ${table} VALUES (1)`);
        await caughtUp(wide.client, wide.service);
        await wide.service.compareTables();
        expect((await readShape(wide.url, { table }, before)).messages.length, `${table} ${scope}`).toBe(1);
      }
      expect(await published()).toEqual(expect.not.arrayContaining(["any_table"]));
    } finally {
      await wide.stop();
    }
  }
});
