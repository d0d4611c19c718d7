import type { Decision, Journal, UnderstoodColumn } from "../model.ts";
import { readAmount } from "../values/amount.ts";
import { plainWords } from "../values/words.ts";
import { accountKind, looksLikeOwnMoney } from "./ledger-accounts.ts";
import { isDateLike } from "./profile.ts";
import type { LinedRecord } from "./record.ts";

/** What is known of a journal before it is told whose accounts its accounts are. */
interface Places {
  readonly keys: readonly number[];
  readonly account: number;
}

/** Distinct accounts a journal is looked through for. */
const accountsMax = 2_000;
/** Entries that need not add up: amounts in several currencies without a price. */
const oddEntriesShareMax = 0.02;
const entriesMin = 2;

/** A journal found in a table, with the accounts to ask about, those of most postings first. */
export interface JournalFindings {
  readonly journal: Journal;
  readonly accounts: readonly string[];
}

/**
 * Recognises a journal that holds both sides of every payment: a column of accounts, and columns whose equal neighbours are entries that
 * add up to nothing, all through the file. `undefined` for any other table. `open` gives the rows from the first on.
 */
export function findJournal(data: readonly LinedRecord[], columns: readonly UnderstoodColumn[], open: () => () => LinedRecord | undefined, answer: readonly string[] | undefined): JournalFindings | undefined {
  const amountOf = amountReader(columns);
  if (amountOf === undefined || data.length < entriesMin * 2) return undefined;
  const account = accountColumn(data, columns);
  if (account === undefined) return undefined;
  const places = keysOf(data, columns, account, amountOf);
  if (places === undefined) return undefined;
  const counts = new Map<string, number>();
  const tally = newTally(places.keys, currencyColumn(columns), amountOf);
  const next = open();
  for (let record = next(); record !== undefined; record = next()) {
    tally.take(record.cells);
    const name = (record.cells[account] ?? "").trim();
    if (name !== "" && (counts.has(name) || counts.size < accountsMax)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  tally.end();
  if (!addsUp(tally)) return undefined;
  const accounts = [...counts].toSorted((a, b) => b[1] - a[1]).map(([name]) => name);
  return { journal: { ...places, counter: null, own: decideOwn(accounts, answer) }, accounts };
}

/** Whose the accounts are: told by the first word of their names, or asked. */
function decideOwn(accounts: readonly string[], answer: readonly string[] | undefined): Decision<readonly string[]> {
  const said = (answer ?? []).filter((name) => accounts.includes(name));
  if (said.length > 0) return { value: said, confidence: 1, reason: { code: "you_said", params: {} } };
  const byKind = accounts.filter((name) => accountKind(name) === "own");
  if (byKind.length > 0) return { value: byKind, confidence: 0.95, reason: { code: "own_by_kind", params: {} } };
  const likely = accounts.find(looksLikeOwnMoney) ?? accounts[0];
  return { value: likely === undefined ? [] : [likely], confidence: 0.4, reason: { code: "own_unclear", params: {} } };
}

/** The column of accounts: names in levels, as `assets:bank`, or a column called so that holds several names. */
function accountColumn(data: readonly LinedRecord[], columns: readonly UnderstoodColumn[]): number | undefined {
  const share = (index: number, test: (cell: string) => boolean): number => data.filter(({ cells }) => test((cells[index] ?? "").trim())).length / data.length;
  const free = columns.filter(({ role, reason }) => reason.code !== "you_said" && !["date", "amount", "debit", "credit"].includes(role));
  const inLevels = free.filter(({ index }) => share(index, isInLevels) >= 0.8);
  // Beside a full name some programs write the last part of it.
  const [best] = inLevels.toSorted((a, b) => distinct(data, b.index) - distinct(data, a.index));
  if (best !== undefined) return best.index;
  const named = free.find(({ index, name }) => /(?:^| )(?:account|account name|счет|konto|compte|cuenta|conto|rachunek|rekening)(?: |$)/.test(plainWords(name)) && share(index, (cell) => cell !== "" && !isDateLike(cell)) >= 0.9 && distinct(data, index) >= 3);
  return named?.index;
}

function distinct(data: readonly LinedRecord[], index: number): number {
  return new Set(data.map(({ cells }) => cells[index] ?? "")).size;
}

function isInLevels(cell: string): boolean {
  return /^\p{L}[^:]*:\s?[^:\s]/u.test(cell) && cell.length <= 200 && !cell.includes("://");
}

type AmountOf = (cells: readonly string[]) => number | undefined;

function amountReader(columns: readonly UnderstoodColumn[]): AmountOf | undefined {
  const first = (role: string): number => columns.find((column) => column.role === role)?.index ?? -1;
  const at = { amount: first("amount"), debit: first("debit"), credit: first("credit") };
  const read = (cell: string | undefined): number | undefined => {
    const reading = readAmount(cell ?? "", "unknown", "EUR");
    return reading.ok ? reading.amountMinor : undefined;
  };
  if (at.amount >= 0) return (cells) => read(cells[at.amount]);
  if (at.debit < 0 || at.credit < 0) return undefined;
  return (cells) => {
    const [debit, credit] = [read(cells[at.debit]), read(cells[at.credit])];
    return debit === undefined && credit === undefined ? undefined : (debit ?? 0) - (credit ?? 0);
  };
}

function currencyColumn(columns: readonly UnderstoodColumn[]): number {
  return columns.find(({ role, name }) => role === "currency" || plainWords(name) === "commodity")?.index ?? -1;
}

/** The columns that set entries apart: those of most entries that all add up. */
function keysOf(data: readonly LinedRecord[], columns: readonly UnderstoodColumn[], account: number, amountOf: AmountOf): Places | undefined {
  const at = (...roles: readonly string[]): number => columns.find(({ role }) => roles.includes(role))?.index ?? -1;
  const told = [at("date"), at("description", "counterparty")].filter((index) => index >= 0);
  const single = columns.filter(({ index, role }) => index !== account && !["amount", "debit", "credit", "balance"].includes(role)).map(({ index }) => [index]);
  let best: { keys: readonly number[]; entries: number } | undefined;
  for (const keys of [...single, told]) {
    const tally = newTally(keys, currencyColumn(columns), amountOf);
    for (const { cells } of data) tally.take(cells);
    tally.end(true);
    if (addsUp(tally) && tally.even > (best?.entries ?? 0)) best = { keys, entries: tally.even };
  }
  return best === undefined ? undefined : { keys: best.keys, account };
}

interface Tally {
  even: number;
  odd: number;
  take(cells: readonly string[]): void;
  /** Ends the entry at hand; one that may be cut off counts only when it adds up. */
  end(mayBeCut?: boolean): void;
}

/** Counts the entries that add up to nothing, each of two lines at least; those in several currencies count as neither. */
function newTally(keys: readonly number[], currency: number, amountOf: AmountOf): Tally {
  let [key, lines, sum, currencies] = ["", 0, 0, new Set<string>()];
  const tally: Tally = {
    even: 0,
    odd: 0,
    take(cells) {
      const amount = amountOf(cells);
      if (amount === undefined) return;
      const own = keyOf(cells, keys);
      if (own !== key) tally.end();
      key = own;
      lines += 1;
      sum += amount;
      currencies.add(currency < 0 ? "" : (cells[currency] ?? ""));
    },
    end(mayBeCut = false) {
      // Halves of a cent may be left over where an entry is split in three.
      const isEven = lines > 1 && Math.abs(sum) <= lines - 2;
      if (lines > 0 && currencies.size <= 1 && (isEven || !mayBeCut)) tally[isEven ? "even" : "odd"] += 1;
      [lines, sum, currencies] = [0, 0, new Set<string>()];
    },
  };
  return tally;
}

/** What the key columns of a record say, as one text. */
export function keyOf(cells: readonly string[], keys: readonly number[]): string {
  return keys.map((index) => cells[index] ?? "").join("\u001f");
}

function addsUp({ even, odd }: Tally): boolean {
  return even >= entriesMin && odd <= Math.floor((even + odd) * oddEntriesShareMax);
}
