import { exchangeCurrency, surveyOf } from "../exchange/survey.ts";
import { exchangeQuestions, fieldsOfFormat } from "../exchange/understood.ts";
import type { CamtUnderstanding, ImportHints } from "../model.ts";
import { chooseEncoding } from "../text/encoding.ts";
import { openCamt } from "./read.ts";

/** Understands a camt.052, .053 or .054 message: accounts, periods and balances. Throws `import.no_statement` and `import.xml_damaged`. */
export function understandCamt(bytes: Uint8Array, hints: ImportHints): CamtUnderstanding {
  const { encoding, bomBytes } = chooseEncoding(bytes, hints.answers?.encoding);
  const fallback = hints.answers?.currency ?? hints.defaultCurrency ?? "EUR";
  const { statements, sample, accounts } = surveyOf(openCamt(bytes, { encoding: encoding.value, bomBytes, currency: fallback }));
  const currency = exchangeCurrency(statements, hints);
  return {
    format: "camt",
    encoding,
    bomBytes,
    currency,
    account: accounts.length === 1 ? (accounts[0] ?? null) : null,
    statements,
    columns: fieldsOfFormat([
      ["BookgDt", "date"],
      ["Amt", "amount"],
      ["CdtDbtInd", "direction"],
      ["RmtInf", "description"],
      ["AcctSvcrRef", "ignored"],
    ]),
    questions: exchangeQuestions({ currency, encoding }),
    missing: [],
    sample,
  };
}
