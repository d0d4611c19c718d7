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
  /** Entries of one ZIP archive, parts of workbooks among them. */
  archiveEntriesMax: 10_000,
  /** The directory of an archive. */
  archiveDirectoryBytesMax: 8 * 1024 * 1024,
  /** What the files of an archive of statements may inflate to together; one of them is held in memory. */
  archivedBytesMax: 100 * 1024 * 1024,
  /** What one entry of an archive may inflate to. */
  inflatedBytesMax: 1024 * 1024 * 1024,
  /** Times an entry may grow while inflating, judged once `inflatedFreeBytes` came out. */
  inflatedRatioMax: 100,
  inflatedFreeBytes: 4 * 1024 * 1024,
  /** Texts the cells of a workbook share, held in memory. */
  sharedTextsMax: 2_000_000,
  sharedTextCharsMax: 64 * 1024 * 1024,
  /** A legacy workbook, which is held in memory whole; its sheets have at most 65,536 rows. */
  xlsBytesMax: 128 * 1024 * 1024,
  /** Times one row with text may be repeated by a count. */
  repeatedRowsMax: 10_000,
  cellStylesMax: 65_536,
  mergedCellsMax: 100_000,
  /** Sheets larger than this are not looked through for merged cells before they are read: their rows are refused for want of a date instead. */
  mergedSheetBytesMax: 32 * 1024 * 1024,
  /** Sheets of one workbook looked at. */
  sheetsMax: 256,
  /** Rows of each sheet looked at to tell which one holds transactions. */
  sheetRowsLookedAt: 300,
  /** Rows of one batch unless the caller says. */
  batchRowsDefault: 5000,
} as const;

/** Below this confidence the app asks. */
export const askBelowConfidence = 0.75;
