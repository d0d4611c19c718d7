import { exchangeCurrency, surveyOf } from "../exchange/survey.ts";
import { exchangeQuestions, fieldsOfFormat } from "../exchange/understood.ts";
import type { ImportHints, Mt940Understanding } from "../model.ts";
import { chooseEncoding } from "../text/encoding.ts";
import { openMt940 } from "./read.ts";

/** Understands a file of MT940 messages: accounts and balances. Throws `import.cut_off` and `import.no_statement`. */
export function understandMt940(bytes: Uint8Array, hints: ImportHints): Mt940Understanding {
  const { encoding, bomBytes } = chooseEncoding(bytes, hints.answers?.encoding);
  const fallback = hints.answers?.currency ?? hints.defaultCurrency ?? "EUR";
  const { statements, sample, accounts } = surveyOf(openMt940(bytes, { encoding: encoding.value, bomBytes, currency: fallback }));
  const currency = exchangeCurrency(statements, hints);
  return {
    format: "mt940",
    encoding,
    bomBytes,
    currency,
    account: accounts.length === 1 ? (accounts[0] ?? null) : null,
    statements,
    columns: fieldsOfFormat([
      [":61:", "amount"],
      [":86:", "description"],
    ]),
    questions: exchangeQuestions({ currency, encoding }),
    missing: [],
    sample,
  };
}
