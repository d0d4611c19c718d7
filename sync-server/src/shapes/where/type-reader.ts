import type { TypeName } from "./expression.ts";
import { syntaxError } from "./lex.ts";
import { reservedWords } from "./reserved.ts";
import { TokenReader } from "./token-reader.ts";

/** Type names of several words, by their first word and what may follow it. */
const longTypeNames: readonly (readonly [words: readonly string[], name: string])[] = [
  [["double", "precision"], "float8"], [["character", "varying"], "varchar"], [["char", "varying"], "varchar"],
  [["timestamp", "with", "time", "zone"], "timestamptz"], [["timestamp", "without", "time", "zone"], "timestamp"],
  [["time", "with", "time", "zone"], "timetz"], [["time", "without", "time", "zone"], "time"],
];

/** Reads the names of types. */
export class TypeReader extends TokenReader {
  protected typeName(): TypeName {
    const [first, ...qualified] = this.#typeWords();
    let modifiers: number[] = [];
    let name = first ?? "";
    let schema: string | undefined;
    if (qualified.length > 0) [schema, name] = [name, qualified[0] ?? ""];
    if (this.op("(")) modifiers = this.#modifiers();
    if (name === "timestamp" || name === "time") {
      if (this.words("with", "time", "zone")) name += "tz";
      else this.words("without", "time", "zone");
    }
    let array = false;
    if (this.words("array")) array = true;
    while (this.op("[")) {
      const size = this.peek();
      if (size.kind === "number" && /^\d+$/.test(size.text)) this.at += 1;
      this.expect("]");
      array = true;
    }
    return { schema, name, modifiers, array };
  }

  #typeWords(): string[] {
    for (const [words, name] of longTypeNames) if (this.words(...words)) return [name];
    const names: string[] = [];
    do {
      const token = this.peek();
      if (token.kind !== "word" && token.kind !== "quoted") throw syntaxError(token.at);
      if (token.kind === "word" && names.length === 0 && reservedWords.has(token.text)) throw syntaxError(token.at);
      this.at += 1;
      names.push(token.text);
    } while (names.length < 2 && this.op("."));
    return names;
  }

  #modifiers(): number[] {
    const modifiers: number[] = [];
    do {
      const token = this.peek();
      if (token.kind !== "number" || !/^\d{1,9}$/.test(token.text)) throw syntaxError(token.at);
      this.at += 1;
      modifiers.push(Number(token.text));
    } while (this.op(","));
    this.expect(")");
    return modifiers;
  }

  /** A type's name, or `undefined` with nothing read. */
  protected tryTypeName(): TypeName | undefined {
    const start = this.at;
    try {
      return this.typeName();
    } catch {
      this.at = start;
      return undefined;
    }
  }
}
