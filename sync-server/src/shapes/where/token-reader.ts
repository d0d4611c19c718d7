import { syntaxError, type Token } from "./lex.ts";

/** Reads tokens one after the other. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  protected at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The next token, or one further ahead. */
  protected peek(ahead = 0): Token {
    return this.#tokens[this.at + ahead] ?? { kind: "end", at: 0 };
  }

  protected isWord(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "word" && token.text === text;
  }

  protected isOp(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "op" && token.text === text;
  }

  /** Takes the words if all of them follow. */
  protected words(...words: readonly string[]): boolean {
    if (!words.every((word, ahead) => this.isWord(word, ahead))) return false;
    this.at += words.length;
    return true;
  }

  protected op(text: string): boolean {
    if (!this.isOp(text)) return false;
    this.at += 1;
    return true;
  }

  protected expect(text: string): void {
    if (!this.op(text)) throw syntaxError(this.peek().at);
  }
}
