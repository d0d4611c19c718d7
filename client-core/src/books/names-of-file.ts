import { idOfName, normaliseName, type Row } from "@saldo/schema";
import type { ReadRow } from "../import/model.ts";
import { ownAccounts } from "./import/own-accounts.ts";
import { digitsOf } from "./import/row-kind.ts";

/** An account a file names. */
export interface FileAccount {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly number: string | null;
}

/** A category a file names, with the kind its first rows speak for. */
export interface FileCategory {
  readonly id: string;
  readonly name: string;
  readonly kind: "income" | "expense" | "transfer";
}

/** The accounts and categories of a file, met row by row: each gets an id made of its name, so that every device makes the same one. */
export interface NamesOfFile {
  /** Account id of a row. */
  accountOf(row: ReadRow): string;
  /** Category id of a row, whose amount it counts towards; null when the file gives none. Call once for each row. */
  categoryOf(row: ReadRow): string | null;
  /** The categories most money went through, largest first. */
  largestCategories(count: number): string[];
  /** What was met since the last call. */
  takeNew(): { readonly accounts: FileAccount[]; readonly categories: FileCategory[] };
  /** How many different names were met. */
  readonly count: number;
  /** Numbers of the company's own accounts, those of the file and those known before, as {@link digitsOf} gives them. */
  ownNumbers(): ReadonlySet<string>;
  /** True when a text names an own account, of the file or known before, but for the row's own. */
  namesOwnAccount(searchText: string, accountId: string): boolean;
}

/** Words by which banks and ledgers name moves between one's own accounts; money received and not yet banked is one of them. */
const transferPattern = /\b(?:undeposited funds|payments to deposit)\b|\b(?:internal )?transfers?\b|own accounts?|между (?:своими |собственными )?счетами|собственных средств|внутренн\S* перевод/iu;

/** Digits at the end by which a masked number is known. */
const tailDigits = 4;

/**
 * Collects names. `defaultAccount` is the account of rows that name none. Accounts of the books (`inBooks`) are found by their number too, however it
 * is spaced, and by the last digits of one that is masked, when only one account ends so.
 */
export function collectNames(defaultAccount: string, inBooks: readonly Row<"account">[] = []): NamesOfFile {
  const accounts = new Map<string, string>();
  const numbers = new Set(inBooks.flatMap(({ number }) => (number === null ? [] : [digitsOf(number)])));
  const own = ownAccounts(inBooks);
  const categories = new Map<string, string>();
  /** Money through each category, in minor units of whatever currency: only the order counts. */
  const turnovers = new Map<string, number>();
  let newAccounts: FileAccount[] = [];
  let newCategories: FileCategory[] = [];
  return {
    accountOf(row) {
      const name = row.account ?? defaultAccount;
      const key = `${row.currency}\n${name}`;
      const met = accounts.get(key);
      if (met !== undefined) return met;
      const id = knownAccount(inBooks, name, row.currency) ?? idOfName("account", key);
      accounts.set(key, id);
      if (row.account !== null && /\d{4}/.test(row.account)) numbers.add(digitsOf(row.account));
      if (inBooks.some((account) => account.id === id)) return id;
      const made = { id, name, currency: row.currency, number: row.account !== null && /\d{4}/.test(row.account) ? row.account : null };
      newAccounts.push(made);
      own.add(made);
      return id;
    },
    categoryOf(row) {
      if (row.category === null || row.category === "") return null;
      const known = categories.get(row.category);
      const id = known ?? idOfName("category", row.category);
      const turnover = turnovers.get(id);
      turnovers.set(id, (turnover ?? 0) + Math.abs(row.amountMinor));
      if (known !== undefined) return known;
      categories.set(row.category, id);
      // Another spelling of a name met before is the same category.
      if (turnover === undefined) newCategories.push({ id, name: row.category.trim(), kind: kindOf(row) });
      return id;
    },
    largestCategories(count) {
      return [...turnovers].toSorted(([, a], [, b]) => b - a).slice(0, count).map(([id]) => id);
    },
    takeNew() {
      const taken = { accounts: newAccounts, categories: newCategories };
      newAccounts = [];
      newCategories = [];
      return taken;
    },
    get count() {
      return accounts.size + categories.size;
    },
    ownNumbers: () => numbers,
    namesOwnAccount: (searchText, accountId) => own.namedIn(searchText, accountId).length > 0,
  };
}

function knownAccount(known: readonly Row<"account">[], name: string, currency: string): string | undefined {
  const own = known.filter((account) => account.currency === currency);
  const digits = digitsOf(name);
  if (!/\d{4}/.test(digits)) return undefined;
  const same = own.filter((account) => digitsOf(account.number ?? "") === digits);
  if (same.length > 0) return same.length === 1 ? same[0]?.id : undefined;
  const isMasked = /[*•·xXхХ#]/.test(name) || digits.length === tailDigits;
  if (!isMasked) return undefined;
  const alike = own.filter((account) => (account.number ?? "").replace(/\D/g, "").length >= tailDigits && digitsOf(account.number ?? "").endsWith(digits.slice(-tailDigits)));
  return alike.length === 1 ? alike[0]?.id : undefined;
}

function kindOf(row: ReadRow): FileCategory["kind"] {
  if (transferPattern.test(normaliseName(row.category ?? ""))) return "transfer";
  return row.amountMinor > 0 ? "income" : "expense";
}
