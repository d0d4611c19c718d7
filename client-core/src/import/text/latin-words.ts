import { slicesOf, type FileBytes } from "../../file-bytes.ts";

/** What the words of a single-byte text say of the family it was written in. */
export interface WordSurvey {
  /** Bytes above ASCII in words that also hold ASCII letters: Latin languages. */
  readonly mixed: number;
  /** Bytes above ASCII in words of nothing else, two of them or more: Russian. */
  readonly pure: number;
  /** Bytes that are letters in windows-1250 where windows-1252 has a sign, or a letter its languages do not put there. */
  readonly central: number;
}

/** Bytes that mean the same in windows-1250, -1251 and -1252: they part words. */
export const sharedMarks: ReadonlySet<number> = new Set([
  0x82, 0x84, 0x85, 0x86, 0x87, 0x89, 0x8b, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99, 0x9b, 0xa0, 0xa4, 0xa6, 0xa7, 0xa9, 0xab, 0xac, 0xad, 0xae, 0xb0, 0xb1, 0xb5, 0xb6, 0xb7, 0xbb,
]);

/** Š, š, Ž, ž, Ť, ť, Ź, ź and Ś before anything but `u`: Western words have no such letters there. */
const alwaysCentral: ReadonlySet<number> = new Set([0x8a, 0x8d, 0x8e, 0x8f, 0x9a, 0x9d, 0x9e, 0x9f]);
/**
 * Letters of a language that windows-1252 has as letters too: they speak for it beside acute letters it also has, and where the letters are
 * missing that the languages of windows-1252 with such letters have.
 */
const languages: readonly { readonly own: readonly number[]; readonly beside: readonly number[]; readonly without: readonly number[] }[] = [
  // Hungarian ő and ű for õ and û, beside á é í ó ú; Portuguese and French have ã ç à ê ô.
  { own: [0xd5, 0xdb, 0xf5, 0xfb], beside: [0xe1, 0xe9, 0xed, 0xf3, 0xfa], without: [0xc3, 0xc7, 0xe0, 0xe3, 0xe7, 0xea, 0xf4] },
  // Czech č ě ď ň ř ů for è ì ï ò ø ù, beside á í ý; French, Italian and Nordic languages have à ç ê å æ ð þ.
  { own: [0xc8, 0xcc, 0xcf, 0xd2, 0xd8, 0xd9, 0xe8, 0xec, 0xef, 0xf2, 0xf8, 0xf9], beside: [0xe1, 0xed, 0xfd], without: [0xe0, 0xe5, 0xe6, 0xe7, 0xea, 0xf0, 0xfe] },
];

/** Walks the words of a text of single-byte letters from a place on; `highCounts` are those of {@link ByteSurvey}. */
export function surveyWords(file: FileBytes, start: number, highCounts: Uint32Array): WordSurvey {
  const words = { mixed: 0, pure: 0, central: 0 };
  for (const { bytes } of slicesOf(file, start)) {
    const { mixed, pure, central } = wordsOf(bytes);
    words.mixed += mixed;
    words.pure += pure;
    words.central += central;
  }
  const count = (all: readonly number[]): number => all.reduce((sum, byte) => sum + (highCounts[byte - 0x80] ?? 0), 0);
  const ofLanguages = languages.map(({ own, beside, without }) => (count(without) === 0 && count(beside) > 0 ? count(own) : 0));
  return { ...words, central: words.central + Math.max(...ofLanguages) };
}

function wordsOf(bytes: Uint8Array): WordSurvey {
  let [mixed, pure, central] = [0, 0, 0];
  for (let at = 0; at < bytes.length; ) {
    if (!isLetter(bytes[at])) {
      at += 1;
      continue;
    }
    const from = at;
    let high = 0;
    for (; isLetter(bytes[at]); at += 1) if ((bytes[at] ?? 0) >= 0x80) high += 1;
    if (high === 0) continue;
    if (high < at - from) mixed += high;
    else if (high > 1) pure += high;
    if (high < at - from) for (let place = from; place < at; place += 1) if (isCentral(bytes, place, from, at)) central += 1;
  }
  return { mixed, pure, central };
}

function isLetter(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return (lower >= 0x61 && lower <= 0x7a && byte < 0x80) || (byte >= 0x80 && !sharedMarks.has(byte));
}

/** Polish Ą ą Ł ł Ż ż Ś ś stand inside of words where windows-1252 has ¥ ¹ £ ³ ¯ ¿ Œ œ. */
function isCentral(bytes: Uint8Array, at: number, from: number, to: number): boolean {
  const byte = bytes[at] ?? 0;
  if (byte < 0x80) return false;
  if (alwaysCentral.has(byte)) return true;
  const [hasBefore, hasAfter] = [at > from, at < to - 1];
  switch (byte) {
    case 0xa3:
    case 0xaf:
      return hasAfter;
    case 0xa5:
    case 0xb9:
    case 0xbf:
      return hasBefore && !isDigit(bytes[at + 1]);
    case 0xb3:
      return to - from >= 3 && !isDigit(bytes[at + 1]);
    case 0x8c:
    case 0x9c:
      return ((bytes[at + 1] ?? 0) | 0x20) !== 0x75;
    default:
      return false;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}
