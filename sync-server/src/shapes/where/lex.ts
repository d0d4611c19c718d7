import { invalidRequest, type RequestRefused } from "../refusal.ts";

/** A lexical token; `at` is its place in the source, in UTF-16 units. */
export type Token =
  | { readonly kind: "word"; readonly text: string; readonly at: number }
  | { readonly kind: "quoted"; readonly text: string; readonly at: number }
  | { readonly kind: "string"; readonly text: string; readonly at: number }
  | { readonly kind: "number"; readonly text: string; readonly at: number }
  | { readonly kind: "param"; readonly number: number; readonly at: number }
  | { readonly kind: "op"; readonly text: string; readonly at: number }
  | { readonly kind: "end"; readonly at: number };

const tokensMax = 30_000;

/** Text that is not a clause, before it is known what stands there. */
export class ClauseSyntaxError extends Error {
  override readonly name = "ClauseSyntaxError";
  readonly at: number;
  readonly what: string | undefined;

  constructor(at: number, what: string | undefined) {
    super(what ?? "syntax error");
    this.at = at;
    this.what = what;
  }
}

/** What to throw at a place where the clause cannot go on. */
export function syntaxError(at: number, what?: string): ClauseSyntaxError {
  return new ClauseSyntaxError(at, what);
}

/** Clients of the protocol know places as those in this statement. */
const statementPrefix = "SELECT 1 WHERE ";
const tokenAt = /"(?:[^"]|"")*"|'(?:[^']|'')*'|[\p{L}_][\p{L}\p{N}_$]*|[\d.]+|\S/uy;

/** The 400 for text that is not a clause, in Postgres' words. */
export function refuseSyntax(source: string, { at, what }: ClauseSyntaxError): RequestRefused {
  tokenAt.lastIndex = at + (/^\s*/.exec(source.slice(at))?.[0].length ?? 0);
  const place = statementPrefix.length + Array.from(source.slice(0, tokenAt.lastIndex)).length;
  const token = tokenAt.exec(source)?.[0];
  const near = token === undefined ? "at end of input" : `at or near ${JSON.stringify(token)}`;
  return invalidRequest("where", `At location ${place}: ${what ?? "syntax error"} ${near}`);
}

const space = /[ \t\n\r\f\v]+/y;
const word = /[A-Za-z_\u{80}-\u{10ffff}][A-Za-z0-9_$\u{80}-\u{10ffff}]*/uy;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const parameter = /\$(\d{1,5})/y;
const quotedName = /"((?:[^"\0]|"")+)"/y;
const plainString = /'((?:[^'\0]|'')*)'/y;
const escapeString = /[eE]'((?:[^'\\\0]|''|\\[^\0])*)'/y;
const operatorChars = /[-+*/<>=~!@#%^&|`?]+/y;
const wordStart = /[A-Za-z0-9_$\u{80}-\u{10ffff}]/uy;

/** Words as Postgres folds them: ASCII only. */
export function foldWord(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

const simpleEscapes: ReadonlyMap<string, string> = new Map([["b", "\b"], ["f", "\f"], ["n", "\n"], ["r", "\r"], ["t", "\t"]]);

function unescape(text: string, at: number): string {
  return text.replaceAll(/''|\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)/gsu, (match, short: string | undefined, long: string | undefined) => {
    if (match === "''") return "'";
    const hex = short ?? long;
    if (hex !== undefined) {
      const code = Number.parseInt(hex, 16);
      if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw syntaxError(at, "unsupported Unicode escape");
      return String.fromCodePoint(code);
    }
    const escaped = match.slice(1);
    if (/^(?:x|u|U|[0-7])/.test(escaped)) throw syntaxError(at, "unsupported escape");
    return simpleEscapes.get(escaped) ?? escaped;
  });
}

/** A run of operator characters is cut as Postgres cuts it: before a comment, and before a trailing sign unless an unusual character is in it. */
function cutOperator(run: string): string {
  const comment = /--|\/\*/.exec(run);
  let text = comment === null ? run : run.slice(0, comment.index);
  while (text.length > 1 && /[-+]$/.test(text) && !/[~!@#%^&|`?]/.test(text)) text = text.slice(0, -1);
  return text;
}

/** Splits a clause into tokens by Postgres' lexical rules. Throws `RequestRefused` (400). */
export class Lexer {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  tokens(): Token[] {
    const tokens: Token[] = [];
    for (;;) {
      const token = this.#next();
      tokens.push(token);
      if (token.kind === "end") return tokens;
      if (tokens.length > tokensMax) throw invalidRequest("where", "is too long");
    }
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }

  #skip(): void {
    for (;;) {
      if (this.#match(space) !== null) continue;
      if (this.#source.startsWith("--", this.#at)) {
        const end = this.#source.slice(this.#at).search(/[\n\r]/);
        this.#at = end < 0 ? this.#source.length : this.#at + end;
      } else if (this.#source.startsWith("/*", this.#at)) this.#skipBlockComment();
      else return;
    }
  }

  #skipBlockComment(): void {
    const start = this.#at;
    const mark = /\/\*|\*\//g;
    let depth = 0;
    mark.lastIndex = start;
    do {
      const match = mark.exec(this.#source);
      if (match === null) throw syntaxError(start, "unterminated comment");
      depth += match[0] === "/*" ? 1 : -1;
    } while (depth > 0);
    this.#at = mark.lastIndex;
  }

  #next(): Token {
    this.#skip();
    const at = this.#at;
    const first = this.#source[at];
    if (first === undefined) return { kind: "end", at };
    const text = this.#string(at);
    if (text !== undefined) return { kind: "string", text, at };
    if (/[\d.]/.test(first)) {
      const match = this.#match(number);
      if (match !== null) {
        if (this.#match(wordStart) !== null) throw syntaxError(at, "trailing junk after a number");
        return { kind: "number", text: match[0], at };
      }
    }
    const name = this.#match(quotedName);
    if (name !== null) return { kind: "quoted", text: (name[1] ?? "").replaceAll('""', '"'), at };
    const plain = this.#match(word);
    if (plain !== null) return { kind: "word", text: foldWord(plain[0]), at };
    const given = this.#match(parameter);
    if (given !== null) {
      if (this.#match(wordStart) !== null) throw syntaxError(at, "trailing junk after a parameter");
      return { kind: "param", number: Number(given[1]), at };
    }
    return { kind: "op", text: this.#operator(first), at };
  }

  #string(at: number): string | undefined {
    const escaped = this.#match(escapeString);
    const plain = escaped === null ? this.#match(plainString) : null;
    if (escaped === null && plain === null) return undefined;
    if (this.#source[this.#at] === "'") throw syntaxError(at);
    return escaped === null ? (plain?.[1] ?? "").replaceAll("''", "'") : unescape(escaped[1] ?? "", at);
  }

  #operator(first: string): string {
    if (this.#source.startsWith("::", this.#at)) {
      this.#at += 2;
      return "::";
    }
    if ("()[],.;:".includes(first)) {
      this.#at += 1;
      return first;
    }
    operatorChars.lastIndex = this.#at;
    const run = operatorChars.exec(this.#source)?.[0];
    if (run === undefined) throw syntaxError(this.#at);
    const text = cutOperator(run);
    this.#at += text.length;
    return text === "!=" ? "<>" : text;
  }
}
