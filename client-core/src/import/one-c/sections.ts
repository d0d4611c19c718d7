import { SaldoError } from "@saldo/schema";
import type { LineReader } from "../text/lines.ts";
import { firstLine, slot, slotByKey, slotCount } from "./fields.ts";

/** A document of a file. `slots` is reused by the next one; `isWhole` is false when the next section begins before the document ends. */
export interface DocumentSection {
  readonly kind: "document";
  readonly line: number;
  readonly name: string;
  readonly isWhole: boolean;
  readonly slots: readonly string[];
}

/** What a file is made of, section by section. */
export type Section = DocumentSection | { readonly kind: "header" | "account"; readonly values: ReadonlyMap<string, readonly string[]> };

const documentStart = "СекцияДокумент";
const documentEnd = "КонецДокумента";
const accountStart = "СекцияРасчСчет";
const accountEnd = "КонецРасчСчет";
const fileEnd = "КонецФайла";
const capitalS = "С".charCodeAt(0);
const capitalK = "К".charCodeAt(0);

/** A line of a document before: its key with the equals sign, and the slot of its value (−1: not read). */
interface ExpectedLine {
  readonly prefix: string;
  readonly slot: number;
}

/** Most lines of a document whose order is remembered. */
const expectedLinesMax = 200;
/** Most keys of a header or an account section, and most values of one key. */
const keysMax = 200;
const repeatsMax = 1_000;

/**
 * Splits a file into its sections. Blank lines, keys out of place and unknown keys are passed over; a line without a key continues the
 * purpose of the payment before it. Documents of a file list their keys in one order, so each line is first tried for the key that stood
 * at its place in the document before. Throws `import.cut_off` at a file without its last line.
 */
export class SectionReader {
  private readonly slots: string[] = Array.from({ length: slotCount }, () => "");
  private readonly expected: ExpectedLine[] = [];
  private isPending = false;
  private isEnded = false;

  /** Documents are passed over, several times faster, unless they are wanted. */
  constructor(
    private readonly lines: LineReader,
    private readonly withDocuments: boolean,
  ) {}

  /** The next section, or `undefined` at the end of the file. */
  next(): Section | undefined {
    const { lines } = this;
    for (;;) {
      if (!this.isPending && !lines.advance()) {
        if (this.isEnded) return undefined;
        throw new SaldoError("import.cut_off", { line: lines.line });
      }
      this.isPending = false;
      if (lines.startsWith(documentStart)) {
        if (this.withDocuments) return this.readDocument();
        this.skipDocument();
      } else if (lines.startsWith(accountStart)) return { kind: "account", values: this.readValues() };
      else if (lines.startsWith(firstLine) || lines.current().endsWith(firstLine)) return { kind: "header", values: this.readValues() };
      else if (lines.startsWith(fileEnd)) this.isEnded = true;
    }
  }

  private readDocument(): DocumentSection {
    this.isEnded = false;
    const { slots, lines } = this;
    const name = lines.current(documentStart.length).replace(/^=/, "").trim();
    const line = lines.line;
    slots.fill("");
    for (let place = 0, isPurpose = false; ; place += 1) {
      if (!lines.advance()) throw new SaldoError("import.cut_off", { line });
      const expected = this.expected[place];
      if (expected !== undefined && lines.startsWith(expected.prefix)) {
        if (expected.slot >= 0) slots[expected.slot] = lines.current(expected.prefix.length);
        isPurpose = expected.slot >= slot.purpose && expected.slot < slot.status;
        continue;
      }
      const first = lines.text.charCodeAt(lines.start);
      if (first === capitalK && lines.startsWith(documentEnd)) return { kind: "document", line, name, isWhole: true, slots };
      if ((first === capitalS || first === capitalK) && this.isNextSection()) return { kind: "document", line, name, isWhole: false, slots };
      isPurpose = this.readUnexpected(place, isPurpose);
    }
  }

  /** Reads a line that is not the one expected at its place; true when it belongs to a purpose. */
  private readUnexpected(place: number, isPurpose: boolean): boolean {
    const text = this.lines.current();
    const equals = text.indexOf("=");
    const found = equals < 0 ? undefined : slotByKey.get(text.slice(0, equals));
    if (equals > 0 && place < expectedLinesMax) this.expected[place] = { prefix: text.slice(0, equals + 1), slot: found ?? -1 };
    if (found !== undefined) {
      this.slots[found] = text.slice(equals + 1);
      return found >= slot.purpose && found < slot.status;
    }
    if (equals >= 0 || !isPurpose) return false;
    this.slots[slot.purpose] = `${this.slots[slot.purpose] ?? ""} ${text}`;
    return true;
  }

  private skipDocument(): void {
    this.isEnded = false;
    const { lines } = this;
    const { line } = lines;
    for (;;) {
      if (!lines.advance()) throw new SaldoError("import.cut_off", { line });
      const first = lines.text.charCodeAt(lines.start);
      if (first !== capitalS && first !== capitalK) continue;
      if (lines.startsWith(documentEnd) || this.isNextSection()) return;
    }
  }

  /** True when the line at hand begins another section or ends the file; it is then looked at again. */
  private isNextSection(): boolean {
    this.isPending = this.lines.startsWith(documentStart) || this.lines.startsWith(accountStart) || this.lines.startsWith(fileEnd);
    return this.isPending;
  }

  /** Keys and values up to the end of the section; a key may stand more than once. */
  private readValues(): Map<string, string[]> {
    const values = new Map<string, string[]>();
    while (this.lines.advance()) {
      if (this.lines.startsWith(accountEnd) || this.isNextSection()) break;
      const text = this.lines.current();
      const equals = text.indexOf("=");
      if (equals < 0 || values.size > keysMax) continue;
      const key = text.slice(0, equals).trim();
      const known = values.get(key);
      if (known === undefined) values.set(key, [text.slice(equals + 1).trim()]);
      else if (known.length < repeatsMax) known.push(text.slice(equals + 1).trim());
    }
    return values;
  }
}
