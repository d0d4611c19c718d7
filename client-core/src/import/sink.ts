import type { ReadBatch, ReadRow, Refusal, SkippedLine } from "./model.ts";

/** Where records go: each into exactly one list, or counted as blank. */
export interface RowSink {
  readonly rows: ReadRow[];
  readonly refused: Refusal[];
  readonly skipped: SkippedLine[];
  blankLines: number;
}

/** An empty sink. */
export function newSink(): RowSink {
  return { rows: [], refused: [], skipped: [], blankLines: 0 };
}

/** True when nothing came. */
export function isEmpty({ rows, refused, skipped, blankLines }: RowSink): boolean {
  return rows.length + refused.length + skipped.length + blankLines === 0;
}

/** One file of a structured format under way. */
export interface RecordSource {
  /** Reads the next record into the sink; false when the file has no more. */
  next(sink: RowSink): boolean;
  /** The record read last as it stands in the file, in the order of the columns of the understanding. */
  readonly cells: readonly string[];
  /** Line where it starts. */
  readonly line: number;
  readonly bytesRead: number;
}

/** Batches of a source, holding one at a time. Parts of rows count as rows do, so that a batch is bounded; no record is split over two. */
export function* batchesOf(source: RecordSource, batchRows: number): Generator<ReadBatch, void, void> {
  let sink = newSink();
  let weight = 0;
  for (let one = newSink(); source.next(one); one = newSink()) {
    const own = weightOf(one);
    if (weight > 0 && weight + own > batchRows) {
      yield { ...sink, bytesRead: source.bytesRead };
      sink = newSink();
      weight = 0;
    }
    weight += own;
    sink.rows.push(...one.rows);
    sink.refused.push(...one.refused);
    sink.skipped.push(...one.skipped);
  }
  if (weight > 0) yield { ...sink, bytesRead: source.bytesRead };
}

function weightOf({ rows, refused, skipped }: RowSink): number {
  return rows.reduce((sum, row) => sum + 1 + (row.parts?.length ?? 0), refused.length + skipped.length);
}
