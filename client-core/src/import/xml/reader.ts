import { SaldoError } from "@saldo/schema";

/** What the reader stands on. */
export type XmlToken = "open" | "close" | "text" | "end";

const tokenCharsMax = 1024 * 1024;
const depthMax = 256;

const LT = 60;
const GT = 62;
const SLASH = 47;
const BANG = 33;
const QUESTION = 63;
const COLON = 58;

/**
 * Walks an XML text that arrives in pieces, one token at a time: elements by their local names, attributes on demand, text with
 * entities resolved. A document type is refused, so there are no entities but the five of XML and numbers. Memory is one piece and one token.
 * Throws `import.xml_damaged` with the part's name.
 */
export class XmlReader {
  /** Local name of the element opened or closed. */
  name = "";
  /** Text between two tags; CDATA included. */
  text = "";
  private readonly open: string[] = [];
  private buffer = "";
  private at = 0;
  private lines = 1;
  private counted = 0;
  private attributes = "";
  private closesItself = false;

  constructor(
    private readonly pieces: Iterator<string, void, void>,
    private readonly part: string,
  ) {}

  /** Open elements around the reader, the one just opened included. */
  get depth(): number {
    return this.open.length;
  }

  /** Line the reader has come to, from 1. */
  get line(): number {
    this.countLines();
    return this.lines;
  }

  /** Goes to the next token and says what it is. */
  next(): XmlToken {
    if (this.closesItself) {
      this.closesItself = false;
      this.open.pop();
      return "close";
    }
    for (;;) {
      if (this.at >= this.buffer.length && !this.refill()) {
        if (this.depth > 0) this.fail();
        return "end";
      }
      if (this.buffer.charCodeAt(this.at) !== LT) {
        if (this.readText()) return "text";
        continue;
      }
      const mark = this.charAt(1);
      if (mark === BANG) {
        if (this.readDeclaration()) return "text";
        continue;
      }
      if (mark === QUESTION) {
        this.skipPast("?>");
        continue;
      }
      return mark === SLASH ? this.readClose() : this.readOpen();
    }
  }

  /** The value of an attribute of the element just opened, by its local name; `undefined` when it has none. */
  attribute(name: string): string | undefined {
    const { attributes } = this;
    for (let from = 0; ; ) {
      const found = attributes.indexOf(name, from);
      if (found < 0) return undefined;
      from = found + name.length;
      const before = attributes.charCodeAt(found - 1);
      if (found > 0 && before > 32 && before !== COLON) continue;
      let at = from;
      while (attributes.charCodeAt(at) <= 32) at += 1;
      if (attributes[at] !== "=") continue;
      at += 1;
      while (attributes.charCodeAt(at) <= 32) at += 1;
      const quote = attributes[at];
      if (quote !== '"' && quote !== "'") continue;
      const end = attributes.indexOf(quote, at + 1);
      return end < 0 ? undefined : this.resolve(attributes.slice(at + 1, end));
    }
  }

  /** Reads on to the end of the element just opened and gives all text inside it. */
  innerText(): string {
    const depth = this.depth;
    let text = "";
    for (;;) {
      const token = this.next();
      if (token === "text") {
        text = text === "" ? this.text : text + this.text;
        if (text.length > tokenCharsMax) this.fail();
      }
      if (token === "end" || (token === "close" && this.depth < depth)) return text;
    }
  }

  /** Passes over the rest of the element just opened. */
  skip(): void {
    const depth = this.depth;
    for (;;) {
      const token = this.next();
      if (token === "end" || (token === "close" && this.depth < depth)) return;
    }
  }

  /** Counts the line ends passed since the last time; what is looked at is cut out first, for a file may have but one line. */
  private countLines(): void {
    const passed = this.buffer.slice(this.counted, this.at);
    for (let end = passed.indexOf("\n"); end >= 0; end = passed.indexOf("\n", end + 1)) this.lines += 1;
    this.counted = this.at;
  }

  private refill(): boolean {
    const piece = this.pieces.next();
    if (piece.done === true) return false;
    this.countLines();
    this.counted = 0;
    const rest = this.at < this.buffer.length ? this.buffer.slice(this.at) : "";
    if (rest.length > tokenCharsMax) this.fail();
    this.buffer = rest + piece.value;
    this.at = 0;
    return true;
  }

  private charAt(offset: number): number {
    while (this.at + offset >= this.buffer.length) if (!this.refill()) this.fail();
    return this.buffer.charCodeAt(this.at + offset);
  }

  private indexOf(text: string, offset: number): number {
    let from = offset;
    for (;;) {
      const found = this.buffer.indexOf(text, this.at + from);
      if (found >= 0) return found;
      from = Math.max(offset, this.buffer.length - this.at - text.length + 1);
      if (!this.refill()) this.fail();
    }
  }

  /** Reads up to the next tag; false when nothing but white space stands there outside of all elements. */
  private readText(): boolean {
    let end = this.buffer.indexOf("<", this.at);
    while (end < 0) {
      const searched = this.buffer.length - this.at;
      if (!this.refill()) {
        end = this.buffer.length;
        break;
      }
      end = this.buffer.indexOf("<", this.at + searched);
    }
    const raw = this.buffer.slice(this.at, end);
    this.at = end;
    if (this.depth === 0) {
      if (/[^\s\ufeff]/.test(raw)) this.fail();
      return false;
    }
    this.text = this.resolve(raw);
    return true;
  }

  private readDeclaration(): boolean {
    if (this.charAt(2) === 45) {
      this.skipPast("-->");
      return false;
    }
    if (this.charAt(2) !== 91) this.fail();
    const end = this.indexOf("]]>", 9);
    this.text = this.buffer.slice(this.at + 9, end);
    this.at = end + 3;
    return true;
  }

  private skipPast(mark: string): void {
    const end = this.indexOf(mark, 2);
    this.at = end + mark.length;
  }

  private readClose(): XmlToken {
    const end = this.indexOf(">", 2);
    this.name = localName(this.buffer.slice(this.at + 2, end).trimEnd());
    this.at = end + 1;
    if (this.open.pop() !== this.name) this.fail();
    return "close";
  }

  private readOpen(): XmlToken {
    const end = this.tagEnd();
    this.closesItself = this.buffer.charCodeAt(end - 1) === SLASH;
    let nameEnd = this.at + 1;
    let code = this.buffer.charCodeAt(nameEnd);
    while (code > 32 && code !== SLASH && code !== GT) code = this.buffer.charCodeAt((nameEnd += 1));
    if (nameEnd === this.at + 1) this.fail();
    this.name = localName(this.buffer.slice(this.at + 1, nameEnd));
    this.attributes = this.buffer.slice(nameEnd, this.closesItself ? end - 1 : end);
    this.at = end + 1;
    if (this.open.push(this.name) > depthMax) this.fail();
    return "open";
  }

  /** Where the tag at hand ends: a `>` outside of quotes. */
  private tagEnd(): number {
    for (let offset = 1, quote = 0; ; offset += 1) {
      const at = this.at + offset;
      const code = at < this.buffer.length ? this.buffer.charCodeAt(at) : this.charAt(offset);
      if (quote !== 0) {
        if (code === quote) quote = 0;
      } else if (code === 34 || code === 39) quote = code;
      else if (code === GT) return this.at + offset;
      else if (code === LT) this.fail();
    }
  }

  private resolve(raw: string): string {
    if (!raw.includes("&")) return raw;
    return raw.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|\w{1,8});|&/g, (_, name: string | undefined) => entityText(name) ?? this.fail());
  }

  private fail(): never {
    throw new SaldoError("import.xml_damaged", { part: this.part, line: this.line });
  }
}

function localName(name: string): string {
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(colon + 1);
}

function entityText(name: string | undefined): string | undefined {
  switch (name) {
    case undefined:
      return undefined;
    case "lt":
      return "<";
    case "gt":
      return ">";
    case "amp":
      return "&";
    case "quot":
      return '"';
    case "apos":
      return "'";
    default: {
      if (!name.startsWith("#")) return undefined;
      const code = name.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
      return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
    }
  }
}

/** The text of XML bytes piece by piece: UTF-8 unless a byte order mark or the XML declaration says otherwise. */
export function* xmlText(pieces: Iterable<Uint8Array>): Generator<string, void, void> {
  let decoder: TextDecoder | undefined;
  for (const piece of pieces) {
    decoder ??= new TextDecoder(encodingOf(piece));
    const text = decoder.decode(piece, { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder?.decode() ?? "";
  if (rest !== "") yield rest;
}

function encodingOf(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const declared = /^[^>]{0,100}encoding=["']([\w-]{3,20})["']/.exec(String.fromCharCode(...head.subarray(0, 120)))?.[1]?.toLowerCase();
  return declared !== undefined && /^(?:windows-125\d|iso-8859-\d{1,2}|koi8-r|ibm866)$/.test(declared) ? declared : "utf-8";
}
