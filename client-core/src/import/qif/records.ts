import type { LineReader } from "../text/lines.ts";

/** A record: what stands between two `^`, line by line, under the section and account it belongs to. */
export interface QifRecord {
  readonly line: number;
  /** What `!Type:` says, in lower case. */
  readonly section: string;
  readonly account: string | null;
  readonly fields: readonly (readonly [letter: string, value: string])[];
}

/** Sections whose records move money: bank, cash, card, other assets and liabilities. */
const moneySections = new Set(["bank", "cash", "ccard", "oth a", "oth l"]);
/** Most lines of one record; a split takes three. */
const fieldsMax = 10_000;

/** True when the records of a section are transactions. */
export function isMoneySection(section: string): boolean {
  return moneySections.has(section);
}

/** Splits a QIF file into records. The records of `!Account` are not handed out: the last one names the account of the section after it. */
export class QifReader {
  private section = "";
  private account: string | null = null;

  constructor(private readonly lines: LineReader) {}

  /** The next record, or `undefined` at the end; the last record needs no `^`. */
  next(): QifRecord | undefined {
    const { lines } = this;
    let fields: (readonly [string, string])[] = [];
    let line = 0;
    while (lines.advance()) {
      const text = lines.current().trimEnd();
      if (text === "") continue;
      if (text.startsWith("!")) {
        this.readHeader(text);
        fields = [];
      } else if (text === "^") {
        const done = this.finish(line, fields);
        if (done !== undefined) return done;
        fields = [];
      } else {
        if (fields.length === 0) line = lines.line;
        if (fields.length < fieldsMax) fields.push([text.charAt(0), text.slice(1).trim()]);
      }
    }
    return this.finish(line, fields);
  }

  private readHeader(text: string): void {
    const type = /^!Type:\s*(.*)$/i.exec(text)?.[1];
    if (type !== undefined) this.section = type.trim().toLowerCase();
    else if (/^!Account/i.test(text)) this.section = "account";
  }

  private finish(line: number, fields: readonly (readonly [string, string])[]): QifRecord | undefined {
    if (fields.length === 0) return undefined;
    if (this.section !== "account") return { line, section: this.section, account: this.account, fields };
    this.account = fields.find(([letter]) => letter === "N")?.[1] ?? null;
    return undefined;
  }
}
