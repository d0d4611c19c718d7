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

/** By Python: comments cut out, transactions cut out between their tags, leaves up to the next tag or line end. */
const byTags = "python3: leaves of STMTTRN by regular expression, decimals";

/** By Python: split at `:20:`, movements by the first lines of `:61:`. */
const byFields = "python3: :61:, :60: and :62: by regular expression, decimals";

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
  "OCA__bank-statement-import/test_ofx.ofx": {
    counted: byTags, format: "ofx", rows: 4, sums: { USD: [0, -36_000] }, firstOn: "2013-08-24", lastOn: "2013-08-24", statements: [["123456", null, 215_656], ["123412341234", null, -56_200]],
  },
  "OCA__bank-statement-import/test_ofx_wrong.ofx": {
    counted: `${byTags}; comments take away the currency and number of an account and the date and amount of a transaction`,
    format: "ofx", rows: 3, sums: { USD: [0, -27_000] }, firstOn: "2013-08-24", lastOn: "2013-08-24", statements: [[null, null, 215_656], ["123412341234", null, -56_200]], refused: ["42:date_missing"],
  },
  "csingley__ofxtools/br_nubank_cc.ofx": {
    counted: byTags, format: "ofx", rows: 6, sums: { BRL: [0, -128_091] }, firstOn: "2024-03-22", lastOn: "2024-03-23", statements: [["11111111-UUID-UUID-UUID-111111111111", null, -128_091]],
  },
  "sjcrivelli__actual/credit-card.ofx": { counted: byTags, format: "ofx", rows: 1, sums: { USD: [0, -600] }, firstOn: "2023-03-30", lastOn: "2023-03-30", statements: [["7dc6a2fd-2124-457a-a14", null, -965_401]] },
  "sjcrivelli__actual/data.ofx": { counted: byTags, format: "ofx", rows: 10, sums: { USD: [0, -36_441] }, firstOn: "2019-01-22", lastOn: "2019-01-23", statements: [["123456789123", null, 1_279_801]] },
  "sjcrivelli__actual/html-vals.qfx": { counted: byTags, format: "ofx", rows: 2, sums: { CAD: [0, -200] }, firstOn: "2023-03-01", lastOn: "2023-05-09", statements: [["00000 00-00000", null, 111_111]] },
  "WoLpH__mt940/february_30.sta": {
    counted: `${byFields}; the value date is no day, the booking day is`, format: "mt940", rows: 1, sums: { EUR: [0, -600] }, firstOn: "2016-03-01", lastOn: "2016-03-01", statements: [["1020304050", 120_000, 119_400]],
  },
  "WoLpH__mt940/ing.sta": {
    counted: `${byFields}; its balances do not fit its movements by 49.06`, format: "mt940", rows: 7, sums: { EUR: [468, -5027] }, firstOn: "2010-07-22", lastOn: "2010-07-23", statements: [["0001234567", 0, 347]],
  },
  "WoLpH__mt940/malformed_details.sta": {
    counted: `${byFields}; its balances do not fit its movement by 234.01`, format: "mt940", rows: 1, sums: { EUR: [0, -23_315] }, firstOn: "2017-09-14", lastOn: "2017-09-14", statements: [["1020304050", 1_234_512, 1_234_598]],
  },
  "WoLpH__mt940/sepa_mt9401.sta": {
    counted: `${byFields}; opening + movements = closing in each of the 26`, format: "mt940", rows: 97, sums: { EUR: [518_847_494, -1_445_761_084] }, firstOn: "2007-09-04", lastOn: "2007-09-04",
    statements: [
      ["0194774600888", -123_471_836, -123_762_823], ["0194777100888", -97_049_990, -145_574_985], ["0194778300888", -170_929_634, -223_733_485],
      ["0194779500888", 319_267_504, 424_267_504], ["0194780100888", -236_882_787, -309_552_214], ["0194780101888", 15_297_015, 20_396_020],
      ["0194781300888", -4_043_220, -3_050_383], ["0194781300888", -3_050_383, -10_085_445], ["0194782500888", -155_249_738, -135_894_552],
      ["0194782500888", -135_894_552, -230_347_111], ["0194783700888", -382_947_787, -293_199_484], ["0194783700888", -293_199_484, -501_969_796],
      ["0194784900888", -577_758_557, -601_811_338], ["0194784900888", -601_811_338, -884_442_538], ["0194784901888", 1_399_005, 2_798_010],
      ["0194785000888", -361_251_902, -363_258_504], ["0194785000888", -363_258_504, -381_490_147], ["0194785000888", -381_490_147, -511_359_352],
      ["0194785001888", 15_297_015, 20_396_020], ["0194786200888", 14_596_458, 23_895_477], ["0194787400888", 76_665_649, 112_525_040],
      ["0194791600888", -197_043_187, -447_204_909], ["0194791601888", -32_491_025, -39_731_025], ["0194798900888", -45_000, -60_000],
      ["0194799000888", -45_000, -60_000], ["0194804000888", 0, 5005],
    ],
  },
  "OCA__bank-statement-import/test_qif.qif": {
    counted: "by eye: five records; 8/15/13 shows month before day", format: "qif", rows: 5, sums: { USD: [0, -189_609] }, firstOn: "2013-03-03", lastOn: "2013-08-15", statements: [[null, null, null]],
  },
  "genkgo__camt/camt053.v2.five.decimals.xml": {
    counted: "by eye: 18.150 + 8.850 = 27.000, and 27.050 is what the file says", format: "camt", rows: 1, sums: { EUR: [885, 0] }, firstOn: "2014-12-31", lastOn: "2014-12-31", statements: [["NL26VAYB8060476890", 1815, 2705]],
  },
  "genkgo__camt/camt053.v2.multi.statement.xml": {
    counted: "by eye: 18.15 + 8.85 = 27.00, 27.00 − 7.00 = 20.00", format: "camt", rows: 2, sums: { EUR: [885, -700] }, firstOn: "2014-12-31", lastOn: "2014-12-31",
    statements: [["NL26VAYB8060476890", 1815, 2700], ["NL26VAYB8060476890", 2700, 2000]],
  },
  "sebastienrousseau__bankstatementparser/camt053_duplicate_same_day.xml": {
    counted: "by eye: one coffee twice", format: "camt", rows: 2, sums: { EUR: [0, -900] }, firstOn: "2026-04-07", lastOn: "2026-04-07", statements: [["DE89370400440532013000", null, null]],
  },
  "sebastienrousseau__bankstatementparser/camt053_multicurrency.xml": {
    counted: "by eye: 10000.00 + 1250.50 − 500.25 = 10750.25, 2500.00 − 99.99 = 2400.01", format: "camt", rows: 3, sums: { EUR: [125_050, -50_025], USD: [0, -9999] }, firstOn: "2026-04-10", lastOn: "2026-04-20",
    statements: [["DE89370400440532013000", 1_000_000, 1_075_025], ["US-ACCT-0099", 250_000, 240_001]],
  },
};

/** Files that are refused whole, and the code that says why. */
export const refusedStatements: Readonly<Record<string, string>> = {
  "genkgo__camt/camt053.v2.wrong.xml": "import.no_statement",
};
