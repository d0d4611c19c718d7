/** What a real file of a bank exchange format holds, worked out without our parsers. Money in minor units. */
export interface ExchangeFigures {
  /** How it was counted. */
  readonly counted: string;
  readonly format: string;
  readonly rows: number;
  /** Money in and out by currency. */
  readonly sums: Readonly<Record<string, readonly [moneyIn: number, moneyOut: number]>>;
  readonly firstOn: string | null;
  readonly lastOn: string | null;
  /** Account, opening and closing balance of each statement of the file. */
  readonly statements: readonly (readonly [account: string | null, openingMinor: number | null, closingMinor: number | null])[];
  /** Records refused, as `line:why`. */
  readonly refused?: readonly string[];
}

/** By Python: sections cut out by a regular expression, keys split at the first equals sign, own accounts those of `РасчСчет=` lines. */
const bySections = "python3: sections by regular expression, decimals; side of the own account";

/** The figures of every real exchange file, by its path in the folder of statements; see {@link ExchangeFigures}. */
export const exchangeFigures: Readonly<Record<string, ExchangeFigures>> = {
  "kilylabs__client-bank-exchange-php/one_day.txt": {
    counted: `${bySections}; the payer's account is made unknown, so the filled date says the side; in and out equal the totals of the file`,
    format: "1c", rows: 13, sums: { RUB: [4_000_000, -4_118_400] }, firstOn: "2016-01-11", lastOn: "2016-01-11", statements: [["40702810200000000001", 4_532_991, 4_414_591]],
  },
  "odoo-ru__client-bank-1c/kl_to_1c.txt": {
    counted: bySections, format: "1c", rows: 1, sums: { RUB: [0, -10_815_912] }, firstOn: "2023-04-03", lastOn: "2023-04-03", statements: [["00000000000000000001", 11_097_800, 281_888]],
  },
  "odoo-ru__client-bank-1c/1c_to_kl-win-min-example.txt": {
    counted: "by eye: a first line, an unknown key, a last line", format: "1c", rows: 0, sums: {}, firstOn: null, lastOn: null, statements: [[null, null, null]],
  },
  "Xini1__client-bank-exchange/sample1.txt": {
    counted: "by eye: two documents that pay an account from itself",
    format: "1c", rows: 0, sums: {}, firstOn: null, lastOn: null, statements: [["12345678901234567890", 1010, 1010], ["12345678901234567891", 1010, 1010]], refused: ["31:payer_is_payee", "97:payer_is_payee"],
  },
  "Xini1__client-bank-exchange/sample2.txt": { counted: bySections, format: "1c", rows: 1, sums: { RUB: [0, -1] }, firstOn: "2021-08-20", lastOn: "2021-08-20", statements: [["40706810900000064381", null, null]] },
  "Xini1__client-bank-exchange/sample3.txt": { counted: bySections, format: "1c", rows: 1, sums: { RUB: [0, -1] }, firstOn: "2021-08-20", lastOn: "2021-08-20", statements: [["40702810942020002415", null, null]] },
};
