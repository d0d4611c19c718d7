/** What legal forms are called; they tell no two counterparties apart. */
const legalForms = new Set(
  "ltd limited llc llp inc incorporated corp corporation co plc gmbh ag kg ug ohg sa sarl sas srl spa bv nv oy ab as aps kft sro doo ooo oao zao pao ip ооо оао зао пао ао ип нко".split(" "),
);
/** A word that is a number, or mostly one, names a shop or a receipt and not whose it is. */
const numberWord = /^\p{L}{0,2}\d[\d\p{P}]*\p{L}{0,2}$/u;

/**
 * A counterparty's name as findings compare it: without case, accents, marks, legal form, and numbers of shops and receipts, and without
 * spaces, so that a name run together is the same name. Never empty unless the name is.
 */
export function vendorKey(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ё", "е");
  const words = plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const telling = words.filter((word) => !legalForms.has(word) && !numberWord.test(word));
  const key = telling.join("");
  return key.length >= 2 ? key : words.join("") || plain.trim();
}

/** Shortest key two spellings are compared by letters. */
const comparedLengthMin = 5;

/**
 * Whether two keys may be spellings of one name: equal, one the other's beginning (a bank cuts names off), or a letter or two apart in a long one.
 */
export function areSpellings(a: string, b: string, lettersOfA = lettersOf(a), lettersOfB = lettersOf(b)): boolean {
  if (a === b) return true;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length < comparedLengthMin) return false;
  if (long.startsWith(short)) return true;
  const allowed = short.length >= 12 ? 2 : 1;
  // A letter put for another one changes which letters there are by two at most: most names differ in more.
  if (countBits(lettersOfA ^ lettersOfB) > 2 * allowed) return false;
  return long.length - short.length <= allowed && isWithinEdits(short, long, allowed);
}

/** Which letters a key has, as bits; several letters share one. */
export function lettersOf(key: string): number {
  let letters = 0;
  for (let at = 0; at < key.length; at++) letters |= 1 << (key.charCodeAt(at) & 31);
  return letters;
}

function countBits(bits: number): number {
  let [rest, count] = [bits, 0];
  for (; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Optimal string alignment distance (Damerau 1964, restricted) of at most `allowed`. */
function isWithinEdits(a: string, b: string, allowed: number): boolean {
  let [before, above, current] = [new Uint16Array(b.length + 1), new Uint16Array(b.length + 1), new Uint16Array(b.length + 1)];
  for (let column = 0; column <= b.length; column++) above[column] = column;
  for (let row = 1; row <= a.length; row++) {
    current[0] = row;
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const [left, up, corner] = [current[column - 1] ?? 0, above[column] ?? 0, above[column - 1] ?? 0];
      let distance = Math.min(left + 1, up + 1, corner + (a[row - 1] === b[column - 1] ? 0 : 1));
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) distance = Math.min(distance, (before[column - 2] ?? 0) + 1);
      current[column] = distance;
      if (distance < least) least = distance;
    }
    if (least > allowed) return false;
    [before, above, current] = [above, current, before];
  }
  return (above[b.length] ?? 0) <= allowed;
}
