/** A row of a sheet as texts, numbered as the spreadsheet numbers it. */
export interface SheetRow {
  readonly line: number;
  readonly cells: readonly string[];
  readonly isHidden: boolean;
}

/** One sheet of a workbook. */
export interface Sheet {
  readonly name: string;
  readonly isHidden: boolean;
  /** Its rows from the first, empty ones left out where the file leaves them out. Each call starts anew. */
  rows(): Iterable<SheetRow>;
}

/** A workbook opened for reading: small tables in memory, rows read from the bytes each time they are asked for. */
export interface Workbook {
  readonly format: "xlsx" | "xls" | "ods";
  readonly sheets: readonly Sheet[];
  /** Bytes of the file the rows read last have come to, for a progress bar. */
  readonly bytesRead: number;
}
