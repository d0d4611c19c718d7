import { randomBytes } from "node:crypto";
import { type Client, escapeLiteral } from "pg";
import { z } from "zod";
import { parseLsn } from "../offset.ts";

const madeRow = z.tuple([z.object({ lsn: z.string() })]);
const slotNameCharsMax = 63;

/** A slot that Postgres drops with the connection it was made on. */
export interface TemporarySlot {
  readonly name: string;
  /** Everything that commits after this is sent. */
  readonly startLsn: bigint;
}

/** Makes a temporary pgoutput slot under a name nobody else has; waits for the transactions under way. */
export async function makeTemporarySlot(client: Client, prefix: string): Promise<TemporarySlot> {
  const name = `${prefix.slice(0, slotNameCharsMax - 13)}_${randomBytes(6).toString("hex")}`;
  const { rows } = await client.query(`SELECT lsn::text AS lsn FROM pg_create_logical_replication_slot(${escapeLiteral(name)}, 'pgoutput', true)`);
  return { name, startLsn: parseLsn(madeRow.parse(rows)[0].lsn) };
}
