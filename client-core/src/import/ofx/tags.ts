import { SaldoError } from "@saldo/schema";
import { importLimits } from "../limits.ts";
import type { TextSource } from "../csv/records.ts";
import { resolveEntities, resolveTwice } from "./entities.ts";

/**
 * Goes through OFX tag by tag, SGML (1.x, leaves unclosed) and XML (2.x) alike: a name and the text up to the next tag. Comments,
 * processing instructions and what stands before the first tag are passed over. Throws `import.xml_document_type` at a document type,
 * `import.cut_off` at a tag without an end, `import.line_too_long`.
 */
export class TagReader {
  name = "";
  isClose = false;
  /** Text after the tag, trimmed, entities resolved. */
  value = "";
  /** Line where the tag stands, from 1. */
  line = 1;
  /** Only SGML is written by hand, with entities of entities. */
  private isXml = false;
  private text = "";
  private at = 0;

  constructor(private readonly source: TextSource) {}

  /** Goes to the next tag; false at the end of the file. */
  next(): boolean {
    for (;;) {
      const start = this.find("<", this.at, false);
      if (start < 0) return false;
      this.moveTo(start);
      if (this.startsWith("<!--")) {
        this.moveTo(this.find("-->", this.at + 4, true) + 3);
        continue;
      }
      if (this.startsWith("<![CDATA[")) {
        this.moveTo(this.find("]]>", this.at + 9, true) + 3);
        continue;
      }
      if (this.startsWith("<!")) throw new SaldoError("import.xml_document_type", { line: this.line });
      const end = this.find(">", this.at + 1, true);
      const tag = this.text.slice(this.at + 1, end);
      this.moveTo(end + 1);
      if (tag.startsWith("?")) {
        this.isXml = true;
        continue;
      }
      this.isClose = tag.startsWith("/");
      this.name = (this.isClose ? tag.slice(1) : (tag.split(/[\s/]/, 1)[0] ?? "")).trim().toUpperCase();
      this.value = this.isClose ? "" : this.readValue();
      return true;
    }
  }

  private readValue(): string {
    if (this.text.startsWith("<![CDATA[", this.at)) return this.text.slice(this.at + 9, this.find("]]>", this.at + 9, true)).trim();
    const end = this.find("<", this.at, false);
    const value = this.text.slice(this.at, end < 0 ? this.text.length : end).trim();
    if (!value.includes("&")) return value;
    return this.isXml ? resolveEntities(value) : resolveTwice(value);
  }

  private startsWith(mark: string): boolean {
    while (this.text.length - this.at < mark.length && this.refill()) continue;
    return this.text.startsWith(mark, this.at);
  }

  /** Where a mark stands from a place on; −1, or `import.cut_off` when it must, at the end of the file. */
  private find(mark: string, from: number, isNeeded: boolean): number {
    for (let offset = from - this.at; ; ) {
      const found = this.text.indexOf(mark, this.at + offset);
      if (found >= 0) return found;
      offset = Math.max(offset, this.text.length - this.at - mark.length + 1);
      if (this.refill()) continue;
      if (isNeeded) throw new SaldoError("import.cut_off", { line: this.line });
      return -1;
    }
  }

  /** Goes on to a place, counting the line ends on the way; the way is cut out first, for a file may have but one line. */
  private moveTo(place: number): void {
    const way = this.text.slice(this.at, place);
    for (let end = way.indexOf("\n"); end >= 0; end = way.indexOf("\n", end + 1)) this.line += 1;
    this.at = place;
  }

  private refill(): boolean {
    if (this.source.done) return false;
    const rest = this.text.slice(this.at);
    if (rest.length > importLimits.recordCharsMax) throw new SaldoError("import.line_too_long", { line: this.line, recordCharsMax: importLimits.recordCharsMax });
    this.text = rest + this.source.next();
    this.at = 0;
    return true;
  }
}
