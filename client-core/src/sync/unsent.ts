import { schemaVersion } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { thawBody } from "../mutations/body.ts";
import type { SqlReader } from "../store/local-database.ts";
import { readSetting } from "./settings.ts";

/** What an export of unsent changes calls itself. */
const exportFormat = "saldo-unsent-changes";
/** Version of that form. */
const exportFormatVersion = 1;
/** Entries read from the outbox at a time: a body may be megabytes. */
const readEntriesMax = 4;

/** How many changes recorded here the server has not confirmed. */
export async function countUnsent(reader: SqlReader): Promise<number> {
  const [row] = await reader.query(sql`select count(*) as "pending" from "sync_outbox" where "status" = 'pending'`);
  return Number(row?.["pending"] ?? 0);
}

/**
 * Writes the unsent changes as JSON, piece by piece, in the order they were recorded: for each its mutation, when it was recorded and its
 * arguments in the clear, one a line, so that a person can read them and they can be recorded again. A body that cannot be read any more is
 * given as it is stored. Returns how many there were.
 */
export async function exportUnsent(reader: SqlReader, exportedAt: string, write: (text: string) => Promise<void>): Promise<number> {
  const workspace = await readSetting(reader, "sync.workspace");
  const client = await readSetting(reader, "sync.client");
  const head = { format: exportFormat, formatVersion: exportFormatVersion, schemaVersion, exportedAt, ...workspace, clientId: client?.clientId ?? null };
  await write(`${JSON.stringify(head, null, 2).slice(0, -2)},\n  "changes": [`);
  let changes = 0;
  let after = 0;
  for (;;) {
    const rows = await reader.query(
      sql`select "seq", "mutation", "version", "recorded_at", "encoding", "body", "sha256" from "sync_outbox"
        where "status" = 'pending' and "seq" > ${after} order by "seq" limit ${sql.raw(String(readEntriesMax))}`,
    );
    for (const row of rows) {
      after = Number(row["seq"]);
      await write(`${changes === 0 ? "" : ","}\n    ${JSON.stringify(await changeOf(row))}`);
      changes++;
    }
    if (rows.length < readEntriesMax) break;
  }
  await write(`${changes === 0 ? "" : "\n  "}]\n}\n`);
  return changes;
}

async function changeOf(row: Readonly<Record<string, unknown>>): Promise<object> {
  const { mutation, encoding, body, sha256 } = row;
  const head = { seq: Number(row["seq"]), mutation, version: Number(row["version"]), recordedAt: row["recorded_at"] };
  if (!(body instanceof Uint8Array)) return { ...head, unreadable: true };
  try {
    return { ...head, arguments: await thawBody(encoding === "deflate" ? "deflate" : "json", new Uint8Array(body)) };
  } catch {
    return { ...head, unreadable: true, encoding, sha256, bodyBase64: base64(body) };
  }
}

/** Bytes turned to text at a time: a call takes only so many arguments. */
const charactersAtOnceMax = 8_192;

function base64(bytes: Uint8Array): string {
  let characters = "";
  for (let start = 0; start < bytes.length; start += charactersAtOnceMax) characters += String.fromCharCode(...bytes.subarray(start, start + charactersAtOnceMax));
  return btoa(characters);
}
