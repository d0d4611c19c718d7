import { escapeLiteral, type Client } from "pg";
import { z } from "zod";
import { quoteIdentifier } from "../identifiers.ts";
import { parseLsn } from "../offset.ts";
import type { Position } from "./position-file.ts";

const slotRow = z.object({ plugin: z.string().nullable(), database: z.string().nullable(), confirmed: z.string().nullable(), status: z.string().nullable() });

/** Where the slot stands, and whether the shape logs may go on from it. */
export interface SlotState {
  readonly cluster: string;
  /** Everything committed before this was confirmed earlier and is not sent again. */
  readonly confirmedLsn: bigint;
  /** Why the logs cannot be continued: changes may be missing. */
  readonly gap: "new slot" | "slot lost" | "slot moved" | "other cluster" | "database went back" | undefined;
}

async function systemOf(client: Client): Promise<{ readonly cluster: string; readonly flushedLsn: bigint }> {
  const { rows } = await client.query("IDENTIFY_SYSTEM");
  const [system] = z.tuple([z.object({ systemid: z.string(), timeline: z.coerce.string(), xlogpos: z.string() })]).parse(rows);
  return { cluster: `${system.systemid}/${system.timeline}`, flushedLsn: parseLsn(system.xlogpos) };
}

async function readSlot(client: Client, slotName: string): Promise<z.infer<typeof slotRow> | undefined> {
  const sql = `SELECT plugin, database, confirmed_flush_lsn::text AS confirmed, wal_status AS status FROM pg_replication_slots WHERE slot_name = ${escapeLiteral(slotName)}`;
  return z.array(slotRow).parse((await client.query(sql)).rows)[0];
}

/** Since 18 stored generated columns can be published, and a table that has some cannot be without them. */
async function createPublication(client: Client, publication: string): Promise<void> {
  const { rows } = await client.query("SELECT current_setting('server_version_num')::int AS version");
  const [{ version }] = z.tuple([z.object({ version: z.coerce.number() })]).parse(rows);
  await client.query(`CREATE PUBLICATION ${quoteIdentifier(publication)}${version >= 180_000 ? " WITH (publish_generated_columns = stored)" : ""}`);
}

/**
 * Makes sure publication and slot exist (the publication first: a slot cannot decode what lies before it), and compares the slot
 * with the position this storage directory knows. A lost slot is dropped and made anew. A temporary one ends with the connection.
 */
export async function ensureSlot(client: Client, slotName: string, publication: string, position: Position | undefined, temporary = false): Promise<SlotState> {
  const { cluster, flushedLsn } = await systemOf(client);
  const published = await client.query(`SELECT FROM pg_publication WHERE pubname = ${escapeLiteral(publication)}`);
  if (published.rowCount === 0) await createPublication(client, publication);
  let slot = await readSlot(client, slotName);
  const unusable = slot !== undefined && (slot.status === "lost" || slot.confirmed === null || published.rowCount === 0);
  if (unusable) {
    await client.query(`SELECT pg_drop_replication_slot(${escapeLiteral(slotName)})`);
    slot = undefined;
  }
  const made = slot === undefined;
  if (made) {
    await client.query(`SELECT pg_create_logical_replication_slot(${escapeLiteral(slotName)}, 'pgoutput', ${temporary})`);
    slot = await readSlot(client, slotName);
  }
  if (slot?.confirmed == null || slot.plugin !== "pgoutput") throw new Error(`replication slot ${slotName} is not a pgoutput slot of this database`);
  const confirmedLsn = parseLsn(slot.confirmed);
  const gap = unusable ? "slot lost" : made ? "new slot" : position === undefined || confirmedLsn > position.ackedLsn ? "slot moved" : undefined;
  if (position !== undefined && (position.cluster !== cluster || position.slot !== slotName)) return { cluster, confirmedLsn, gap: "other cluster" };
  // What was confirmed had been flushed: a server that has not come so far is an older copy, and writes other things at the same positions.
  const wentBack = position !== undefined && position.ackedLsn > flushedLsn;
  return { cluster, confirmedLsn, gap: gap ?? (wentBack ? "database went back" : undefined) };
}
