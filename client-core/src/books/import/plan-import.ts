import { comparedImportsMax, type Row } from "@saldo/schema";
import type { FileBytes, Understanding } from "../../import/index.ts";
import { listAccounts } from "../../reports/index.ts";
import type { Books } from "../books.ts";
import { collectNames, type NamesOfFile } from "../names-of-file.ts";
import { bankHash, hasRows, readBooksKeys, readKnownImports, type BooksKeys, type BooksQuery, type KnownImport } from "./books-rows.ts";
import { compareRows, type ComparedRow } from "./compared-rows.ts";
import { eachBatch, keptText, pauseUnlessEnded, type FileToRead, type ReadingOptions } from "./file-reading.ts";
import { surveyFile, type FileTold } from "./file-survey.ts";
import { matchRows, type Coverage, type RowGroup } from "./match-rows.ts";
import { dayCounter, RowKeys, textHash } from "./row-keys.ts";

/** What a file holds and what of it the books have, before anything is kept. */
export interface ImportPlan extends FileTold {
  readonly understanding: Understanding;
  /** How many rows are in each group. */
  readonly groups: Readonly<Record<RowGroup, number>>;
  /** The group of a row by its number. */
  groupOf(index: number): RowGroup;
  /** Rows that look like others of the books, the first of them. */
  readonly looks: readonly ComparedRow[];
  /** Rows the books have, the first of them. */
  readonly there: readonly ComparedRow[];
  /** Rows of a group from a place in it on, at most a hundred; reads the file again. Throws what reading throws, and `import.cancelled`. */
  pageOf(group: RowGroup, offset: number, options?: ReadingOptions): Promise<readonly ComparedRow[]>;
  /** The finished imports the rows were compared with. */
  readonly comparedWith: readonly string[];
  /** All finished imports there were, by id: with others the plan is out of date. */
  readonly importsThen: readonly string[];
}

/** The accounts of the books, and the name of the one for rows that name none. */
export async function accountsForFile(books: Books, understanding: Understanding): Promise<{ readonly account: string; readonly accounts: readonly Row<"account">[] }> {
  const workspace = await books.workspace();
  const accounts = await listAccounts(books.database, workspace.id);
  return { account: understanding.account ?? (workspace.locale === "ru" ? "Основной счёт" : "Main account"), accounts };
}

/** The names of a file's rows, beside the accounts the books have already. */
export async function namesForFile(books: Books, understanding: Understanding): Promise<NamesOfFile> {
  const { account, accounts } = await accountsForFile(books, understanding);
  return collectNames(account, accounts);
}

/** True when a file has nothing to be compared with. */
export async function areBooksEmpty(books: Books): Promise<boolean> {
  return !(await hasRows(books.database, (await books.recordContext()).workspaceId));
}

/**
 * Reads a file whole and tells its rows in three groups: new, in the books already, and to be looked at. Nothing is kept. Holds some 30 bytes for each
 * row. Throws what reading throws, and `import.cancelled`.
 */
export async function planImport(books: Books, bytes: FileBytes, understanding: Understanding, options: ReadingOptions = {}): Promise<ImportPlan> {
  const { workspaceId } = await books.recordContext();
  const imports = await readKnownImports(books.database, workspaceId);
  const toRead: FileToRead = { books, bytes, understanding };
  const file = await readFileKeys(toRead, options);
  const query: BooksQuery = { workspaceId, accounts: file.accounts, imports: imports.map(({ id }) => id), pause: () => pauseUnlessEnded(books, options) };
  const isEmpty = file.keys.count === 0 || !(await hasRows(books.database, workspaceId));
  const { keys, coverage }: BooksKeys = isEmpty ? { keys: new RowKeys(), coverage: () => undefined } : await readBooksKeys(books.database, file.keys, query);
  const matched = matchRows(file.keys, keys, coverage, (account) => file.coverage[account]);
  const compared = await compareRows({ file: toRead, matched, keys, query }, options);
  const { groups, groupOf, looks, there, pageOf } = compared;
  return { understanding, groups, groupOf, looks, there, pageOf, ...file.told, comparedWith: comparedWith(imports, file.coverage), importsThen: query.imports };
}

/** The imports that speak for days of the file; those that do not say their days too. */
function comparedWith(imports: readonly KnownImport[], coverages: readonly Coverage[]): string[] {
  const first = Math.min(...coverages.map((coverage) => coverage.first));
  const last = Math.max(...coverages.map((coverage) => coverage.last));
  return imports.filter(({ coverage }) => coverage === undefined || (coverage.first <= last && coverage.last >= first)).map(({ id }) => id).slice(0, comparedImportsMax);
}

interface FileKeys {
  readonly keys: RowKeys;
  /** Account ids by number. */
  readonly accounts: readonly string[];
  /** Days each account's rows span. */
  readonly coverage: readonly Coverage[];
  readonly told: FileTold;
}

async function readFileKeys(file: FileToRead, options: ReadingOptions): Promise<FileKeys> {
  const { books, understanding } = file;
  const names = await namesForFile(books, understanding);
  const survey = surveyFile(understanding);
  const keys = new RowKeys();
  const accountOf = new Map<string, number>();
  const coverage: { first: number; last: number }[] = [];
  const dayOf = dayCounter();
  await eachBatch(file, options, (batch) => {
    survey.take(batch);
    for (const row of batch.rows) {
      const accountId = names.accountOf(row);
      survey.takeRow(row, accountId);
      const day = dayOf(row.postedOn);
      let account = accountOf.get(accountId);
      if (account === undefined) {
        accountOf.set(accountId, (account = accountOf.size));
        coverage.push({ first: day, last: day });
      }
      const days = coverage[account];
      if (days !== undefined && day < days.first) days.first = day;
      if (days !== undefined && day > days.last) days.last = day;
      keys.add(account, -1, day, row.amountMinor, textHash(keptText(row)), bankHash(row.bankId));
    }
  });
  return { keys, accounts: [...accountOf.keys()], coverage, told: survey.told() };
}
