import { currencyExponent, minor } from "@saldo/schema";
import { askBelowConfidence, importLimits } from "../limits.ts";
import type { ColumnRole, DecimalStyle, Decision, ImportHints, Journal, SampleRow, SignConvention, StatementFacts, UnderstoodColumn, UnderstoodTable } from "../model.ts";
import { newSink } from "../sink.ts";
import { isTotalText } from "../values/direction.ts";
import { heedBareWords } from "./bare-words.ts";
import { assignRoles } from "./columns.ts";
import { decideCurrency } from "./decide-currency.ts";
import { decideDateOrder, type DatePrior } from "./decide-date.ts";
import { decideFee } from "./decide-fee.ts";
import { decideSign } from "./decide-sign.ts";
import { columnStyle, gatherEvidence, type Evidence } from "./evidence.ts";
import { findHeader, hasDateAndAmount, usualWidth, type TableStart } from "./header.ts";
import { isDateLike } from "./profile.ts";
import { findJournal, type JournalFindings } from "./journal.ts";
import { findPostingSides, journalOfSides, type PostingSides } from "./posting-sides.ts";
import { heedLedger } from "./ledger-title.ts";
import { findOuterLines, type OuterFindings } from "./outer-lines.ts";
import { createTableReader } from "./postings.ts";
import { questionsAbout } from "./questions.ts";
import type { LinedRecord } from "./record.ts";
import { toldBalances } from "./told-balances.ts";

/** A table of cells, whatever holds it. */
export interface TableSource {
  /** The first records, enough to find header and columns. */
  readonly records: readonly LinedRecord[];
  /** Opens the records from a line on, for evidence. */
  readonly openFrom: (line: number) => () => LinedRecord | undefined;
  /** A bounded part of the text, for the language it speaks. */
  readonly sampleText: string;
  /** Where the format itself says that the table is a journal. */
  readonly journal?: JournalFindings | undefined;
}

/** What is understood of a table, and its first records that look like rows. */
export interface TableFindings {
  readonly table: UnderstoodTable;
  readonly data: readonly LinedRecord[];
}

/** Finds header, columns and styles of a table of cells; answers in the hints overrule our judgement. */
export function understandTable(source: TableSource, hints: ImportHints): TableFindings {
  const answers = hints.answers ?? {};
  const { records } = source;
  const start = findHeader(records, answers.headerLine);
  const dataLine = records[start.dataIndex]?.line ?? (records.at(-1)?.line ?? 0) + 1;
  const data = records.slice(start.dataIndex).filter((record) => isDataLike(record.cells));
  const width = Math.max(start.names.length, ...data.map((record) => record.cells.length));
  const names = Array.from({ length: width }, (_, index) => start.names[index] ?? "");
  const openRows = (): (() => LinedRecord | undefined) => source.openFrom(dataLine);
  const outer = start.names.length === 0 ? findOuterLines(openRows, answers.outerLines) : null;
  const left = new Set(outer?.records.map(({ line }) => line));
  const rows = data.filter(({ line }) => !left.has(line));
  const found = findRoles(names, likeRows(rows), answers.columns ?? {}, source.journal === undefined);
  const { roles } = found;
  const ofSides = found.sides === undefined ? undefined : journalOfSides(found.sides, openRows(), answers.ownAccounts);
  const journal = source.journal ?? ofSides ?? findJournal(likeRows(rows), roles, openRows, answers.ownAccounts);
  const columns = journal === undefined ? roles : withPostings(roles, journal.journal);
  const evidence = gatherEvidence(without(left, openRows()), columns);
  const around = [...start.preamble, ...records.slice(start.dataIndex)].filter(({ line }) => !left.has(line));
  return { table: conclude({ start, dataLine, data, rows, around, outer, journal, columns, evidence, hints, sampleText: source.sampleText }), data };
}

/** The roles of columns, and the two of them that name the accounts of a posting by number: these are no amounts, whatever they are called. */
function findRoles(names: readonly string[], rows: readonly LinedRecord[], said: Readonly<Record<number, ColumnRole>>, mayBePostings: boolean): { readonly roles: readonly UnderstoodColumn[]; readonly sides?: PostingSides } {
  const records = wholeRecords(rows);
  const sides = mayBePostings ? findPostingSides(names, rows) : undefined;
  if (sides !== undefined) {
    const blank = (cells: readonly string[]): string[] => cells.map((cell, index) => (index === sides.debit || index === sides.credit ? "" : cell));
    const roles = assignRoles(blank(names), records.map(blank), said).map((column) => ({ ...column, name: names[column.index] ?? "" }));
    // The card of one account has an amount on either side of it: that is no journal.
    if (roles.some(({ role }) => role === "amount")) return { roles, sides };
    const once = asOneAmount(roles, rows);
    if (once !== undefined) return { roles: once, sides };
  }
  return { roles: assignRoles(names, records, said) };
}

/** Postings that write their amount beside either account, the same twice, have one amount; undefined where they differ. */
function asOneAmount(roles: readonly UnderstoodColumn[], rows: readonly LinedRecord[]): readonly UnderstoodColumn[] | undefined {
  const [debit, credit] = [roles.find(({ role }) => role === "debit"), roles.find(({ role }) => role === "credit")];
  if (debit === undefined || credit === undefined) return undefined;
  const isTwice = rows.length > 0 && rows.every(({ cells }) => (cells[debit.index] ?? "").trim() === (cells[credit.index] ?? "").trim());
  return isTwice ? roles.map((column) => (column === debit ? { ...column, role: "amount" } : column === credit ? { ...column, role: "otherAmount" } : column)) : undefined;
}

/** The column of postings is the account of the rows, whatever it was taken for. */
function withPostings(columns: readonly UnderstoodColumn[], { account }: Journal): readonly UnderstoodColumn[] {
  return columns.map((column) => {
    if (column.index === account) return { ...column, role: "account", confidence: 0.95 };
    return column.role === "account" && column.reason.code !== "you_said" ? { ...column, role: "ignored" } : column;
  });
}

/** Records but for some lines. */
function without(lines: ReadonlySet<number>, next: () => LinedRecord | undefined): () => readonly string[] | undefined {
  return () => {
    let record = next();
    while (record !== undefined && lines.has(record.line)) record = next();
    return record?.cells;
  };
}

interface Findings {
  readonly start: TableStart;
  readonly dataLine: number;
  readonly data: readonly LinedRecord[];
  /** `data` without outer lines. */
  readonly rows: readonly LinedRecord[];
  readonly outer: OuterFindings | null;
  readonly journal: JournalFindings | undefined;
  /** The first records without the header: what stands above the rows, the rows, and what stands among and below them. */
  readonly around: readonly LinedRecord[];
  readonly columns: readonly UnderstoodColumn[];
  readonly evidence: Evidence;
  readonly hints: ImportHints;
  readonly sampleText: string;
}

function conclude({ start, dataLine, data, rows, around, outer, journal, columns, evidence, hints, sampleText }: Findings): UnderstoodTable {
  const answers = hints.answers ?? {};
  const said = <Value>(value: Value): Decision<Value> => ({ value, confidence: 1, reason: { code: "you_said", params: {} } });
  const accountOfFile = columns.some((column) => column.role === "account") ? null : (accountInPreamble(start.preamble) ?? outer?.account ?? null);
  const accountIndex = columns.find((column) => column.role === "account")?.index ?? -1;
  const firstCells = (index: number): string[] => rows.slice(0, 20).map(({ cells }) => (cells[index] ?? "").trim());
  const accounts = [accountOfFile ?? "", ...firstCells(accountIndex)];
  const partyAccounts = firstCells(columns.find(({ role }) => role === "partyAccount")?.index ?? -1);
  const preamble = [...start.preamble, ...(outer?.records ?? [])];
  const currency = answers.currency === undefined
    ? decideCurrency({ evidence, columns, preamble, sampleText: sampleText.slice(0, 20_000), accounts, partyAccounts, defaultCurrency: hints.defaultCurrency })
    : said(answers.currency);
  const dateOrder = answers.dateOrder === undefined ? decideDateOrder(evidence, datePrior(currency, sampleText)) : said(answers.dateOrder);
  const { decimals, decimalStyle } = decideDecimals(evidence, columns, answers.decimal);
  const sign: Decision<SignConvention> = answers.sign === undefined ? heedLedger(heedBareWords(decideSign(evidence, columns), { evidence, columns, preamble: start.preamble, accounts }), { journal: journal?.journal, preamble: start.preamble, names: start.names, columns }) : said(answers.sign);
  const fee = answers.fee === undefined ? decideFee(evidence, columns, sign.value) : said(answers.fee);
  const hasRole = (...roles: readonly string[]): boolean => columns.some((column) => roles.includes(column.role));
  // A running balance says more, and several accounts or currencies have several balances.
  const isOne = new Set(accounts).size <= 2 && evidence.currencies.size <= 1 && !hasRole("balance");
  const balances = isOne && journal === undefined ? balancesOf(outer, around, decimalStyle.value, currency.value) : { openingMinor: null, closingMinor: null };
  const partial = {
    headerLine: start.headerLine,
    dataLine,
    columns, dateOrder, decimals, decimalStyle, sign, fee, currency,
    outer: outer?.outer ?? null,
    journal: journal?.journal ?? null,
    account: accountOfFile,
    statements: [{ account: accountOfFile, bank: null, currency: currency.value, from: null, to: null, ...balances }],
    missing: [...(hasRole("date") ? [] : ["date" as const]), ...(hasRole("amount", "debit", "credit") ? [] : ["amount" as const])],
  };
  const table: UnderstoodTable = { ...partial, questions: questionsAbout(partial, journal?.accounts ?? [], askBelowConfidence), sample: [] };
  return { ...table, sample: sampleRows(table, data) };
}

/** The balances of outer lines where the rows prove them, else what words around the rows tell. */
function balancesOf(outer: OuterFindings | null, around: readonly LinedRecord[], style: DecimalStyle, currency: string): Pick<StatementFacts, "openingMinor" | "closingMinor"> {
  if (outer === null || outer.openingMinor === null || outer.closingMinor === null) return toldBalances(around, style, currency);
  // They were read with two digits after the mark, as evidence alone.
  const scale = 10 ** (currencyExponent(currency) - 2);
  return { openingMinor: minor(Math.round(outer.openingMinor * scale)), closingMinor: minor(Math.round(outer.closingMinor * scale)) };
}

/** Records that look like rows of the table: not blank, not a line of totals. */
function isDataLike(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell.trim() !== "");
  return filled.length >= 2 && !isTotalText(filled[0] ?? "");
}

/** Records with a date and an amount, where there are any: lines of sums and notes say nothing of the columns. */
function likeRows(data: readonly LinedRecord[]): readonly LinedRecord[] {
  const rows = data.filter(({ cells }) => hasDateAndAmount(cells));
  return rows.length === 0 ? data : rows;
}

/** Cells of the records that are not cut short: in those every cell stands under its own name. */
function wholeRecords(data: readonly LinedRecord[]): (readonly string[])[] {
  const width = usualWidth(data);
  return data.filter((record) => record.cells.length >= width).map((record) => record.cells);
}

/** Where the dates do not say, dollars and American words speak for month first. */
function datePrior(currency: Decision<string>, sampleText: string): DatePrior {
  if (currency.confidence >= 0.5 && currency.value === "USD") return { order: "MDY", because: "USD" };
  if (currency.confidence >= 0.5) return { order: "DMY", because: currency.value };
  return /[А-Яа-яäöüßéèñçłęą]/.test(sampleText) ? { order: "DMY", because: "language" } : { order: "MDY", because: "English" };
}

/** Each amount-like column has its own decimal mark; one without evidence takes that of the others. */
function decideDecimals(evidence: Evidence, columns: readonly UnderstoodColumn[], answer: "." | "," | undefined): Pick<UnderstoodTable, "decimals" | "decimalStyle"> {
  const amountLike = columns.filter((column) => ["amount", "debit", "credit", "balance", "fee"].includes(column.role));
  const tallies = amountLike.map((column) => evidence.decimals.get(column.index) ?? { points: 0, commas: 0, either: 0 });
  const all = tallies.reduce((sum, tally) => ({ points: sum.points + tally.points, commas: sum.commas + tally.commas, either: sum.either + tally.either }), { points: 0, commas: 0, either: 0 });
  const styleOfFile = columnStyle(all);
  const decimals: Record<number, DecimalStyle> = {};
  let [ambiguous, evidenced] = [0, 0];
  for (const column of amountLike) {
    const tally = evidence.decimals.get(column.index);
    const own = columnStyle(tally);
    const style = answer ?? (own === "unknown" ? (styleOfFile === "mixed" ? "unknown" : styleOfFile) : own);
    decimals[column.index] = style;
    if (column.role === "balance" || column.role === "fee") continue;
    if (style === "unknown" && tally !== undefined) ambiguous += tally.either;
    if (tally !== undefined) evidenced += tally.points + tally.commas;
  }
  const main = columns.find((column) => column.role === "amount") ?? columns.find((column) => column.role === "debit" || column.role === "credit");
  const value = main === undefined ? "unknown" : (decimals[main.index] ?? "unknown");
  const params = { points: all.points, commas: all.commas, either: all.either };
  if (answer !== undefined) return { decimals, decimalStyle: { value, confidence: 1, reason: { code: "you_said", params: {} } } };
  if (ambiguous > 0) return { decimals, decimalStyle: { value, confidence: 0.5, reason: { code: "decimal_either", params } } };
  if (value === "mixed") return { decimals, decimalStyle: { value, confidence: 0.8, reason: { code: "decimal_mixed", params } } };
  if (value === "unknown") return { decimals, decimalStyle: { value, confidence: 0.95, reason: { code: "decimal_whole", params } } };
  return { decimals, decimalStyle: { value, confidence: evidenced >= 3 ? 0.99 : 0.9, reason: { code: "decimal_seen", params: { ...params, mark: value } } } };
}

function accountInPreamble(preamble: readonly LinedRecord[]): string | null {
  for (const { cells } of preamble) {
    const text = cells.map((cell) => cell.trim()).filter((cell) => cell !== "").join(" ");
    const match = /(?:account|сч[её]т|konto|iban|compte|cuenta|conto|rachunek|карт[аы])[^\d]{0,40}?([A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}|[\d*xX•][\d*xX•\- ]{2,28}\d)/i.exec(text);
    const account = match?.[1]?.replace(/\s+/g, "");
    if (account !== undefined && account.replace(/\D/g, "").length >= 3 && !isDateLike(account) && !isDateLike(account.slice(0, 10))) return account;
  }
  return null;
}

function sampleRows(understanding: UnderstoodTable, data: readonly LinedRecord[]): SampleRow[] {
  const first = data.slice(0, importLimits.sampleRowsMax);
  if (understanding.missing.length > 0) return first.map(({ cells, line }) => ({ line, cells, read: null }));
  const sink = newSink();
  const reader = createTableReader(understanding);
  for (const { cells, line } of data.slice(0, importLimits.sampleRowsMax * 2)) reader.read(cells, line, sink);
  reader.end(sink);
  const read = new Map([...sink.skipped, ...sink.refused, ...sink.rows].map((one) => [one.line, one]));
  return first.flatMap(({ cells, line }) => {
    const one = read.get(line);
    return one === undefined ? [] : [{ line, cells, read: one }];
  });
}
