import { idOfName, normaliseName } from "@saldo/schema";
import type { ReadRow } from "../import/model.ts";

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
}

/** Words by which banks and ledgers name moves between one's own accounts. */
const transferPattern = /\b(?:internal )?transfers?\b|own accounts?|между (?:своими |собственными )?счетами|собственных средств|внутренн\S* перевод/iu;

/** Collects names. `defaultAccount` is the account of rows that name none. */
export function collectNames(defaultAccount: string): NamesOfFile {
  const accounts = new Map<string, string>();
  const categories = new Map<string, string>();
  /** Money through each category, in minor units of whatever currency: only the order counts. */
  const turnovers = new Map<string, number>();
  let newAccounts: FileAccount[] = [];
  let newCategories: FileCategory[] = [];
  return {
    accountOf(row) {
      const name = row.account ?? defaultAccount;
      const key = `${row.currency}\n${name}`;
      const known = accounts.get(key);
      if (known !== undefined) return known;
      const id = idOfName("account", key);
      accounts.set(key, id);
      newAccounts.push({ id, name, currency: row.currency, number: row.account !== null && /\d{4}/.test(row.account) ? row.account : null });
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
  };
}

function kindOf(row: ReadRow): FileCategory["kind"] {
  if (transferPattern.test(normaliseName(row.category ?? ""))) return "transfer";
  return row.amountMinor > 0 ? "income" : "expense";
}
