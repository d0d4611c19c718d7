/** Digits in a row from which a word of a purpose numbers something: an invoice, an order, a contract. */
const digitsMin = 3;

// Constants of the Fowler-Noll-Vo hash and of a second multiplicative one: two of 32 bits make collisions of millions of texts unlikely.
const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;
const secondPrime = 0x5bd1e995;

/**
 * The words of a purpose that number something, all together as one number; 0 where there is none. Equal for purposes that name the same documents, whatever
 * else they say. Written flat: it sees every character of the books.
 */
export function documentNumber(text: string): number {
  let first = fnvOffset;
  let second = fnvOffset;
  let words = 0;
  let wordFirst = 0;
  let wordSecond = 0;
  let digits = 0;
  let isNumber = false;
  // A sign is part of a word only between its letters and digits.
  let sign = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : space;
    const isDigit = code >= zero && code <= nine;
    if (isDigit || isLetter(code)) {
      digits = isDigit ? digits + 1 : 0;
      if (digits >= digitsMin) isNumber = true;
      const folded = code >= upperA && code <= upperZ ? code + caseStep : code;
      wordFirst = Math.imul(Math.imul(wordFirst ^ sign, fnvPrime) ^ folded, fnvPrime);
      wordSecond = (Math.imul(wordSecond, secondPrime) + sign * 31 + folded) | 0;
      sign = 0;
      continue;
    }
    if (wordFirst !== 0 && sign === 0 && isInnerSign(code)) {
      sign = code;
      digits = 0;
      continue;
    }
    if (isNumber) {
      first = Math.imul(first ^ wordFirst, fnvPrime);
      second = Math.imul(second ^ wordSecond ^ (wordSecond >>> 15), secondPrime);
      words++;
    }
    wordFirst = wordSecond = digits = sign = 0;
    isNumber = false;
  }
  return words === 0 ? 0 : (first >>> 0) * 0x20_0000 + (second >>> 11) + 1;
}

const [space, zero, nine, upperA, upperZ, lowerA, lowerZ, caseStep] = [0x20, 0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a, 0x20];
const [hyphen, dot, slash] = [0x2d, 0x2e, 0x2f];
/** Above these codes are letters, but for the signs between the second and the third. */
const [lettersFrom, signsFrom, signsEnd] = [0xc0, 0x2000, 0x2c00];

function isLetter(code: number): boolean {
  return (code >= lowerA && code <= lowerZ) || (code >= upperA && code <= upperZ) || (code >= lettersFrom && (code < signsFrom || code >= signsEnd));
}

function isInnerSign(code: number): boolean {
  return code === hyphen || code === dot || code === slash;
}
