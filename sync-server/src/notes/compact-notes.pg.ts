import type pg from "pg";
import { inTransaction } from "../database.pg.ts";
import { isNoteUpdate, mergedUpdate } from "./note-update.ts";

/** A row this large is left alone: merging it again and again would send it to every device each time. */
export const settledBytesMin = 64 * 1024;
/** More small rows of one note than this are merged into one, */
export const looseRowsMax = 50;
/** and so are fewer when they hold more than this. */
const looseBytesMax = settledBytesMin;
/** Rows merged at a time, and what they may hold. */
const mergedRowsMax = 1_000;
const mergedBytesMax = 1024 * 1024;
/** Notes found in one look. */
const notesMax = 200;

/** What compaction works with. */
export interface CompactionParts {
  readonly pool: pg.Pool;
  /** Numbers in [0, 1), for pauses between retries. */
  readonly random: () => number;
}

/** What one look did. */
export interface Compacted {
  readonly notes: number;
  /** Rows that went away, their updates being in another now. */
  readonly rowsMerged: number;
  /** Rows met whose bytes are no Yjs update: left where they are. */
  readonly rowsUnreadable: number;
}

interface Note {
  readonly workspace_id: string;
  readonly report_id: string;
}

/** Merges the updates of notes that have many of them. Idempotent; safe beside writers, removals and another relay that does the same. */
export async function compactNotes(parts: CompactionParts): Promise<Compacted> {
  const found = await parts.pool.query<Note>(
    `select workspace_id, report_id from note_update where octet_length("update") < $1
     group by workspace_id, report_id having count(*) > $2 or (count(*) > 1 and sum(octet_length("update")) > $3)
     order by count(*) desc, workspace_id, report_id limit $4`,
    [settledBytesMin, looseRowsMax, looseBytesMax, notesMax],
  );
  const all = { notes: 0, rowsMerged: 0, rowsUnreadable: 0 };
  for (const note of found.rows) {
    const { rowsMerged, rowsUnreadable } = await compactNote(parts, note);
    all.notes += rowsMerged > 0 ? 1 : 0;
    all.rowsMerged += rowsMerged;
    all.rowsUnreadable += rowsUnreadable;
  }
  return all;
}

/**
 * Merges the small updates of one note into the row with the lowest id and removes the other rows, in one transaction. Rows are locked in
 * order of their ids; those written meanwhile are not seen and stay. The row that stays is changed, not made: what another transaction
 * removed does not come back.
 */
async function compactNote({ pool, random }: CompactionParts, { workspace_id, report_id }: Note): Promise<Omit<Compacted, "notes">> {
  return inTransaction(pool, random, async (connection) => {
    const found = await connection.query<{ id: string; update: Buffer }>(
      `select id, "update" from note_update where workspace_id = $1 and report_id = $2 and octet_length("update") < $3
       order by id limit $4 for update`,
      [workspace_id, report_id, settledBytesMin, mergedRowsMax],
    );
    const readable = found.rows.filter(({ update }) => isNoteUpdate(update));
    const rowsUnreadable = found.rows.length - readable.length;
    const [kept, ...others] = withinBytes(readable);
    const update = kept === undefined || others.length === 0 ? null : mergedUpdate([kept, ...others].map((row) => row.update));
    if (kept === undefined || update === null) return { rowsMerged: 0, rowsUnreadable };
    await connection.query(`update note_update set "update" = $3 where workspace_id = $1 and id = $2`, [workspace_id, kept.id, Buffer.from(update)]);
    await connection.query("delete from note_update where workspace_id = $1 and id = any($2)", [workspace_id, others.map(({ id }) => id)]);
    return { rowsMerged: others.length, rowsUnreadable };
  });
}

/** The first rows that together stay within what is merged at a time. */
function withinBytes<Row extends { readonly update: Uint8Array }>(rows: readonly Row[]): readonly Row[] {
  let bytes = 0;
  const end = rows.findIndex(({ update }) => (bytes += update.byteLength) > mergedBytesMax);
  return end === -1 ? rows : rows.slice(0, end);
}
