/**
 * What a real file holds, worked out with the csv module of Python and exact decimals (`python3`, no code of ours), one recipe for
 * each file: which cell is the date, in which format, which cell is the amount and what turns its sign. Money in minor units.
 */
export interface StatementFigures {
  readonly counted: string;
  readonly rows: number;
  readonly currency: string;
  readonly moneyIn: number;
  readonly moneyOut: number;
  readonly firstOn: string;
  readonly lastOn: string;
  readonly refused?: number;
  readonly skipped?: readonly string[];
  readonly blank?: number;
}

/** The figures of every real statement file, by its path in the folder of statements; see {@link StatementFigures}. */
export const statementFigures: Readonly<Record<string, StatementFigures>> = {
  "OxOpenData__expenditure-over-500/expenditure-over-500-oct-dec-2014.csv": {
    counted: "cell 5 as %d/%m/%Y, minus cell 7: payments to suppliers, negative ones are refunds", rows: 3978, currency: "GBP", moneyIn: 3_128_294, moneyOut: -1_570_733_686, firstOn: "2014-10-03", lastOn: "2014-12-31",
  },
  "odileeds__council-spending-data/manchester_2022-05.csv": {
    counted: "cell 4 ISO, minus cell 6", rows: 3564, currency: "GBP", moneyIn: 617_038_181, moneyOut: -10_357_060_891, firstOn: "2022-05-03", lastOn: "2022-05-31",
  },
  "odileeds__council-spending-data/newcastle_2022-08.csv": {
    counted: "cell 4 ISO, minus cell 10; cell 11 has no header and is not used", rows: 6568, currency: "GBP", moneyIn: 33_943_296, moneyOut: -4_835_245_793, firstOn: "2022-08-01", lastOn: "2022-08-31",
  },
  "odileeds__council-spending-data/darlington_2022-09.csv": {
    counted: "cell 7 ISO, minus cell 8", rows: 1487, currency: "GBP", moneyIn: 0, moneyOut: -1_128_165_447, firstOn: "2021-03-18", lastOn: "2022-10-01",
  },
  "odileeds__council-spending-data/cabinetoffice_2022-07.csv": {
    counted: "cell 4 ISO, minus cell 9", rows: 318, currency: "GBP", moneyIn: 0, moneyOut: -4_377_652_232, firstOn: "2022-07-01", lastOn: "2022-07-29",
  },
  "zenlan__lambethdatastore/2012-06-payments.csv": {
    counted:
      "records of 6 cells whose cell 4 is dd/mm/yyyy, minus cell 5; 639 records have date and amount or name and date run together and are refused; " +
      "read 39,775,940.53 + run together 469,357.71 + 47,036.60 (lines 441, 442, 1044) = 40,292,334.84, the file's own total line",
    rows: 2516, currency: "GBP", moneyIn: 0, moneyOut: -3_977_594_053, firstOn: "2010-10-20", lastOn: "2012-06-29", refused: 639, skipped: ["3167:total", "3171:note"], blank: 4,
  },
  "garimabhayanaa__Budget-Manager/Transactions.csv": {
    counted: "cell 1 as %d/%m/%Y with or without time (one row ISO), plus cell 6 when cell 7 is Income, else minus", rows: 2462, currency: "INR", moneyIn: 305_739_735, moneyOut: -372_817_143, firstOn: "2015-01-01", lastOn: "2024-07-29", blank: 2,
  },
  "gerasiov__ofxstatement-russian/sberbank.csv": {
    counted: "cell 3 as %d.%m.%Y, cell 12 with a decimal comma", rows: 11, currency: "RUB", moneyIn: 1_720_924, moneyOut: -987_041, firstOn: "2019-04-01", lastOn: "2019-10-31",
  },
  "defremov71__tbank2qif/operations.sample.csv": {
    counted: "cell 1 as %d.%m.%Y, cell 7 with a decimal comma or point", rows: 11, currency: "RUB", moneyIn: 53_471_047, moneyOut: -1_254_708, firstOn: "2025-07-18", lastOn: "2025-10-13",
  },
  "reubano__csv2ofx/ingesp.csv": { counted: "cell 1 as %d/%m/%Y, cell 7", rows: 10, currency: "EUR", moneyIn: 190_100, moneyOut: -155_079, firstOn: "2022-03-24", lastOn: "2022-12-31" },
  "reubano__csv2ofx/gls.csv": { counted: "cell 2 as %d.%m.%Y, cell 20 as 1.234,56", rows: 1, currency: "EUR", moneyIn: 0, moneyOut: -9876, firstOn: "2017-10-10", lastOn: "2017-10-10" },
  "reubano__csv2ofx/outbank.csv": { counted: "cell 3 as %m/%d/%y, cell 5 with a decimal comma", rows: 4, currency: "EUR", moneyIn: 10_000, moneyOut: -13_589, firstOn: "2019-01-05", lastOn: "2019-02-20" },
  "microsoft__BusinessCentralBankImportFormat/PNC_BankStatement.csv": {
    counted: "cell 1 as %m/%d/%Y, cell 8, minus when cell 9 is DR", rows: 17, currency: "USD", moneyIn: 182_369, moneyOut: -9_342_285, firstOn: "2019-07-29", lastOn: "2019-08-23",
  },
  "sebastienrousseau__bankstatementparser/csv_european_decimals.csv": { counted: "cell 1 ISO, cell 3 as 1.234,56", rows: 3, currency: "EUR", moneyIn: 350_000, moneyOut: -123_906, firstOn: "2026-04-02", lastOn: "2026-04-09" },
};

/** Files that are no list of transactions: they split into cells and are then refused for want of a date. */
export const statementsWithoutDates: readonly string[] = ["max-mapper__csv-spectrum/quotes_and_newlines.csv", "max-mapper__csv-spectrum/escaped_quotes.csv"];

/** Workbooks of the folder: none is a list of transactions, each is refused for what it is. Seen by unpacking them by hand. */
export const workbookRefusals: Readonly<Record<string, { readonly seen: string; readonly code: string }>> = {
  "exceljs__exceljs/1904.xlsx": { seen: "three sheets, one cell filled: the first day of the 1904 date system", code: "import.no_date_column" },
  "exceljs__exceljs/formulas.xlsx": { seen: "two rows of text made by formulas, no date", code: "import.no_date_column" },
  "exceljs__exceljs/invalid-xml.xlsx": { seen: "broken XML in a part", code: "import.xml_damaged" },
  "mayswind__ezbookkeeping/empty_excel_file.xlsx": { seen: "one sheet without a cell", code: "import.empty_workbook" },
  "mayswind__ezbookkeeping/multiple_sheets_with_different_header_row_excel_file.xls": { seen: "two sheets of names of cells", code: "import.no_date_column" },
};
