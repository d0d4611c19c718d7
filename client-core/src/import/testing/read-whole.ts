import { readRows, understandFile, type ImportHints, type ReadRow, type Refusal, type SkippedLine, type Understanding } from "../index.ts";

/** A file understood and read to its end. */
export interface WholeFile {
  readonly understanding: Understanding;
  readonly rows: readonly ReadRow[];
  readonly refused: readonly Refusal[];
  readonly skipped: readonly SkippedLine[];
  readonly blank: number;
}

/** Understands a file and reads all of it; for small files. An understanding brought along is read by. */
export async function readWhole(bytes: Uint8Array, options: { readonly hints?: ImportHints; readonly batchRows?: number; readonly understanding?: Understanding } = {}): Promise<WholeFile> {
  const understanding = options.understanding ?? (await understandFile(bytes, options.hints));
  const whole = { understanding, rows: [] as ReadRow[], refused: [] as Refusal[], skipped: [] as SkippedLine[], blank: 0 };
  for await (const batch of readRows(bytes, understanding, options.batchRows === undefined ? {} : { batchRows: options.batchRows })) {
    whole.rows.push(...batch.rows);
    whole.refused.push(...batch.refused);
    whole.skipped.push(...batch.skipped);
    whole.blank += batch.blankLines;
  }
  return whole;
}
