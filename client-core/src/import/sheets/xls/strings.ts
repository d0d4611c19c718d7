import { SaldoError } from "@saldo/schema";
import { importLimits } from "../../limits.ts";
import type { Decode } from "../../text/decode.ts";
import type { ByteReader } from "./bytes.ts";

const utf16 = new TextDecoder("utf-16le");
const latin1 = new TextDecoder("latin1");

/** A string inside one record: BIFF8 (`XLUnicodeString`) with a flag of one or two bytes a character, before that bytes of a code page. */
export function stringAt(data: ByteReader, at: number, lengthBytes: 1 | 2, legacy: Decode | undefined): string {
  const length = lengthBytes === 1 ? data.u8(at) : data.u16(at);
  const from = at + lengthBytes;
  if (legacy !== undefined) return legacy(data.slice(from, length));
  const isWide = (data.u8(from) & 1) !== 0;
  return isWide ? utf16.decode(data.slice(from + 1, length * 2)) : narrow(data.slice(from + 1, length));
}

/** One byte a character: the low bytes of UTF-16, which is Latin-1 and not windows-1252. */
function narrow(bytes: Uint8Array): string {
  return bytes.every((byte) => byte < 0x80) ? latin1.decode(bytes) : String.fromCharCode(...bytes);
}

/**
 * The texts cells share (`SST`), which run over into continuing records: the characters of a text may go on there, after a new flag
 * byte. Throws `import.archive_damaged` where they break off and `import.workbook_too_large` beyond what we hold in memory.
 */
export function readSharedTexts(parts: readonly ByteReader[]): readonly string[] {
  const source = new ContinuedBytes(parts);
  source.skip(4);
  const count = source.u32();
  if (count > importLimits.sharedTextsMax) throw tooLarge();
  const texts: string[] = [];
  let chars = 0;
  // Some writers tell more texts than there are.
  while (texts.length < count && !source.done) {
    const text = readRichText(source);
    chars += text.length;
    if (chars > importLimits.sharedTextCharsMax) throw tooLarge();
    texts.push(text);
  }
  return texts;
}

function tooLarge(): SaldoError {
  return new SaldoError("import.workbook_too_large", { sharedTextCharsMax: importLimits.sharedTextCharsMax });
}

function readRichText(source: ContinuedBytes): string {
  const length = source.u16();
  const flags = source.u8();
  const runs = (flags & 8) === 0 ? 0 : source.u16();
  const extraBytes = (flags & 4) === 0 ? 0 : source.u32();
  const text = source.characters(length, (flags & 1) !== 0);
  source.skip(runs * 4 + extraBytes);
  return text;
}

/** Bytes that go on from record to record. */
class ContinuedBytes {
  private part = 0;
  private at = 0;

  constructor(private readonly parts: readonly ByteReader[]) {}

  get done(): boolean {
    return this.here() === undefined;
  }

  u8(): number {
    const here = this.here();
    if (here === undefined) throw new SaldoError("import.archive_damaged");
    this.at += 1;
    return here.u8(this.at - 1);
  }

  u16(): number {
    return this.u8() | (this.u8() << 8);
  }

  u32(): number {
    return (this.u16() | (this.u16() << 16)) >>> 0;
  }

  skip(byteCount: number): void {
    for (let left = byteCount; left > 0; ) {
      const here = this.here();
      if (here === undefined) throw new SaldoError("import.archive_damaged");
      const step = Math.min(left, here.length - this.at);
      this.at += step;
      left -= step;
    }
  }

  characters(length: number, isWide: boolean): string {
    let text = "";
    for (let left = length, wide = isWide; left > 0; ) {
      const here = this.here();
      if (here === undefined) throw new SaldoError("import.archive_damaged");
      const width = wide ? 2 : 1;
      const count = Math.min(left, Math.floor((here.length - this.at) / width));
      const bytes = here.slice(this.at, count * width);
      text += wide ? utf16.decode(bytes) : narrow(bytes);
      this.at += count * width;
      left -= count;
      if (left === 0) break;
      this.part += 1;
      this.at = 0;
      wide = (this.u8() & 1) !== 0;
    }
    return text;
  }

  /** The record that has the next byte. */
  private here(): ByteReader | undefined {
    for (;;) {
      const here = this.parts[this.part];
      if (here === undefined || this.at < here.length) return here;
      this.part += 1;
      this.at = 0;
    }
  }
}
