import { SaldoError } from "@saldo/schema";
import { importLimits } from "../limits.ts";
import { cutLine } from "./fixed-width.ts";

/** Where the text of a file comes from, in order; `next()` returns "" at the end. */
export interface TextSource {
  readonly done: boolean;
  next(): string;
}

/** How the cells of a file are set apart; `quote` is "" when no character quotes. Where `cuts` are given, columns begin at those characters. */
export interface Dialect {
  readonly cuts?: readonly number[];
  readonly delimiter: string;
  readonly quote: string;
  /** True when lines are quoted whole, as one cell each, and hold their cells inside. */
  readonly wrapped?: boolean;
}

/** A source of one text at hand. */
export function textSource(text: string): TextSource {
  let done = text === "";
  return {
    get done() {
      return done;
    },
    next() {
      if (done) return "";
      done = true;
      return text;
    },
  };
}

const CR = 13;
const LF = 10;
const SPACE = 32;

/**
 * Splits text into records of cells, pulling pieces as it needs them. RFC 4180 with what real files do: LF, CRLF or CR ends a line,
 * a doubled quote stands for one, blanks around a quoted cell are dropped, a stray quote inside a cell is text.
 * Positions already searched are remembered, so the work grows with the text and not with its square.
 */
export class RecordReader {
  /** Physical line where the record returned last starts. */
  line = 0;
  private text = "";
  private at = 0;
  private nextLine = 1;
  private records = 0;
  // Positions of the next such character at or after `at`; Infinity when the text at hand has none; −1 when not searched.
  private lf = -1;
  private cr = -1;
  private quoteAt = -1;
  private delimiterAt = -1;

  constructor(
    private readonly source: TextSource,
    private readonly dialect: Dialect,
  ) {}

  /** The cells of the next record, or `undefined` at the end. Throws when a limit is passed or a quote is never closed. */
  next(): string[] | undefined {
    for (;;) {
      if (this.at >= this.text.length && !this.refill()) return undefined;
      const lineEnd = this.findLineEnd();
      if (lineEnd === Number.POSITIVE_INFINITY || (lineEnd === this.text.length - 1 && this.text.charCodeAt(lineEnd) === CR)) {
        if (this.refill()) continue;
      }
      const end = Math.min(lineEnd, this.text.length);
      const isQuoted = this.findQuote() < end;
      const cells = isQuoted ? this.readQuoted() : this.readPlain(end);
      if (cells === undefined) continue;
      this.records += 1;
      if (this.records > importLimits.recordsMax) throw new SaldoError("import.too_many_rows", { recordsMax: importLimits.recordsMax });
      return isQuoted && cells.length === 1 && this.dialect.wrapped === true ? this.unwrapped(cells) : cells;
    }
  }

  /** A line that a spreadsheet took for one cell and quoted whole is the record it was; other cells stay one. */
  private unwrapped(cells: string[]): string[] {
    const [cell = ""] = cells;
    if (this.dialect.delimiter === "" || !cell.includes(this.dialect.delimiter) || /[\r\n]/.test(cell)) return cells;
    try {
      return new RecordReader(textSource(cell), this.dialect).next() ?? cells;
    } catch (error) {
      if (error instanceof SaldoError) return cells;
      throw error;
    }
  }

  private refill(): boolean {
    if (this.source.done) return false;
    const rest = this.text.slice(this.at);
    if (rest.length > importLimits.recordCharsMax) {
      throw new SaldoError("import.line_too_long", { line: this.nextLine, recordCharsMax: importLimits.recordCharsMax });
    }
    this.text = rest + this.source.next();
    this.at = 0;
    this.lf = this.cr = this.quoteAt = this.delimiterAt = -1;
    return true;
  }

  private find(character: string, known: number): number {
    if (known >= this.at) return known;
    const found = this.text.indexOf(character, this.at);
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  }

  private findLineEnd(): number {
    this.lf = this.find("\n", this.lf);
    this.cr = this.find("\r", this.cr);
    return Math.min(this.lf, this.cr);
  }

  private findQuote(): number {
    if (this.dialect.quote === "") return Number.POSITIVE_INFINITY;
    this.quoteAt = this.find(this.dialect.quote, this.quoteAt);
    return this.quoteAt;
  }

  private readPlain(end: number): string[] {
    const { text } = this;
    const { delimiter } = this.dialect;
    const start = this.at;
    if (end - start > importLimits.cellCharsMax) this.checkLength(end - start);
    if (this.dialect.cuts !== undefined) {
      const cut = cutLine(text.slice(start, end), this.dialect.cuts);
      this.line = this.nextLine;
      this.finish(cut, end);
      return cut;
    }
    const cells: string[] = [];
    let from = start;
    let found = this.find(delimiter, this.delimiterAt);
    while (found < end) {
      cells.push(text.slice(from, found));
      from = found + 1;
      const next = text.indexOf(delimiter, from);
      found = next < 0 ? Number.POSITIVE_INFINITY : next;
    }
    this.delimiterAt = found;
    cells.push(text.slice(from, end));
    this.line = this.nextLine;
    this.finish(cells, end);
    return cells;
  }

  /** Reads a record with quotes; `undefined` when it needed more text and is to be read again from its start. */
  private readQuoted(): string[] | undefined {
    const cells: string[] = [];
    let from = this.at;
    for (;;) {
      const cell = this.readCell(from);
      if (cell === undefined) return undefined;
      if (cell.value.length > importLimits.cellCharsMax) this.failCell();
      cells.push(cell.value);
      if (cells.length > importLimits.columnsMax) this.failColumns();
      if (cell.end < this.text.length && this.text[cell.end] === this.dialect.delimiter) {
        from = cell.end + 1;
        continue;
      }
      if (cell.end >= this.text.length - 1 && !this.source.done && this.refill()) return undefined;
      if (cell.end - this.at > importLimits.recordCharsMax) this.checkLength(cell.end - this.at);
      this.line = this.nextLine;
      this.countLines(this.at, cell.end);
      this.finish(cells, cell.end);
      return cells;
    }
  }

  private readCell(from: number): { value: string; end: number } | undefined {
    const { text } = this;
    const { quote } = this.dialect;
    let open = from;
    while (text.charCodeAt(open) === SPACE) open += 1;
    if (text[open] !== quote) {
      const end = this.cellEnd(from);
      return { value: text.slice(from, end), end };
    }
    let close = open + 1;
    let doubled = false;
    for (;;) {
      close = text.indexOf(quote, close);
      if (close < 0) {
        if (text.length - this.at <= importLimits.recordCharsMax && this.refill()) return undefined;
        this.failQuote();
      }
      if (text[close + 1] === quote) {
        doubled = true;
        close += 2;
        continue;
      }
      if (close + 1 >= text.length && this.refill()) return undefined;
      let after = close + 1;
      while (text.charCodeAt(after) === SPACE) after += 1;
      if (after >= text.length || this.isCellEnd(after)) return { value: this.unquote(open + 1, close, doubled), end: after };
      // A cell that runs over lines and meets a quote in the wrong place was never closed on its own line.
      if (this.hasLineEnd(open, close)) this.failQuote();
      if (this.strayQuoteIsText(close)) {
        close += 1;
        continue;
      }
      // The quote closed the cell and text follows up to the delimiter.
      const end = this.cellEnd(close + 1);
      return { value: this.unquote(open + 1, close, doubled) + text.slice(close + 1, end), end };
    }
  }

  private unquote(from: number, to: number, doubled: boolean): string {
    const raw = this.text.slice(from, to);
    const { quote } = this.dialect;
    return doubled ? raw.replaceAll(quote + quote, quote) : raw;
  }

  /** A quote in the middle of a quoted cell is text when the same line still has the quote that closes the cell. */
  private strayQuoteIsText(at: number): boolean {
    const { text } = this;
    for (let next = at + 1; next < text.length; next += 1) {
      if (this.isLineEnd(next)) return false;
      if (text[next] !== this.dialect.quote) continue;
      if (next + 1 >= text.length || this.isCellEnd(next + 1)) return true;
      if (text[next - 1] === this.dialect.delimiter) return false;
    }
    return false;
  }

  private isCellEnd(at: number): boolean {
    return this.isLineEnd(at) || this.text[at] === this.dialect.delimiter;
  }

  private cellEnd(from: number): number {
    let end = from;
    while (end < this.text.length && !this.isCellEnd(end)) end += 1;
    return end;
  }

  private countLines(from: number, to: number): void {
    for (let at = from; at < to; at += 1) {
      const code = this.text.charCodeAt(at);
      if (code === LF || (code === CR && this.text.charCodeAt(at + 1) !== LF)) this.nextLine += 1;
    }
  }

  private finish(cells: readonly string[], end: number): void {
    if (cells.length > importLimits.columnsMax) this.failColumns();
    this.at = end;
    if (end < this.text.length) {
      const isCrLf = this.text.charCodeAt(end) === CR && this.text.charCodeAt(end + 1) === LF;
      this.at = end + (isCrLf ? 2 : 1);
      this.nextLine += 1;
    }
  }

  private checkLength(chars: number): void {
    if (chars > importLimits.recordCharsMax) {
      throw new SaldoError("import.line_too_long", { line: this.nextLine, recordCharsMax: importLimits.recordCharsMax });
    }
    const lineText = this.text.slice(this.at, this.at + chars);
    if (lineText.split(this.dialect.delimiter).some((cell) => cell.length > importLimits.cellCharsMax)) this.failCell();
  }

  private hasLineEnd(from: number, to: number): boolean {
    for (let at = from; at < to; at += 1) if (this.isLineEnd(at)) return true;
    return false;
  }

  private isLineEnd(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code === LF || code === CR;
  }

  private failQuote(): never {
    throw new SaldoError("import.unclosed_quote", { line: this.nextLine });
  }

  private failCell(): never {
    throw new SaldoError("import.cell_too_long", { line: this.nextLine, cellCharsMax: importLimits.cellCharsMax });
  }

  private failColumns(): never {
    throw new SaldoError("import.too_many_columns", { line: this.nextLine, columnsMax: importLimits.columnsMax });
  }
}
