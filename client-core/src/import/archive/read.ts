import type { FileBytes } from "../../file-bytes.ts";
import type { ArchiveUnderstanding, ReadBatch, ReadRow, Understanding } from "../model.ts";
import { createInflater, filesOf } from "./entries.ts";
import { named } from "./understand.ts";

type ReadRows = (bytes: Uint8Array, understanding: Understanding, options: { readonly batchRows: number }) => AsyncIterable<ReadBatch>;

/** Reads the statements of a ZIP archive one file after the other, one of them inflated at a time. */
export async function* readArchiveRows(bytes: FileBytes, understanding: ArchiveUnderstanding, batchRows: number, readRows: ReadRows): AsyncGenerator<ReadBatch, void, void> {
  const inflate = createInflater(bytes);
  const entries = new Map(filesOf(bytes).map((file) => [file.name, file]));
  const shares = understanding.files.map(({ name }) => entries.get(name)?.entry.storedBytes ?? 0);
  const stored = Math.max(1, shares.reduce((sum, share) => sum + share, 0));
  let statementsBefore = 0;
  let storedBefore = 0;
  if (understanding.passedOver.length > 0) {
    yield { rows: [], refused: [], skipped: understanding.passedOver.map((part) => ({ line: 1, reasonCode: "no_statement" as const, part })), blankLines: 0, bytesRead: 0 };
  }
  for (const [at, file] of understanding.files.entries()) {
    const entry = entries.get(file.name);
    if (entry === undefined) continue;
    const content = inflate(entry);
    const offset = statementsBefore;
    try {
      for await (const batch of readRows(content, file.understanding, { batchRows })) {
        const done = storedBefore + ((shares[at] ?? 0) * batch.bytesRead) / Math.max(1, content.length);
        yield partBatch(batch, file.name, offset, Math.round((done / stored) * bytes.byteLength));
      }
    } catch (error) {
      throw named(error, file.name);
    }
    statementsBefore += file.understanding.statements.length;
    storedBefore += shares[at] ?? 0;
  }
}

function partBatch(batch: ReadBatch, part: string, statementsBefore: number, bytesRead: number): ReadBatch {
  return {
    rows: statementsBefore === 0 ? batch.rows : batch.rows.map((row) => shifted(row, statementsBefore)),
    refused: batch.refused.map((refusal) => ({ ...refusal, part: partName(part, refusal.part) })),
    skipped: batch.skipped.map((line) => ({ ...line, part: partName(part, line.part) })),
    blankLines: batch.blankLines,
    bytesRead,
  };
}

function shifted(row: ReadRow, statementsBefore: number): ReadRow {
  return { ...row, statement: row.statement + statementsBefore, parts: row.parts?.map((one) => shifted(one, statementsBefore)) ?? null };
}

/** A sheet of a workbook in an archive is named by both. */
function partName(file: string, sheet: string | undefined): string {
  return sheet === undefined ? file : `${file}, ${sheet}`;
}
