import type { IdSource } from "@saldo/schema";
import { sql } from "drizzle-orm";
import * as Y from "yjs";
import { readRows, type SqlReader } from "../store/index.ts";

/** Most rows read at a time. */
const rowsAtOnceMax = 500;

/** A note as its rows have it. */
export interface NoteState {
  /** One Yjs update that holds all of it. */
  readonly update: Uint8Array;
  /** Another one whenever rows went away since the last reading, or this is the first: what was seen before may be there no more. */
  readonly reading: string;
  /** Rows whose bytes are no Yjs update; they are left out. */
  readonly unreadableRows: number;
}

/** Where the note of a report is. */
export interface NotePlace {
  readonly workspaceId: string;
  readonly reportId: string;
}

/**
 * Reads a note from its rows again and again, each time only the rows that are new or changed. When rows went away (compaction replaces
 * many by one, a refused change is rolled back) all are read anew. One reading at a time.
 */
export function noteReader({ workspaceId, reportId }: NotePlace, ids: IdSource): (reader: SqlReader) => Promise<NoteState> {
  const where = sql`where "workspace_id" = ${workspaceId} and "report_id" = ${reportId}`;
  let document = new Y.Doc();
  let reading = ids.next();
  /** Bytes of each row that was read, by id. */
  let seen = new Map<string, number>();
  let unreadable = new Set<string>();

  const apply = (id: string, update: Uint8Array) => {
    seen.set(id, update.byteLength);
    if (isNoteUpdate(update) && applied(document, update)) unreadable.delete(id);
    else unreadable.add(id);
  };

  return async (reader) => {
    const listed = await reader.query(sql`select "id", length("update") as "bytes" from "note_update" ${where} order by "id"`);
    const bytesOf = new Map(listed.map((row) => [String(row["id"]), Number(row["bytes"])]));
    if ([...seen.keys()].some((id) => !bytesOf.has(id))) {
      document.destroy();
      document = new Y.Doc();
      reading = ids.next();
      seen = new Map();
      unreadable = new Set();
    }
    const wanted = [...bytesOf].flatMap(([id, bytes]) => (seen.get(id) === bytes ? [] : [id]));
    for (let start = 0; start < wanted.length; start += rowsAtOnceMax) {
      const page = wanted.slice(start, start + rowsAtOnceMax).map((id) => sql`${id}`);
      const rows = await readRows(reader, "note_update", sql`${where} and "id" in (${sql.join(page, sql`, `)}) order by "id"`);
      for (const { id, update } of rows) apply(id, update);
    }
    return { update: Y.encodeStateAsUpdate(document), reading, unreadableRows: unreadable.size };
  };
}

/** True when bytes are one whole Yjs update. */
export function isNoteUpdate(bytes: Uint8Array): boolean {
  try {
    Y.decodeUpdate(bytes);
    return true;
  } catch {
    return false;
  }
}

function applied(document: Y.Doc, update: Uint8Array): boolean {
  try {
    Y.applyUpdate(document, update);
    return true;
  } catch {
    return false;
  }
}
