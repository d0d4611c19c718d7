import { searchTextOf } from "@saldo/schema";

/** What the model sees of a row. */
export interface CategoriserRow {
  /** Texts, the counterparty first: each column is a language of its own. Empty where a row has none. */
  readonly texts: readonly string[];
  /** Whole values that speak by themselves: a merchant code, the bank's own category, the kind of the row, its account. */
  readonly codes: readonly string[];
  /** In whole minor units or any other whole ones: its sign, its size, and whether another row has the very same. */
  readonly amount: number;
}

/** Number of places features are hashed to; a power of two. */
export const featurePlaces = 1 << 18;
/** Most characters of one text that are looked at. */
export const textCharsMax = 200;
/** Lengths of the runs of characters within a word. */
const [runMin, runMax] = [3, 5];

/** Features of a row as hashed places, in groups of equal weight. */
export interface Features {
  readonly places: Int32Array;
  /** Weight of each place. */
  readonly weights: Float32Array;
}

/** A text as the model reads it: folded, digits as one sign, nothing but letters between spaces. */
export function plainText(text: string): string {
  return searchTextOf(text.slice(0, textCharsMax), null)
    .replace(/\d+/gu, "0")
    .replace(/[^\p{L}0&]+/gu, " ")
    .trim();
}

const fnvPrime = 0x01000193;

function hashOn(hash: number, text: string, from: number, to: number): number {
  let value = hash;
  for (let index = from; index < to; index++) value = Math.imul(value ^ text.charCodeAt(index), fnvPrime);
  return value;
}

/** Spreads the bits of a hash and folds it to a place. */
function placeOf(hash: number): number {
  let value = hash ^ (hash >>> 15);
  value = Math.imul(value, 0x85ebca6b);
  value ^= value >>> 13;
  value = Math.imul(value, 0xc2b2ae35);
  return (value ^ (value >>> 16)) & (featurePlaces - 1);
}

const seed = 0x811c9dc5;
const [wholeSalt, wordSalt, pairSalt, runSalt, codeSalt, signSalt, styleSalt] = [1, 2, 3, 4, 5, 6, 7];

function salted(column: number, salt: number): number {
  return Math.imul(Math.imul(seed ^ (column + 1), fnvPrime) ^ salt, fnvPrime);
}

/**
 * The features of a row: for each text the whole of it, how it is written, its words, pairs of neighbouring words, and runs of 3 to 5 characters within a
 * word; each code; and the sign of the amount.
 */
export function featuresOf({ texts, codes, amount }: CategoriserRow): Features {
  const places: number[] = [];
  const weights: number[] = [];
  const add = (hash: number, weight: number) => {
    places.push(placeOf(hash));
    weights.push(weight);
  };
  for (const [column, text] of texts.entries()) {
    add(Math.imul(salted(column, styleSalt) ^ styleOf(text), fnvPrime), 0.5);
    addText(plainText(text), column, add);
  }
  for (const [index, code] of codes.entries()) if (code !== "") add(hashOn(salted(index, codeSalt), code, 0, code.length), 1);
  add(salted(amount < 0 ? 2 : 1, signSalt), 0.5);
  return { places: Int32Array.from(places), weights: Float32Array.from(weights) };
}

/** How a text is written tells the ledger it comes from: empty, in capitals, in small letters, or mixed. */
function styleOf(text: string): number {
  if (text === "") return 0;
  if (text === text.toUpperCase()) return 1;
  return text === text.toLowerCase() ? 2 : 3;
}

function addText(text: string, column: number, add: (hash: number, weight: number) => void): void {
  if (text === "") return;
  add(hashOn(salted(column, wholeSalt), text, 0, text.length), 1);
  const words = text.split(" ");
  const letters = text.length - words.length + 1;
  const wordWeight = 1 / Math.sqrt(words.length);
  const runWeight = 1.5 / Math.sqrt(3 * Math.max(4, letters));
  let before = "^";
  for (const word of words) {
    add(hashOn(salted(column, wordSalt), word, 0, word.length), wordWeight);
    add(hashOn(hashOn(salted(column, pairSalt), `${before} `, 0, before.length + 1), word, 0, word.length), 0.6 * wordWeight);
    before = word;
    const bounded = `^${word}$`;
    for (let length = runMin; length <= runMax; length++) {
      for (let from = 0; from + length <= bounded.length; from++) add(hashOn(salted(column, runSalt), bounded, from, from + length), runWeight);
    }
  }
}
