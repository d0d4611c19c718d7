import type { Journal, ReadRow, UnderstoodTable } from "../model.ts";
import { newSink, type RowSink } from "../sink.ts";
import { keyOf } from "./journal.ts";
import { accountKind } from "./ledger-accounts.ts";
import { createRowReader } from "./rows.ts";

/** Reads the records of a table one by one into a sink. */
export interface TableReader {
  read(cells: readonly string[], line: number, sink: RowSink): void;
  /** What was held back until the next record was known goes to the sink. */
  end(sink: RowSink): void;
}

type ReadRecord = (cells: readonly string[], line: number, sink: RowSink) => void;

/** Postings of one entry held at a time. */
const entryPostingsMax = 1_000;

/** Makes the reader of a table as it was understood; it keeps caches, so make one for each file. Rows bring the cells of `cellsOf`, columns by index. */
export function createTableReader(understanding: UnderstoodTable, cellsOf: readonly number[] = []): TableReader {
  const readRow = createRowReader(understanding, cellsOf);
  const { outer, journal } = understanding;
  const left = new Set(outer?.handling.value === "leave" ? outer.lines : []);
  const readRecord: ReadRecord = left.size === 0 ? readRow : (cells, line, sink) => {
    if (left.has(line)) sink.skipped.push({ line, reasonCode: "balance_line" });
    else readRow(cells, line, sink);
  };
  if (journal === null) return { read: readRecord, end: () => undefined };
  return journal.counter === null ? new EntryReader(readRecord, journal) : pairReader(readRecord, { ...journal, counter: journal.counter }, understanding);
}

interface Posting {
  readonly cells: readonly string[];
  readonly line: number;
}

/** Lines of an entry are held until it ends, for the own account's row takes its category from the other side. */
class EntryReader implements TableReader {
  private readonly own: ReadonlySet<string>;
  private key = "";
  private postings: Posting[] = [];

  constructor(
    private readonly readRecord: ReadRecord,
    private readonly journal: Journal,
  ) {
    this.own = new Set(journal.own.value);
  }

  read(cells: readonly string[], line: number, sink: RowSink): void {
    if (this.accountOf(cells) === "") return this.readRecord(cells, line, sink);
    const key = keyOf(cells, this.journal.keys);
    if (key !== this.key || this.postings.length >= entryPostingsMax) this.end(sink);
    this.key = key;
    this.postings.push({ cells, line });
  }

  end(sink: RowSink): void {
    const { postings } = this;
    this.postings = [];
    const others = new Set(postings.map(({ cells }) => this.accountOf(cells)).filter((account) => !this.own.has(account)));
    const isOpening = others.size > 0 && [...others].every((account) => accountKind(account) === "opening");
    const [only] = others;
    const category = others.size === 1 && only !== undefined ? only : null;
    for (const { cells, line } of postings) {
      if (!this.own.has(this.accountOf(cells))) sink.skipped.push({ line, reasonCode: "other_side" });
      else if (isOpening) sink.skipped.push({ line, reasonCode: "balance_line" });
      else readAs(this.readRecord, { cells, line }, (row) => ({ ...row, category: row.category ?? category, kind: others.size === 0 ? "transfer" : row.kind }), sink);
    }
  }

  private accountOf(cells: readonly string[]): string {
    return (cells[this.journal.account] ?? "").trim();
  }
}

/** A line names both accounts: it is read as the own account sees it, from both where both are own. */
function pairReader(readRecord: ReadRecord, { account, counter, own }: Journal & { readonly counter: number }, { columns }: UnderstoodTable): TableReader {
  const ours = new Set(own.value);
  const placeOf = (wanted: string): number => columns.find(({ role }) => role === wanted)?.index ?? -1;
  const places = { account, counter, direction: placeOf("direction"), amount: placeOf("amount") };
  const at = (cells: readonly string[], index: number): string => (cells[index] ?? "").trim();
  return {
    read(cells, line, sink) {
      const [isHere, isThere] = [ours.has(at(cells, account)), ours.has(at(cells, counter))];
      const tell = (row: ReadRow): ReadRow => ({ ...row, kind: isHere && isThere ? "transfer" : row.kind });
      if (isHere || at(cells, account) === "") readAs(readRecord, { cells, line }, tell, sink);
      if (isThere) readAs(readRecord, { cells: turned(cells, places), line }, tell, sink);
      if (!isHere && !isThere && at(cells, account) !== "") sink.skipped.push({ line, reasonCode: "other_side" });
    },
    end: () => undefined,
  };
}

/** Reads a record and tells what else is known of its row. */
function readAs(readRecord: ReadRecord, { cells, line }: Posting, tell: (row: ReadRow) => ReadRow, sink: RowSink): void {
  const one = newSink();
  readRecord(cells, line, one);
  sink.rows.push(...one.rows.map(tell));
  sink.refused.push(...one.refused);
  sink.skipped.push(...one.skipped);
  sink.blankLines += one.blankLines;
}

/** A posting as the account of the other side sees it: its side is the other one, or where the first account is always debited, its amount. */
function turned(cells: readonly string[], { account, counter, direction, amount }: Readonly<Record<"account" | "counter" | "direction" | "amount", number>>): readonly string[] {
  const turn = (cell: string, index: number): string => {
    if (index === account) return cells[counter] ?? "";
    if (index === counter) return cells[account] ?? "";
    if (index === direction) return otherSide(cell.trim());
    return index === amount && direction < 0 ? negated(cell.trim()) : cell;
  };
  return cells.map(turn);
}

function otherSide(side: string): string {
  return side === "S" ? "H" : side === "H" ? "S" : side;
}

function negated(amount: string): string {
  if (amount === "") return amount;
  return /^[-−]/.test(amount) ? amount.slice(1) : `-${amount}`;
}
