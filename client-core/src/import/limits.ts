/** Every maximum of reading a file, in one place; each is named in the error that reports it. */
export const importLimits = {
  /** A whole file. */
  fileBytesMax: 1024 * 1024 * 1024,
  /** One record, quoted line breaks included. */
  recordCharsMax: 1024 * 1024,
  /** One cell. */
  cellCharsMax: 64 * 1024,
  /** Cells of one record. */
  columnsMax: 1000,
  /** Records of one file. */
  recordsMax: 5_000_000,
  /** Bytes decoded at a time. */
  pieceBytesMax: 1024 * 1024,
  /** Bytes looked at to choose the delimiter. */
  dialectBytesMax: 256 * 1024,
  /** Records looked at to find the header and the columns. */
  profileRecordsMax: 2000,
  /** Records before the header. */
  preambleRecordsMax: 100,
  /** Records after which the search for evidence stops once every style is settled. */
  evidenceRecordsMin: 10_000,
  /** Records whose balances are compared with their amounts. */
  balanceRecordsMax: 5000,
  /** Rows shown raw beside read. */
  sampleRowsMax: 20,
  /** Statements of one file: an account over a period each. */
  statementsMax: 20_000,
  /** Rows of one batch unless the caller says. */
  batchRowsDefault: 5000,
} as const;

/** Below this confidence the app asks. */
export const askBelowConfidence = 0.75;
