import { closeSync, openSync, writeSync } from "node:fs";
import { Client, type ClientConfig } from "pg";
import { machineMs } from "./clock.ts";
import type { Part } from "./part.ts";
import { ReplicationStream, statusUpdate } from "../replication/wire.ts";

/** The reference: the least that anything between Postgres and a log of JSON has to do. */
export interface BareDecode {
  readonly databaseUrl: string;
  readonly slot: string;
  readonly publication: string;
  readonly file: string;
  /** Ends with the row of the table of marks that says this, or after so many rows. */
  readonly until: { readonly mark: string } | { readonly rows: number };
}

/** When the mark was seen, and (when rows were counted) each row's milliseconds from being sent to being decoded. */
export interface BareDecodeAnswer {
  readonly seenMs: number;
  readonly latenciesMs: readonly number[];
}

const names = ["id", "workspace_id", "account_id", "posted_on", "amount_minor", "currency", "description", "counterparty", "created_at"];
const writeBytes = 64 * 1024;

function rowOf(message: Buffer): (string | null)[] {
  const values: (string | null)[] = [];
  const count = message.readUInt16BE(6);
  for (let index = 0, at = 8; index < count; index++) {
    const kind = message[at];
    at += 1;
    if (kind !== 0x74) {
      values.push(null);
      continue;
    }
    const end = at + 4 + message.readUInt32BE(at);
    values.push(message.toString("utf8", at + 4, end));
    at = end;
  }
  return values;
}

/** Decode, JSON, write, in one loop: no shapes, no index, no sync, no readers. */
export const bareDecode: Part<BareDecode, BareDecodeAnswer> = async (bare, ready) => {
  const config: ClientConfig & { replication: string } = { connectionString: bare.databaseUrl, replication: "database" };
  const client = new Client(config);
  client.on("error", () => undefined);
  await client.connect();
  await client.query(`CREATE_REPLICATION_SLOT ${bare.slot} TEMPORARY LOGICAL pgoutput`);
  const file = openSync(bare.file, "w");
  const latenciesMs: number[] = [];
  let text = "";
  const answer = await new Promise<BareDecodeAnswer>((resolve, reject) => {
    const onChunk = (chunk: Buffer): void => {
      if (chunk[0] !== 0x77 || chunk[25] !== 0x49) return;
      const row = rowOf(chunk.subarray(25));
      if (row.length === 1) {
        if ("mark" in bare.until && row[0] === bare.until.mark) resolve({ seenMs: machineMs(), latenciesMs });
        return;
      }
      if ("rows" in bare.until) {
        latenciesMs.push(machineMs() - Number(row[8]));
        if (latenciesMs.length === bare.until.rows) resolve({ seenMs: machineMs(), latenciesMs });
      }
      const value: Record<string, string | null> = {};
      for (let index = 0; index < names.length; index++) value[names[index] ?? ""] = row[index] ?? null;
      text += `${JSON.stringify({ key: `"public"."rows"/"${row[0]}"`, value, headers: { operation: "insert", relation: ["public", "rows"] } })},\n`;
      if (text.length < writeBytes) return;
      writeSync(file, text);
      text = "";
    };
    const sql = `START_REPLICATION SLOT ${bare.slot} LOGICAL 0/0 (proto_version '1', publication_names '${bare.publication}')`;
    client.query(new ReplicationStream(sql, onChunk, reject));
    void ready();
  });
  client.connection.stream.write(statusUpdate(0n, 0, false));
  client.connection.stream.destroy();
  closeSync(file);
  return answer;
};
