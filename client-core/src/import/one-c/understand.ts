import { SaldoError, type Minor } from "@saldo/schema";
import { fieldsOfFormat, noFacts, sampleOf } from "../exchange/understood.ts";
import { importLimits } from "../limits.ts";
import type { Decision, ImportHints, OneCUnderstanding, StatementFacts, TextEncoding } from "../model.ts";
import type { TextSource } from "../csv/records.ts";
import { LineReader } from "../text/lines.ts";
import { TextPieces } from "../text/pieces.ts";
import { readAmount } from "../values/amount.ts";
import { currencyOfAccount } from "../values/currency.ts";
import { createDateText, readDate } from "../values/date.ts";
import { formatWords } from "./fields.ts";
import { OutsideDocuments } from "./outside-documents.ts";
import { openOneC } from "./read.ts";
import { SectionReader } from "./sections.ts";
import type { FileBytes } from "../../file-bytes.ts";

/** Accounts whose number names none are kept in it. */
const formatCurrency = "RUB";
const headBytes = 8 * 1024;
const encodings: readonly TextEncoding[] = ["utf-8", "windows-1251", "ibm866", "utf-16le", "utf-16be"];

/**
 * Understands a 1CClientBankExchange file (1.01–1.03): its accounts with their balances. The encoding is the one in which the words of the
 * format can be read, whatever the header claims. Throws `import.cut_off`, `import.format_damaged`, `import.too_many_statements`.
 */
export function understandOneC(bytes: FileBytes, hints: ImportHints): OneCUnderstanding {
  const { encoding, bomBytes } = encodingOf(bytes, hints.answers?.encoding);
  const statements = statementsOfFile(bytes, encoding.value, bomBytes);
  const accounts = new Set(statements.flatMap(({ account }) => account ?? []));
  const partial: OneCUnderstanding = {
    format: "1c",
    encoding,
    bomBytes,
    currency: hints.answers?.currency === undefined ? currencyOf([...accounts]) : { value: hints.answers.currency, confidence: 1, reason: { code: "you_said", params: {} } },
    account: accounts.size === 1 ? ([...accounts][0] ?? null) : null,
    statements,
    columns: fieldsOfFormat([
      ["Дата", "date"],
      ["Номер", "ignored"],
      ["Сумма", "amount"],
      ["Плательщик", "payer"],
      ["Получатель", "payee"],
      ["НазначениеПлатежа", "description"],
    ]),
    questions: [],
    missing: [],
    sample: [],
  };
  return { ...partial, sample: sampleOf(openOneC(bytes, partial)) };
}

function encodingOf(bytes: FileBytes, answer: TextEncoding | undefined): { encoding: Decision<TextEncoding>; bomBytes: number } {
  const [first] = bytes.subarray(0, 1);
  const bomBytes = first === 0xef ? 3 : first === 0xff || first === 0xfe ? 2 : 0;
  const head = bytes.subarray(bomBytes, bomBytes + headBytes);
  const wordsIn = (encoding: TextEncoding): number => {
    const text = new TextDecoder(encoding).decode(head);
    return formatWords.filter((word) => text.includes(word)).length;
  };
  if (answer !== undefined) return { encoding: { value: answer, confidence: 1, reason: { code: "you_said", params: {} } }, bomBytes };
  const [best] = encodings.map((encoding) => ({ encoding, words: wordsIn(encoding) })).toSorted((a, b) => b.words - a.words);
  if (best === undefined || best.words === 0) throw new SaldoError("import.format_damaged", { line: 2, format: "1C" });
  const { encoding, words } = best;
  return { encoding: { value: encoding, confidence: 1, reason: { code: "encoding_format_words", params: { encoding, words } } }, bomBytes };
}

/** Documents are passed over as bytes; what is wrong in the file is told by the whole text, which alone knows the numbers of its lines. */
function statementsOfFile(bytes: FileBytes, encoding: TextEncoding, bomBytes: number): StatementFacts[] {
  const from = (source: TextSource): StatementFacts[] => statementsOf(new SectionReader(new LineReader(source), false));
  const whole = (): StatementFacts[] => from(new TextPieces(bytes, encoding, bomBytes));
  if (encoding === "utf-16le" || encoding === "utf-16be") return whole();
  try {
    return from(new OutsideDocuments(bytes, encoding, bomBytes));
  } catch (error) {
    if (error instanceof SaldoError) return whole();
    throw error;
  }
}

/** Account sections with their balances, and the accounts only the header names. */
function statementsOf(sections: SectionReader): StatementFacts[] {
  const statements: StatementFacts[] = [];
  const headers: StatementFacts[] = [];
  for (let section = sections.next(); section !== undefined; section = sections.next()) {
    if (section.kind === "document") continue;
    const { values } = section;
    const accounts = values.get("РасчСчет")?.filter((account) => account !== "") ?? [];
    const period = { from: dayOf(values.get("ДатаНачала")?.[0]), to: dayOf(values.get("ДатаКонца")?.[0]) };
    if (section.kind === "header") {
      headers.push(...accounts.map((account) => ({ ...noFacts, account, currency: currencyOfAccount(account) ?? formatCurrency, ...period })));
      continue;
    }
    if (statements.length >= importLimits.statementsMax) throw new SaldoError("import.too_many_statements", { statementsMax: importLimits.statementsMax });
    const account = accounts[0] ?? null;
    const currency = currencyOfAccount(account ?? "") ?? formatCurrency;
    const money = (key: string): Minor | null => moneyOf(values.get(key)?.[0], currency);
    statements.push({ ...noFacts, account, currency, ...period, openingMinor: money("НачальныйОстаток"), closingMinor: money("КонечныйОстаток") });
  }
  const known = new Set(statements.map(({ account }) => account));
  const all = [...statements, ...headers.filter(({ account }) => !known.has(account))];
  return all.length === 0 ? [noFacts] : all;
}

function dayOf(text: string | undefined): string | null {
  const packed = readDate(text ?? "", "DMY");
  return packed < 0 ? null : createDateText()(packed);
}

function moneyOf(text: string | undefined, currency: string): Minor | null {
  const amount = readAmount(text ?? "", ".", currency);
  return amount.ok ? amount.amountMinor : null;
}

function currencyOf(accounts: readonly string[]): Decision<string> {
  const named = new Set(accounts.map(currencyOfAccount));
  const [only] = named;
  if (named.size === 1 && only !== undefined) return { value: only, confidence: 0.99, reason: { code: "currency_account", params: { currency: only } } };
  return { value: formatCurrency, confidence: 0.9, reason: { code: "currency_of_format", params: { currency: formatCurrency } } };
}
