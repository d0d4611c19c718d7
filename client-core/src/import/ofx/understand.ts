import { exchangeCurrency, surveyOf } from "../exchange/survey.ts";
import { exchangeQuestions, fieldsOfFormat } from "../exchange/understood.ts";
import { askBelowConfidence } from "../limits.ts";
import type { Decision, ImportHints, OfxUnderstanding, TextEncoding } from "../model.ts";
import { chooseEncoding } from "../text/encoding.ts";
import { decoderOf } from "../text/decode.ts";
import { openOfx } from "./read.ts";
import type { FileBytes } from "../../file-bytes.ts";

/**
 * Understands an OFX or QFX file: its accounts, their currency, period and closing balance. Throws `import.cut_off`,
 * `import.no_statement`, `import.xml_document_type`, `import.too_many_statements`.
 */
export function understandOfx(bytes: FileBytes, hints: ImportHints): OfxUnderstanding {
  const { encoding, bomBytes } = encodingOf(bytes, hints.answers?.encoding);
  // The first pass learns of the currencies, so that the second can read the sample with the right one.
  const { statements } = surveyOf(openOfx(bytes, { encoding: encoding.value, bomBytes, currency: hints.defaultCurrency ?? "USD" }));
  const currency = exchangeCurrency(statements, hints);
  const { sample, accounts } = surveyOf(openOfx(bytes, { encoding: encoding.value, bomBytes, currency: currency.value }));
  return {
    format: "ofx",
    encoding,
    bomBytes,
    currency,
    account: accounts.length === 1 ? (accounts[0] ?? null) : null,
    statements,
    columns: fieldsOfFormat([
      ["DTPOSTED", "date"],
      ["TRNAMT", "amount"],
      ["NAME", "counterparty"],
      ["MEMO", "description"],
      ["FITID", "ignored"],
      ["TRNTYPE", "ignored"],
    ]),
    questions: exchangeQuestions({ currency, encoding }),
    missing: [],
    sample,
  };
}

/** The header of OFX 1.x names a code page, which decides only where the bytes leave it open. */
function encodingOf(bytes: FileBytes, answer: TextEncoding | undefined): { encoding: Decision<TextEncoding>; bomBytes: number } {
  const choice = chooseEncoding(bytes, answer);
  if (choice.encoding.confidence >= askBelowConfidence) return choice;
  const head = decoderOf("windows-1252")(bytes.subarray(0, 1024));
  const declared = /^CHARSET:\s*(125[12])/im.exec(head)?.[1];
  if (declared === undefined) return choice;
  const value: TextEncoding = declared === "1251" ? "windows-1251" : "windows-1252";
  return { ...choice, encoding: { value, confidence: 0.9, reason: { code: "encoding_declared", params: { encoding: value } } } };
}
