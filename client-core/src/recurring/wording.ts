import { foldedCodes } from "../folded-letters.ts";

/**
 * Numbers for the wording of texts: equal for texts that differ only in case, signs and words with digits. Far cheaper than the
 * words themselves, which are then needed once for each wording, not for each of half a million texts.
 */

// Constants of the Fowler-Noll-Vo hash and of a second multiplicative one: two of 32 bits make collisions of millions of texts unlikely.
const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;
const secondPrime = 0x5bd1e995;

/** The wording of a text as a number; 0 for a text without a word of two letters or more. Written flat: it sees every character of the books. */
export function wordingOf(text: string): number {
  let first = fnvOffset;
  let second = fnvOffset;
  let words = 0;
  let wordFirst = 0;
  let wordSecond = 0;
  let letters = 0;
  let hasDigit = false;
  const length = text.length;
  for (let at = 0; at <= length; at += 1) {
    const code = at < length ? text.charCodeAt(at) : 0x20;
    const folded = code < 0x460 ? (foldedCodes[code] ?? 0) : code;
    if (folded > 2) {
      wordFirst = Math.imul(wordFirst ^ folded, fnvPrime);
      wordSecond = (Math.imul(wordSecond, secondPrime) + folded) | 0;
      letters += 1;
    } else if (folded === 1) hasDigit = true;
    else if (folded === 0) {
      if (letters > 1 && !hasDigit) {
        first = Math.imul(first ^ wordFirst, fnvPrime);
        second = Math.imul(second ^ wordSecond ^ (wordSecond >>> 15), secondPrime);
        words += 1;
      }
      wordFirst = 0;
      wordSecond = 0;
      letters = 0;
      hasDigit = false;
    }
  }
  return words === 0 ? 0 : (first >>> 0) * 0x20_0000 + (second >>> 11) + 1;
}
