import { foldedCodes } from "../folded-letters.ts";
import { textCharsMax, type CategoriserRow } from "./features.ts";

/** What a row is remembered by, as numbers: rows alike have equal ones, and those of others are as good as never equal (53 bits). */
export interface RowKeys {
  /** The counterparty; 0 where it is empty. */
  readonly counterparty: number;
  /** All texts but the counterparty, and codes. */
  readonly beside: number;
  /** All of it, with the direction of the amount: rows alike in these are alike to the model. */
  readonly texts: number;
  /** The counterparty with the very amount. */
  readonly counterpartyAmount: number;
  /** All of it, with the very amount. */
  readonly whole: number;
}

// Constants of the Fowler-Noll-Vo hash and of a second multiplicative one: two of 32 bits make collisions of millions of texts unlikely.
const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;
const secondPrime = 0x5bd1e995;
const [space, zero, ampersand, end] = [0x20, 0x30, 0x26, 0x1f];
const tableEnd = 0x460;

let first = 0;
let second = 0;

function begin(): void {
  first = fnvOffset;
  second = fnvOffset;
}

function mix(code: number): void {
  first = Math.imul(first ^ code, fnvPrime);
  second = (Math.imul(second ^ (second >>> 15), secondPrime) + code) | 0;
}

function key(): number {
  return (first >>> 0) * 0x20_0000 + (second >>> 11) + 1;
}

/** Mixes a text in as `plainText` folds it, without making that; false when nothing of it is left. Written flat: it sees every character of the books. */
function mixText(text: string): boolean {
  const length = Math.min(text.length, textCharsMax);
  let [one, two] = [first, second];
  let isAny = false;
  let isApart = false;
  let wasDigit = false;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    const folded = code < tableEnd ? (foldedCodes[code] ?? 0) : code;
    if (folded === 1) {
      if (wasDigit) continue;
      wasDigit = true;
    } else wasDigit = false;
    if (folded !== 1 && folded <= 2 && code !== ampersand) {
      isApart = true;
      continue;
    }
    if (isApart && isAny) {
      one = Math.imul(one ^ space, fnvPrime);
      two = (Math.imul(two ^ (two >>> 15), secondPrime) + space) | 0;
    }
    const kept = folded === 1 ? zero : folded > 2 ? folded : ampersand;
    one = Math.imul(one ^ kept, fnvPrime);
    two = (Math.imul(two ^ (two >>> 15), secondPrime) + kept) | 0;
    isAny = true;
    isApart = false;
  }
  first = one;
  second = two;
  mix(end);
  return isAny;
}

/** The keys of a row. Each text is walked once. */
export function rowKeysOf({ texts, codes, amount }: CategoriserRow): RowKeys {
  begin();
  mixBeside(texts, codes);
  const beside = key();
  const besides = { first, second };
  begin();
  const isNamed = mixText(texts[0] ?? "");
  const counterparty = isNamed ? key() : 0;
  const named = { first, second };
  mixAmount(amount);
  const counterpartyAmount = key();
  [first, second] = [named.first, named.second];
  mix(besides.first);
  mix(besides.second);
  mix(amount < 0 ? 1 : 2);
  const alike = key();
  mixAmount(amount);
  return { counterparty, beside, texts: alike, counterpartyAmount, whole: key() };
}

function mixAmount(amount: number): void {
  mix(amount % 0x1_0000_0000 | 0);
  mix(Math.trunc(amount / 0x1_0000_0000) | 0);
}

function mixBeside(texts: readonly string[], codes: readonly string[]): void {
  for (let index = 1; index < texts.length; index++) mixText(texts[index] ?? "");
  for (const code of codes) {
    for (let at = 0; at < code.length; at++) mix(code.charCodeAt(at));
    mix(end);
  }
}
