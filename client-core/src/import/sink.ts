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

/** Batches of a source, holding one at a time. */
export function* batchesOf(source: RecordSource, batchRows: number): Generator<ReadBatch, void, void> {
  let sink = newSink();
  while (source.next(sink)) {
    if (sink.rows.length + sink.refused.length + sink.skipped.length < batchRows) continue;
    yield { ...sink, bytesRead: source.bytesRead };
    sink = newSink();
  }
  if (sink.rows.length + sink.refused.length + sink.skipped.length + sink.blankLines > 0) yield { ...sink, bytesRead: source.bytesRead };
}
