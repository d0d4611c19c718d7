import type { Client } from "pg";
import { Materialised } from "./materialised.ts";
import type { Programs } from "./powered-process.ts";
import { onFreshDatabase, walPosition } from "./scenarios.ts";

/** How much is put through at once. */
export interface Volumes {
  /** Rows of one snapshot, and of one transaction. */
  readonly rows: number;
  /** Size of one row's text. */
  readonly rowBytes: number;
  /** Tables written in one transaction. */
  readonly tables: number;
}

/** The service's resident memory at its highest, in bytes, after each step. */
export interface VolumeFigures {
  readonly snapshot: number;
  readonly transaction: number;
  readonly row: number;
  readonly tables: number;
}

const operationPattern = /"headers":\{"operation":"/g;
const overlapChars = 200;

/** Reads a shape from an offset to its end, keeping nothing; answers the number of changes and where it ended. */
async function drain(url: string, params: Readonly<Record<string, string>>, from: { readonly offset: string; readonly handle: string }, lsn = 0n): Promise<{ changes: number; offset: string; handle: string }> {
  let [changes, offset, handle] = [0, from.offset, from.handle];
  for (;;) {
    const query = new URLSearchParams({ ...params, offset, ...(handle === "" ? {} : { handle }) });
    const response = await fetch(`${url}?${query.toString()}`);
    if (response.status !== 200) throw new Error(`${response.status} for ${query.toString()}`);
    const decoder = new TextDecoder();
    let tail = "";
    for await (const bytes of response.body ?? []) {
      const text = tail + decoder.decode(bytes, { stream: true });
      const found = [...text.matchAll(operationPattern)];
      changes += found.length;
      tail = text.slice(Math.max((found.at(-1)?.index ?? -1) + 1, text.length - overlapChars));
    }
    [offset, handle] = [response.headers.get("electric-offset") ?? "", response.headers.get("electric-handle") ?? ""];
    const seen = BigInt(/"global_last_seen_lsn":"(\d+)"/.exec(tail)?.[1] ?? 0);
    if (response.headers.has("electric-up-to-date") && seen >= lsn) return { changes, offset, handle };
  }
}

/** Throws when a row is missing or too many; answers how much memory it took. */
export async function passVolumes(programs: Programs, { rows, rowBytes, tables }: Volumes): Promise<VolumeFigures> {
  const figures: Record<keyof VolumeFigures, number> = { snapshot: 0, transaction: 0, row: 0, tables: 0 };
  await onFreshDatabase(
    programs,
    1,
    async (fleet, client) => {
      const highest = async (): Promise<number> => (await fleet.current.memory()).rssBytesMax;
      await client.query("CREATE TABLE many (id int PRIMARY KEY, a text, b text, c numeric)");
      await client.query("INSERT INTO many SELECT g, 'name ' || g, repeat('x', 100), g * 1.5 FROM generate_series(1, $1) g", [rows]);
      let at = await expectChanges(client, fleet.url, { table: "many" }, undefined, rows);
      figures.snapshot = await highest();
      await client.query("UPDATE many SET a = a || '!'");
      at = await expectChanges(client, fleet.url, { table: "many" }, at, rows);
      figures.transaction = await highest();
      await client.query("INSERT INTO many (id, b) VALUES (0, repeat('10 MB row ', $1))", [Math.ceil(rowBytes / 10)]);
      await expectChanges(client, fleet.url, { table: "many" }, at, 1);
      await expectChanges(client, fleet.url, { table: "many", where: "id = 0" }, undefined, 1);
      figures.row = await highest();
      await touchTables(client, tables);
      const shape = new Materialised(fleet.url, { table: `touched_${tables}` });
      await shape.catchUp(0n);
      await client.query("DO $$ BEGIN FOR i IN 1.. (SELECT count(*) FROM pg_class WHERE relname LIKE 'touched\\_%' AND relkind = 'r') LOOP EXECUTE format('INSERT INTO touched_%s VALUES (2)', i); END LOOP; END $$");
      const lsn = await walPosition(client);
      await client.query("INSERT INTO marks DEFAULT VALUES");
      await shape.catchUp(lsn);
      if (shape.rows.size !== 2) throw new Error(`${shape.rows.size} rows of the last table`);
      figures.tables = await highest();
    },
    { ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD: "10485760" },
  );
  return figures;
}

async function expectChanges(client: Client, url: string, params: Readonly<Record<string, string>>, from: { readonly offset: string; readonly handle: string } | undefined, count: number): Promise<{ offset: string; handle: string }> {
  const lsn = await walPosition(client);
  await client.query("INSERT INTO marks DEFAULT VALUES");
  const { changes, ...at } = await drain(url, params, from ?? { offset: "-1", handle: "" }, lsn);
  if (changes !== count) throw new Error(`${changes} changes, not ${count}`);
  return at;
}

/** Makes the tables and publishes all of them, as an operator may. */
async function touchTables(client: Client, tables: number): Promise<void> {
  const batch = 500;
  for (let from = 1; from <= tables; from += batch) {
    const names = Array.from({ length: Math.min(batch, tables - from + 1) }, (_, index) => `touched_${from + index}`);
    await client.query(names.map((name) => `CREATE TABLE ${name} (id int PRIMARY KEY); ALTER TABLE ${name} REPLICA IDENTITY FULL; INSERT INTO ${name} VALUES (1)`).join("; "));
    const { rows } = await client.query<{ name: string }>("SELECT pubname AS name FROM pg_publication");
    await client.query(`ALTER PUBLICATION ${rows[0]?.name ?? ""} ADD TABLE ${names.join(", ")}`);
  }
}
