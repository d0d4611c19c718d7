/** A record with the physical line it starts on. */
export interface LinedRecord {
  readonly line: number;
  readonly cells: readonly string[];
}
