import type { ReadRow } from "../../import/index.ts";
import { mayBeOne, readBooksRows, type BooksQuery, type BooksRow } from "./books-rows.ts";
import { eachBatch, keptText, type FileToRead, type ReadingOptions } from "./file-reading.ts";
import type { Matched, RowGroup } from "./match-rows.ts";
import type { RowKeys } from "./row-keys.ts";

/** Most rows a plan lists of those to look at, and of those that are there; the others come page by page. */
const listedRowsMax = 200;
/** Most rows of one page. */
const pageRowsMax = 100;
/** Near pairs of different texts that are looked into. */
const nearPairsMax = 20_000;

/** A row of the file, beside the one of the books it is or may be. */
export interface ComparedRow {
  /** Number of the row among those read, from 0: what decisions name it by. */
  readonly index: number;
  readonly row: ReadRow;
  /** The row of the books it is like; null for a new one. */
  readonly twin: BooksRow | null;
}

/** A file matched with the books by keys. */
export interface MatchedFile {
  readonly file: FileToRead;
  readonly matched: Matched;
  /** Keys of the books' rows. */
  readonly keys: RowKeys;
  readonly query: BooksQuery;
}

/** Rows of a file in their groups. */
export interface ComparedRows {
  readonly groups: Readonly<Record<RowGroup, number>>;
  groupOf(index: number): RowGroup;
  readonly looks: readonly ComparedRow[];
  readonly there: readonly ComparedRow[];
  pageOf(group: RowGroup, offset: number, options?: ReadingOptions): Promise<readonly ComparedRow[]>;
}

/** Judges near pairs by their words, and reads the rows that are to be shown once more, from the file and from the books. */
export async function compareRows(found: MatchedFile, options: ReadingOptions): Promise<ComparedRows> {
  const { twins, near: pairs } = found.matched;
  const firstThere = placesOf(twins.length, (index) => (twins[index] ?? -1) >= 0, 0, listedRowsMax);
  const judged = pairs.slice(0, nearPairsMax);
  const quietly = options.signal === undefined ? {} : { signal: options.signal };
  const known = await readBoth(found, [...firstThere.map((row) => ({ row, twin: twins[row] ?? -1 })), ...judged], quietly);
  const near = judgePairs(found.matched, known);
  const twinOf = (index: number): number => ((twins[index] ?? -1) >= 0 ? (twins[index] ?? -1) : (near.get(index) ?? -1));
  const groupOf = (index: number): RowGroup => ((twins[index] ?? -1) >= 0 ? "there" : near.has(index) ? "look" : "new");
  const groups: Record<RowGroup, number> = { new: 0, there: 0, look: 0 };
  for (let index = 0; index < twins.length; index++) groups[groupOf(index)]++;
  const listed = ({ rows, stored }: BothRows, indexes: readonly number[]): ComparedRow[] =>
    indexes.flatMap((index) => {
      const row = rows.get(index);
      return row === undefined ? [] : [{ index, row, twin: stored.get(twinOf(index)) ?? null }];
    });
  const firstLooks = [...near.keys()].toSorted((a, b) => a - b).slice(0, listedRowsMax);
  return {
    groups,
    groupOf,
    looks: listed(known, firstLooks),
    there: listed(known, firstThere),
    async pageOf(group, offset, pageOptions = {}) {
      const indexes = placesOf(twins.length, (index) => groupOf(index) === group, offset, pageRowsMax);
      return listed(await readBoth(found, indexes.map((row) => ({ row, twin: twinOf(row) })), pageOptions), indexes);
    },
  };
}

/** Numbers that fulfil a condition, from a place among them on. */
function placesOf(count: number, isMeant: (index: number) => boolean, offset: number, placesMax: number): number[] {
  const places: number[] = [];
  let passed = 0;
  for (let index = 0; index < count && places.length < placesMax; index++) {
    if (!isMeant(index)) continue;
    if (passed >= offset) places.push(index);
    passed++;
  }
  return places;
}

/** The near pairs whose words may speak of one movement, by the row of the file; each row of the books once. */
function judgePairs({ near: pairs }: Matched, { rows, stored }: BothRows): ReadonlyMap<number, number> {
  const near = new Map<number, number>();
  const taken = new Set<number>();
  for (const { row: index, twin, daysApart, isSameText } of pairs) {
    if (near.has(index) || taken.has(twin)) continue;
    const [row, other] = [rows.get(index), stored.get(twin)];
    if (!isSameText && (row === undefined || other === undefined || !mayBeOne(keptText(row), other.searchText, daysApart))) continue;
    near.set(index, twin);
    taken.add(twin);
  }
  return near;
}

/** Rows of the file by number, and of the books by their place among the keys. */
interface BothRows {
  readonly rows: ReadonlyMap<number, ReadRow>;
  readonly stored: ReadonlyMap<number, BooksRow>;
}

async function readBoth({ file, keys, query }: MatchedFile, wanted: readonly { readonly row: number; readonly twin: number }[], options: ReadingOptions): Promise<BothRows> {
  if (wanted.length === 0) return { rows: new Map(), stored: new Map() };
  const rows = await readAgain(file, new Set(wanted.map(({ row }) => row)), options);
  const places = new Set(wanted.flatMap(({ twin }) => (twin < 0 ? [] : [twin])));
  return { rows, stored: await readBooksRows(file.books.database, keys, [...places], query) };
}

async function readAgain(file: FileToRead, wanted: ReadonlySet<number>, options: ReadingOptions): Promise<ReadonlyMap<number, ReadRow>> {
  const rows = new Map<number, ReadRow>();
  let index = 0;
  await eachBatch(file, options, (batch) => {
    for (const row of batch.rows) {
      if (wanted.has(index)) rows.set(index, row);
      index++;
    }
    return rows.size < wanted.size;
  });
  return rows;
}
