import { amountHash, mixed, PlacesByHash, type RowKeys } from "./row-keys.ts";

/** Days two records of one movement may lie apart: a payment over a weekend, a purchase until it is booked. */
export const nearDaysMax = 4;
/** Days the same bank id is believed over. */
const bankIdDaysMax = 10;

/** What became of a row of the file: `there` in the books already, `look` like one of them, or `new`. */
export const rowGroups = ["new", "there", "look"] as const;
/** See {@link rowGroups}. */
export type RowGroup = (typeof rowGroups)[number];

/** A row of the file and the row of the books it is like; `isSameText` when only the day differs. */
export interface NearPair {
  readonly row: number;
  readonly twin: number;
  readonly daysApart: number;
  readonly isSameText: boolean;
}

/** Which days the rows of a source (the file, or an import) speak for. */
export interface Coverage {
  readonly first: number;
  readonly last: number;
}

/** The days a source of the books speaks for on an account, by their numbers. */
export type CoverageOf = (source: number, account: number) => Coverage | undefined;

/** Rows of a file matched one to one with rows of the books. */
export interface Matched {
  /** The row of the books each row of the file is, −1 for none. */
  readonly twins: Int32Array;
  /** Rows of neither side that are taken may be one movement still; every such pair, best first. */
  readonly near: readonly NearPair[];
}

/**
 * Matches rows of a file with rows of the books, each with at most one: first by the bank's id, then by account, day, amount and text. Two equal
 * rows of the file need two in the books. What is left over is near when account and amount are the same, the days at most {@link nearDaysMax}
 * apart, and one of the two sources speaks for the day on which the other has its row: rows of statements that only border on each other are
 * not. Pure; the order of the books does not matter.
 */
export function matchRows(file: RowKeys, books: RowKeys, coverage: CoverageOf, fileCoverage: (account: number) => Coverage | undefined): Matched {
  const twins = new Int32Array(file.count).fill(-1);
  const isTaken = new Uint8Array(books.count);
  const take = (row: number, twin: number): void => {
    if (row < 0) return;
    twins[row] = twin;
    isTaken[twin] = 1;
  };
  matchByBankId(file, books, take);
  const contentHash = (keys: RowKeys, at: number) => mixed(mixed(amountHash(keys.accounts[at] ?? 0, keys.amounts[at] ?? 0), keys.days[at] ?? 0), keys.texts[at] ?? 0);
  const byContent = new PlacesByHash(file.count, (row) => (twins[row] === -1 ? contentHash(file, row) : undefined));
  for (let twin = 0; twin < books.count; twin++) {
    if (isTaken[twin] === 1) continue;
    take(byContent.take(contentHash(books, twin), (row) => isSameMoney(file, row, books, twin) && file.days[row] === books.days[twin] && file.texts[row] === books.texts[twin]), twin);
  }
  return { twins, near: nearPairs(file, books, twins, isTaken, { coverage, fileCoverage }) };
}

function isSameMoney(file: RowKeys, row: number, books: RowKeys, twin: number): boolean {
  return file.accounts[row] === books.accounts[twin] && file.amounts[row] === books.amounts[twin];
}

/** An id that stands on several rows of one side tells nothing. */
function matchByBankId(file: RowKeys, books: RowKeys, take: (row: number, twin: number) => void): void {
  const idHash = (keys: RowKeys, at: number) => (keys.banks[at] === 0 ? undefined : mixed(keys.accounts[at] ?? 0, keys.banks[at] ?? 0));
  const inFile = new PlacesByHash(file.count, (row) => idHash(file, row));
  const inBooks = new PlacesByHash(books.count, (twin) => idHash(books, twin));
  const isOnce = (keys: RowKeys, places: PlacesByHash, at: number, hash: number) =>
    !places.some(hash, (other) => other !== at && keys.accounts[other] === keys.accounts[at] && keys.banks[other] === keys.banks[at]);
  for (let twin = 0; twin < books.count; twin++) {
    const hash = idHash(books, twin);
    if (hash === undefined || !isOnce(books, inBooks, twin, hash)) continue;
    const row = inFile.take(hash, (place) => isSameMoney(file, place, books, twin) && file.banks[place] === books.banks[twin] && Math.abs((file.days[place] ?? 0) - (books.days[twin] ?? 0)) <= bankIdDaysMax);
    if (row >= 0 && isOnce(file, inFile, row, hash)) take(row, twin);
  }
}

interface Coverages {
  readonly coverage: CoverageOf;
  readonly fileCoverage: (account: number) => Coverage | undefined;
}

function nearPairs(file: RowKeys, books: RowKeys, twins: Int32Array, isTaken: Uint8Array, { coverage, fileCoverage }: Coverages): NearPair[] {
  const dayHash = (account: number, amountMinor: number, day: number) => mixed(amountHash(account, amountMinor), day);
  const rest = new PlacesByHash(file.count, (row) => (twins[row] === -1 ? dayHash(file.accounts[row] ?? 0, file.amounts[row] ?? 0, file.days[row] ?? 0) : undefined));
  const pairs: NearPair[] = [];
  for (let twin = 0; twin < books.count; twin++) {
    if (isTaken[twin] === 1) continue;
    const [account = 0, amountMinor = 0, day = 0] = [books.accounts[twin], books.amounts[twin], books.days[twin]];
    const isSpokenFor = isWithin(fileCoverage(account), day);
    const source = coverage(books.sources[twin] ?? -1, account);
    for (let distance = -nearDaysMax; distance <= nearDaysMax; distance++) {
      if (!isSpokenFor && !isWithin(source, day + distance)) continue;
      rest.each(dayHash(account, amountMinor, day + distance), (row) => {
        if (!isSameMoney(file, row, books, twin) || file.days[row] !== day + distance) return;
        pairs.push({ row, twin, daysApart: Math.abs(distance), isSameText: file.texts[row] === books.texts[twin] });
      });
    }
  }
  return pairs.toSorted((a, b) => Number(b.isSameText) - Number(a.isSameText) || a.daysApart - b.daysApart || a.row - b.row);
}

function isWithin(coverage: Coverage | undefined, day: number): boolean {
  return coverage !== undefined && day >= coverage.first && day <= coverage.last;
}
