import type { LineReader } from "../text/lines.ts";

/** A field of a SWIFT message: its tag, the lines of its content, where it begins. */
export interface SwiftField {
  readonly tag: string;
  readonly lines: readonly string[];
  readonly line: number;
}

const fieldStart = /^:(\d{2}[A-Z]?):(.*)$/s;
/** Most lines of one field; SWIFT allows six, banks write more. */
const fieldLinesMax = 500;

/** Splits the text of SWIFT messages into fields; envelopes and the lines between messages are passed over. */
export class FieldReader {
  private pending: string | undefined;

  constructor(private readonly lines: LineReader) {}

  /** The next field; `end` stands for the `-` that closes a message, `undefined` for the end of the file. */
  next(): SwiftField | "end" | undefined {
    for (;;) {
      const text = this.take();
      if (text === undefined) return undefined;
      const start = fieldStart.exec(text.startsWith("{") ? afterEnvelope(text) : text);
      if (start) return this.readField(start[1] ?? "", start[2] ?? "", this.lines.line);
      if (isEnd(text)) return "end";
    }
  }

  private readField(tag: string, first: string, line: number): SwiftField {
    const content = [first];
    for (;;) {
      const text = this.take();
      if (text === undefined) break;
      if (fieldStart.test(text) || isEnd(text) || text.startsWith("{1:")) {
        this.pending = text;
        break;
      }
      if (content.length < fieldLinesMax) content.push(text);
    }
    return { tag, lines: content, line };
  }

  private take(): string | undefined {
    const { pending } = this;
    this.pending = undefined;
    if (pending !== undefined) return pending;
    return this.lines.advance() ? this.lines.current() : undefined;
  }
}

function isEnd(text: string): boolean {
  return /^-(?:\}|X{3}|\s*$)/.test(text);
}

/** `{1:F01…}{2:…}{4:` may stand on one line with the first field. */
function afterEnvelope(text: string): string {
  return text.slice(text.lastIndexOf("{4:") + 3);
}
