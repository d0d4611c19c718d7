import { SaldoError } from "@saldo/schema";
import { importLimits } from "../limits.ts";
import type { TextSource } from "../csv/records.ts";

/**
 * Goes through the lines of a text one by one, pulling pieces as it needs them; LF, CRLF or, where there is no LF, CR ends a line.
 * A line can be looked at where it stands, without being cut out.
 */
export class LineReader {
  /** Number of the line at hand, from 1. */
  line = 0;
  /** The line at hand is `text` from `start` up to `end`, without its line end. */
  text = "";
  start = 0;
  end = 0;
  private after = 0;
  private mark: "\n" | "\r" | undefined;

  constructor(private readonly source: TextSource) {}

  /** Goes to the next line; false at the end. Throws `import.line_too_long`. */
  advance(): boolean {
    for (;;) {
      if (this.after >= this.text.length && !this.refill()) return false;
      this.mark ??= this.text.includes("\n") || !this.text.includes("\r") ? "\n" : "\r";
      const found = this.text.indexOf(this.mark, this.after);
      if (found < 0 && this.refill()) continue;
      const to = found < 0 ? this.text.length : found;
      this.start = this.after;
      this.end = to > this.start && this.text.charCodeAt(to - 1) === 13 ? to - 1 : to;
      this.after = to + 1;
      this.line += 1;
      return true;
    }
  }

  /** The line at hand, from a place in it on. */
  current(from = 0): string {
    return this.text.slice(this.start + from, this.end);
  }

  /** True when the line at hand begins with a text. */
  startsWith(prefix: string): boolean {
    return this.text.startsWith(prefix, this.start);
  }

  private refill(): boolean {
    if (this.source.done) return false;
    const rest = this.text.slice(this.after);
    if (rest.length > importLimits.recordCharsMax) throw new SaldoError("import.line_too_long", { line: this.line + 1, recordCharsMax: importLimits.recordCharsMax });
    this.text = rest + this.source.next();
    this.after = 0;
    return true;
  }
}
