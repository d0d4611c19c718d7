import { comparedImportsMax, minor, SaldoError, statementsMax, searchTextOf, textLengthMax, type Minor, type StatementReport } from "@saldo/schema";
import { readRows, type ReadBatch, type ReadRow, type Refusal, type SkippedLine, type Understanding } from "../../import/index.ts";
import { listAccounts } from "../../reports/index.ts";
import type { Books } from "../books.ts";
import { collectNames, type NamesOfFile } from "../names-of-file.ts";
import { bankHash, hasRows, mayBeOne, readBooksKeys, readBooksRows, readKnownImports, type BooksKeys, type BooksQuery, type BooksRow, type KnownImport } from "./books-rows.ts";
import { matchRows, type Coverage, type Matched, type RowGroup } from "./match-rows.ts";
import { dayCounter, RowKeys, textHash } from "./row-keys.ts";
import { collectStatements, type StatementSums } from "./statement-sums.ts";

/** Most refused or skipped lines a plan lists. */
export const listedLinesMax = 1_000;
/** Most rows a plan lists of those to look at, and of those that are there. */
export const listedRowsMax = 200;
/** Near pairs of different texts that are looked into. */
const nearPairsMax = 20_000;
/** Rows read between two turns of the event loop. */
const rowsPerTurn = 5_000;

/** A row of the file that the books have, or may have. */
export interface ComparedRow {
  /** Number of the row among those read, from 0: what decisions name it by. */
  readonly index: number;
  readonly row: ReadRow;
  /** The row of the books it is like. */
  readonly twin: BooksRow;
}

/** Money of the rows of a file in one currency. */
export interface FileSum {
  readonly currency: string;
  readonly inMinor: Minor;
  /** Positive. */
  readonly outMinor: Minor;
}

/** What a file holds and what of it the books have, before anything is kept. */
export interface ImportPlan {
  readonly understanding: Understanding;
  /** How many rows are in each group. */
  readonly groups: Readonly<Record<RowGroup, number>>;
  /** The group of a row by its number. */
  groupOf(index: number): RowGroup;
  /** Rows that look like others of the books, the first of them. */
  readonly looks: readonly ComparedRow[];
  /** Rows the books have, the first of them. */
  readonly there: readonly ComparedRow[];
  readonly rowsRead: number;
  readonly sums: readonly FileSum[];
  readonly firstOn: string | null;
  readonly lastOn: string | null;
  readonly statements: readonly StatementReport[];
  readonly refused: readonly Refusal[];
  readonly refusedCount: number;
  readonly skipped: readonly SkippedLine[];
  readonly skippedCount: number;
  /** The finished imports the rows were compared with. */
  readonly comparedWith: readonly string[];
  /** All finished imports there were, by id: with others the plan is out of date. */
  readonly importsThen: readonly string[];
}

/** Progress and end of a long reading. */
export interface ReadingOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytesRead: number) => void;
}

/** Gathers what a reading of a file tells, whichever pass reads it. */
export interface FileSurvey {
  take(batch: ReadBatch): void;
  /** A row, with the account it goes to. */
  takeRow(row: ReadRow, accountId: string): void;
  told(): Pick<ImportPlan, "rowsRead" | "sums" | "firstOn" | "lastOn" | "statements" | "refused" | "refusedCount" | "skipped" | "skippedCount">;
}

/** Makes a {@link FileSurvey}. */
export function surveyFile(understanding: Understanding): FileSurvey {
  const statements: StatementSums = collectStatements(understanding);
  const sums = new Map<string, { inMinor: number; outMinor: number }>();
  const refused: Refusal[] = [];
  const skipped: SkippedLine[] = [];
  let [rowsRead, refusedCount, skippedCount] = [0, 0, 0];
  let [firstOn, lastOn]: [string | null, string | null] = [null, null];
  return {
    take(batch) {
      refusedCount += batch.refused.length;
      skippedCount += batch.skipped.length;
      if (refused.length < listedLinesMax) refused.push(...batch.refused.slice(0, listedLinesMax - refused.length));
      if (skipped.length < listedLinesMax) skipped.push(...batch.skipped.slice(0, listedLinesMax - skipped.length));
    },
    takeRow(row, accountId) {
      rowsRead++;
      const { currency, amountMinor, postedOn } = row;
      let sum = sums.get(currency);
      if (sum === undefined) sums.set(currency, (sum = { inMinor: 0, outMinor: 0 }));
      if (amountMinor > 0) sum.inMinor += amountMinor;
      else sum.outMinor -= amountMinor;
      if (firstOn === null || postedOn < firstOn) firstOn = postedOn;
      if (lastOn === null || postedOn > lastOn) lastOn = postedOn;
      statements.add(row, accountId);
    },
    told() {
      const sorted = [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sum]) => ({ currency, inMinor: minor(sum.inMinor), outMinor: minor(sum.outMinor) }));
      return { rowsRead, sums: sorted, firstOn, lastOn, statements: statements.reports().slice(0, statementsMax), refused, refusedCount, skipped, skippedCount };
    },
  };
}

/** The names of a file's rows, beside the accounts the books have already. */
export async function namesForFile(books: Books, understanding: Understanding): Promise<NamesOfFile> {
  const workspace = await books.workspace();
  const known = await listAccounts(books.database, workspace.id);
  return collectNames(understanding.account ?? (workspace.locale === "ru" ? "Основной счёт" : "Main account"), known);
}

/** True when a file has nothing to be compared with. */
export async function areBooksEmpty(books: Books): Promise<boolean> {
  return !(await hasRows(books.database, (await books.recordContext()).workspaceId));
}

/**
 * Reads a file whole and tells its rows in three groups: new, in the books already, and to be looked at. Nothing is kept. Holds some 30 bytes for each
 * row. Throws what reading throws, and `import.cancelled`.
 */
export async function planImport(books: Books, bytes: Uint8Array, understanding: Understanding, options: ReadingOptions = {}): Promise<ImportPlan> {
  const { workspaceId } = await books.recordContext();
  const imports = await readKnownImports(books.database, workspaceId);
  const file = await readFileKeys(books, bytes, understanding, options);
  const query: BooksQuery = { workspaceId, accounts: file.accounts, imports: imports.map(({ id }) => id), pause: () => pauseUnlessEnded(books, options) };
  const isEmpty = file.keys.count === 0 || !(await hasRows(books.database, workspaceId));
  const { keys, coverage }: BooksKeys = isEmpty ? { keys: new RowKeys(), coverage: () => undefined } : await readBooksKeys(books.database, file.keys, query);
  const matched = matchRows(file.keys, keys, coverage, (account) => file.coverage[account]);
  const wanted = await wantedRows(books, bytes, understanding, matched, keys, query, options);
  const groups: Record<RowGroup, number> = { new: 0, there: 0, look: 0 };
  const groupOf = (index: number): RowGroup => ((matched.twins[index] ?? -1) >= 0 ? "there" : wanted.near.has(index) ? "look" : "new");
  for (let index = 0; index < file.keys.count; index++) groups[groupOf(index)]++;
  return { understanding, groups, groupOf, looks: wanted.looks, there: wanted.there, ...file.told, comparedWith: comparedWith(imports, file.coverage), importsThen: query.imports };
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
  readonly told: ReturnType<FileSurvey["told"]>;
}

async function readFileKeys(books: Books, bytes: Uint8Array, understanding: Understanding, options: ReadingOptions): Promise<FileKeys> {
  const names = await namesForFile(books, understanding);
  const survey = surveyFile(understanding);
  const keys = new RowKeys();
  const accountOf = new Map<string, number>();
  const coverage: { first: number; last: number }[] = [];
  const dayOf = dayCounter();
  await eachBatch(books, bytes, understanding, options, (batch) => {
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

/** The text of a row as the books keep it. */
function keptText({ description, counterparty }: ReadRow): string {
  return searchTextOf(clip(description, textLengthMax), counterparty === null ? null : clip(counterparty, textLengthMax));
}

/** Shortens a text to at most `lengthMax` UTF-16 units without cutting a surrogate pair. */
export function clip(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const last = text.charCodeAt(lengthMax - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? lengthMax - 1 : lengthMax);
}

async function eachBatch(books: Books, bytes: Uint8Array, understanding: Understanding, options: ReadingOptions, take: (batch: ReadBatch) => boolean | void): Promise<void> {
  for await (const batch of readRows(bytes, understanding, { batchRows: rowsPerTurn })) {
    if (take(batch) === false) return;
    options.onProgress?.(batch.bytesRead);
    await pauseUnlessEnded(books, options);
  }
}

async function pauseUnlessEnded(books: Books, { signal }: ReadingOptions): Promise<void> {
  await books.pause();
  if (signal?.aborted === true) throw new SaldoError("import.cancelled");
}

interface WantedRows {
  /** Rows to be looked at, with the place of their twin. */
  readonly near: ReadonlyMap<number, number>;
  readonly looks: readonly ComparedRow[];
  readonly there: readonly ComparedRow[];
}

/** Judges near pairs by their words and reads the rows that are to be shown once more, from the file and from the books. */
async function wantedRows(books: Books, bytes: Uint8Array, understanding: Understanding, { twins, near: pairs }: Matched, keys: RowKeys, query: BooksQuery, options: ReadingOptions): Promise<WantedRows> {
  const there: number[] = [];
  for (let index = 0; index < twins.length && there.length < listedRowsMax; index++) if ((twins[index] ?? -1) >= 0) there.push(index);
  if (there.length === 0 && pairs.length === 0) return { near: new Map(), looks: [], there: [] };
  const judged = pairs.slice(0, nearPairsMax);
  const rows = await readAgain(books, bytes, understanding, new Set([...there, ...judged.map(({ row }) => row)]), options);
  const places = new Set([...there.map((index) => twins[index] ?? -1), ...judged.map(({ twin }) => twin)]);
  const stored = await readBooksRows(books.database, keys, [...places], query);
  const near = new Map<number, number>();
  const taken = new Set<number>();
  for (const { row: index, twin, daysApart, isSameText } of pairs) {
    if (near.has(index) || taken.has(twin)) continue;
    const [row, other] = [rows.get(index), stored.get(twin)];
    if (!isSameText && (row === undefined || other === undefined || !mayBeOne(keptText(row), other.searchText, daysApart))) continue;
    near.set(index, twin);
    taken.add(twin);
  }
  const listed = (indexes: readonly number[], twinOf: (index: number) => number | undefined): ComparedRow[] =>
    indexes.flatMap((index) => {
      const [row, twin] = [rows.get(index), stored.get(twinOf(index) ?? -1)];
      return row === undefined || twin === undefined ? [] : [{ index, row, twin }];
    });
  const lookIndexes = [...near.keys()].toSorted((a, b) => a - b).slice(0, listedRowsMax);
  return { near, looks: listed(lookIndexes, (index) => near.get(index)), there: listed(there, (index) => twins[index]) };
}

async function readAgain(books: Books, bytes: Uint8Array, understanding: Understanding, wanted: ReadonlySet<number>, options: ReadingOptions): Promise<ReadonlyMap<number, ReadRow>> {
  const rows = new Map<number, ReadRow>();
  let index = 0;
  await eachBatch(books, bytes, understanding, { ...(options.signal === undefined ? {} : { signal: options.signal }) }, (batch) => {
    for (const row of batch.rows) {
      if (wanted.has(index)) rows.set(index, row);
      index++;
    }
    return rows.size < wanted.size;
  });
  return rows;
}
