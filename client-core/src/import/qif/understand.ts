import { exchangeCurrency, surveyOf } from "../exchange/survey.ts";
import { exchangeQuestions, fieldsOfFormat } from "../exchange/understood.ts";
import { askBelowConfidence } from "../limits.ts";
import type { DateOrder, DecimalStyle, Decision, ImportHints, QifUnderstanding, Question, TextEncoding } from "../model.ts";
import { decideDateOrder, type DatePrior } from "../table/decide-date.ts";
import { columnStyle, gatherEvidence, type Evidence } from "../table/evidence.ts";
import { chooseEncoding } from "../text/encoding.ts";
import { decoderOf } from "../text/decode.ts";
import { LineReader } from "../text/lines.ts";
import { TextPieces } from "../text/pieces.ts";
import { amountTextOf, openQif, plainQifDate, valueOf } from "./read.ts";
import { isMoneySection, QifReader } from "./records.ts";
import type { FileBytes } from "../../file-bytes.ts";

const headBytes = 64 * 1024;

/**
 * Understands a QIF file. Dates and amounts are judged over the whole file, as in a table, for the format fixes neither their order nor
 * the decimal mark; nor does it name a currency. Throws `import.no_statement` when it holds no account with transactions.
 */
export function understandQif(bytes: FileBytes, hints: ImportHints): QifUnderstanding {
  const answers = hints.answers ?? {};
  const { encoding, bomBytes } = chooseEncoding(bytes, answers.encoding);
  const evidence = evidenceOf(bytes, encoding.value, bomBytes);
  const said = <Value>(value: Value): Decision<Value> => ({ value, confidence: 1, reason: { code: "you_said", params: {} } });
  const currency = exchangeCurrency([], hints);
  const head = decoderOf(encoding.value)(bytes.subarray(bomBytes, headBytes));
  const dateOrder = answers.dateOrder === undefined ? decideDateOrder(evidence, priorOf(head, currency)) : said(answers.dateOrder);
  const decimalStyle = answers.decimal === undefined ? decimalOf(evidence) : said<DecimalStyle>(answers.decimal);
  const settings = { encoding: encoding.value, bomBytes, currency: currency.value, dateOrder: dateOrder.value, decimal: decimalStyle.value };
  const { statements, sample, accounts } = surveyOf(openQif(bytes, settings));
  return {
    format: "qif",
    encoding,
    bomBytes,
    currency,
    dateOrder,
    decimalStyle,
    account: accounts.length === 1 ? (accounts[0] ?? null) : null,
    statements,
    columns: fieldsOfFormat([
      ["D", "date"],
      ["T", "amount"],
      ["P", "counterparty"],
      ["M", "description"],
      ["L", "category"],
    ]),
    questions: [...styleQuestions(dateOrder, decimalStyle), ...exchangeQuestions({ currency, encoding })],
    missing: [],
    sample,
  };
}

function evidenceOf(bytes: FileBytes, encoding: TextEncoding, bomBytes: number): Evidence {
  const records = new QifReader(new LineReader(new TextPieces(bytes, encoding, bomBytes)));
  const nextCells = (): readonly string[] | undefined => {
    let record = records.next();
    while (record !== undefined && !isMoneySection(record.section)) record = records.next();
    return record === undefined ? undefined : [plainQifDate(valueOf(record.fields, "D")), amountTextOf(record)];
  };
  return gatherEvidence(nextCells, fieldsOfFormat([["D", "date"], ["T", "amount"]]));
}

/** Only Quicken of the United States writes the year behind an apostrophe. */
function priorOf(head: string, currency: Decision<string>): DatePrior {
  if (/^D\s*\d{1,2}\/\s*\d{1,2}'/m.test(head)) return { order: "MDY", because: "'" };
  if (currency.confidence >= 0.5) return currency.value === "USD" ? { order: "MDY", because: "USD" } : { order: "DMY", because: currency.value };
  return /[А-Яа-яäöüßéèñçłęą]/.test(head) ? { order: "DMY", because: "language" } : { order: "MDY", because: "English" };
}

function decimalOf(evidence: Evidence): Decision<DecimalStyle> {
  const tally = evidence.decimals.get(1) ?? { points: 0, commas: 0, either: 0 };
  const value = columnStyle(tally);
  const params = { ...tally, mark: value };
  if (value === "unknown") return tally.either > 0 ? { value, confidence: 0.5, reason: { code: "decimal_either", params } } : { value: ".", confidence: 0.95, reason: { code: "decimal_whole", params } };
  if (value === "mixed") return { value, confidence: 0.8, reason: { code: "decimal_mixed", params } };
  return { value, confidence: 0.95, reason: { code: "decimal_seen", params } };
}

function styleQuestions(dateOrder: Decision<DateOrder>, decimalStyle: Decision<DecimalStyle>): Question[] {
  const ask = (code: "date_order" | "decimal", answerKey: "dateOrder" | "decimal", { value, confidence, reason }: Decision<string>, options: readonly string[]): Question[] =>
    confidence >= askBelowConfidence ? [] : [{ code, answerKey, options, chosen: value, confidence, reason }];
  return [...ask("date_order", "dateOrder", dateOrder, ["DMY", "MDY", "YMD"]), ...ask("decimal", "decimal", decimalStyle, [".", ","])];
}
