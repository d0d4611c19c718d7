import type { ColumnRole, ImportHints, TextEncoding, UnderstoodExchange } from "../model.ts";
import { chooseEncoding } from "../text/encoding.ts";
import { exchangeCurrency, surveyOf, type StatementSource } from "./survey.ts";
import { exchangeQuestions, fieldsOfFormat } from "./understood.ts";
import type { FileBytes } from "../../file-bytes.ts";

/** How a source is opened: the currency is that of rows whose statement names none. */
type Open = (bytes: FileBytes, settings: { readonly encoding: TextEncoding; readonly bomBytes: number; readonly currency: string }) => StatementSource;

/** What is understood of a format whose statements name their currency: one pass over the file tells all of it. Throws what the source throws, and `import.no_statement`. */
export function understoodInOnePass(bytes: FileBytes, hints: ImportHints, open: Open, fields: readonly (readonly [name: string, role: ColumnRole])[]): UnderstoodExchange {
  const { encoding, bomBytes } = chooseEncoding(bytes, hints.answers?.encoding);
  const fallback = hints.answers?.currency ?? hints.defaultCurrency ?? "EUR";
  const { statements, sample, accounts } = surveyOf(open(bytes, { encoding: encoding.value, bomBytes, currency: fallback }));
  const currency = exchangeCurrency(statements, hints);
  return {
    encoding,
    bomBytes,
    currency,
    account: accounts.length === 1 ? (accounts[0] ?? null) : null,
    statements,
    columns: fieldsOfFormat(fields),
    questions: exchangeQuestions({ currency, encoding }),
    missing: [],
    sample,
  };
}
