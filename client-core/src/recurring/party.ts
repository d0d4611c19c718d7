import type { RecurringRow } from "./model.ts";
import { wordingOf } from "./wording.ts";

/** Cyrillic letters from а to я and ё in Latin ones, so that «Яндекс» and "Yandex" are one name. */
const latinOf = "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh sh - y - e yu ya".split(" ").map((letters) => (letters === "-" ? "" : letters));
const cyrillicA = 0x430;
const cyrillicYa = 0x44f;
/** Written «кс» in Cyrillic. */
const latinX = 0x78;

/** Words that are no part of a name: legal forms, months, and what stands around numbers. In Latin letters, as keys are. */
const noise = new Set(
  (
    "ooo oao zao pao ao ip nko ano tov llc inc ltd limited llp plc corp co gmbh ag kg ug sa srl sarl sas bv nv ab oy as aps spa kft sro com www ru org net " +
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec " +
    "yanvar fevral mart aprel mai iyun iyul avgust sentyabr oktyabr noyabr dekabr yanvarya fevralya marta aprelya maya iyunya iyulya avgusta sentyabrya " +
    "oktyabrya noyabrya dekabrya no nr ot za po na dlia for the of and to from invoice schet scheta schetu dogovor dogovoru dogovora ref id summa tch nds bez vat"
  ).split(" "),
);

/**
 * A name or wording as payments are compared by it: words in Latin letters without legal forms, months, initials and anything with a digit;
 * all of it where nothing else is left.
 */
export function nameKey(text: string): string {
  const { words, doubtful } = wordsOf(text);
  return (words.length > 0 ? words : doubtful).join(" ");
}

/** What a name's key leaves out and may yet tell two of a party apart: its numbers, and single letters. */
export function nameTag(text: string): string {
  return wordsOf(text).doubtful.filter((word) => !noise.has(word)).join(" ");
}

function wordsOf(text: string): { readonly words: readonly string[]; readonly doubtful: readonly string[] } {
  const words: string[] = [];
  const doubtful: string[] = [];
  const lower = text.toLowerCase();
  let word = "";
  let hasDigit = false;
  for (let at = 0; at <= lower.length; at += 1) {
    const code = at < lower.length ? lower.charCodeAt(at) : 0x20;
    if (code === latinX) word += "ks";
    else if (code >= 0x61 && code <= 0x7a) word += lower[at];
    else if (code >= cyrillicA && code <= cyrillicYa) word += latinOf[code - cyrillicA];
    else if (code >= 0x30 && code <= 0x39) {
      word += lower[at];
      hasDigit = true;
    } else if (code === 0x451) word += "e";
    else if (code >= 0xc0) word += plainLetter(lower.charAt(at));
    else if (code !== 0x27) {
      if (word !== "") (hasDigit || word.length < 2 || noise.has(word) ? doubtful : words).push(word);
      word = "";
      hasDigit = false;
    }
  }
  return { words, doubtful };
}

/** A letter without its accent; nothing for a mark or sign. */
function plainLetter(letter: string): string {
  return /\p{L}/u.test(letter) ? letter.normalize("NFD").charAt(0) : "";
}

/** Names are compared letter by letter only when there are at most this many. */
const comparedNamesMax = 10_000;
/** One letter more, less or other is a slip only in a name of at least this many letters. */
const slipLettersMin = 7;
/** A name cut in the middle of a word is the longer one it begins when this many letters are left. */
const cutLettersMin = 10;

/** Gives each of the names the name that stands for it and its variants: joined or cut words, one wrong letter. */
export function variantsOf(names: Iterable<string>): Map<string, string> {
  const standsFor = new Map<string, string>();
  const byLetters = new Map<string, string>();
  for (const name of names) {
    const letters = name.replaceAll(" ", "");
    const known = byLetters.get(letters);
    if (known === undefined) byLetters.set(letters, name);
    standsFor.set(name, known ?? name);
  }
  if (byLetters.size <= comparedNamesMax) joinSlips(byLetters, standsFor);
  joinCutNames([...standsFor.keys()].sort(), standsFor);
  for (const name of standsFor.keys()) standsFor.set(name, rootOf(name, standsFor));
  return standsFor;
}

/** Two names differ by one letter when they are equal after one letter is taken from either or both (Garbe's symmetric deletes). */
function joinSlips(byLetters: ReadonlyMap<string, string>, standsFor: Map<string, string>): void {
  const shortened = new Map<string, string>();
  for (const [letters, name] of byLetters) {
    if (letters.length < slipLettersMin) continue;
    // The first letter counts: slips are seldom there, and short names differ by it.
    for (let at = 1; at <= letters.length; at += 1) {
      const less = letters.slice(0, at) + letters.slice(at + 1);
      const other = shortened.get(less) ?? (at < letters.length ? byLetters.get(less) : undefined);
      if (other === undefined) shortened.set(less, name);
      else if (other !== name) standsFor.set(rootOf(name, standsFor), rootOf(other, standsFor));
    }
  }
}

function joinCutNames(sorted: readonly string[], standsFor: Map<string, string>): void {
  sorted.forEach((name, index) => {
    const next = sorted[index + 1];
    if (next === undefined || name.length < cutLettersMin || !next.startsWith(name) || next.charAt(name.length) === " ") return;
    standsFor.set(rootOf(name, standsFor), rootOf(next, standsFor));
  });
}

function rootOf(name: string, standsFor: ReadonlyMap<string, string>): string {
  let root = name;
  for (let next = standsFor.get(root); next !== undefined && next !== root; next = standsFor.get(root)) root = next;
  return root;
}

/** Rows by direction, currency and party: see {@link placesByParty}. */
export function rowsByParty(rows: readonly RecurringRow[]): Map<string, RecurringRow[]> {
  return new Map([...placesByParty(rows)].map(([key, places]) => [key, places.flatMap((place) => rows[place] ?? [])]));
}

/**
 * Places of rows by direction, currency and party. The party is the known counterparty, else its tax number, else its name, else the wording of the
 * description.
 */
export function placesByParty(rows: readonly RecurringRow[]): Map<string, number[]> {
  const names = namesOf(rows);
  const knownBy = identitiesByName(rows, names);
  const groups = new Map<string, number[]>();
  // Both directions of each party and currency: a key is written once for each of them, not for each row.
  const byParty = new Map<string, Map<string, [number[], number[]]>>();
  rows.forEach((row, place) => {
    if (row.amountMinor === 0) return;
    const name = names[place] ?? "";
    const party = identityOf(row) ?? knownBy.get(name) ?? name;
    let byCurrency = byParty.get(party);
    if (byCurrency === undefined) byParty.set(party, (byCurrency = new Map()));
    let sides = byCurrency.get(row.currency);
    if (sides === undefined) byCurrency.set(row.currency, (sides = [[], []]));
    const [incoming, outgoing] = sides;
    const side = row.amountMinor > 0 ? incoming : outgoing;
    if (side.length === 0) groups.set(`${row.amountMinor > 0 ? "in" : "out"}|${row.currency}|${party}`, side);
    side.push(place);
  });
  return groups;
}

/** The name of each row's party, one for all its variants. */
function namesOf(rows: readonly RecurringRow[]): string[] {
  const nameOfWording = new Map<number, string>();
  const nameOf = (text: string): string => {
    const wording = wordingOf(text);
    const known = wording === 0 ? nameKey(text) : nameOfWording.get(wording);
    if (known !== undefined) return known;
    const name = nameKey(text);
    nameOfWording.set(wording, name);
    return name;
  };
  const nameOfCounterparty = new Map<string, string>();
  const names = rows.map(({ counterpartyName, description }) => {
    if (!counterpartyName) return nameOf(description);
    const known = nameOfCounterparty.get(counterpartyName);
    if (known !== undefined) return known;
    const name = nameOf(counterpartyName);
    nameOfCounterparty.set(counterpartyName, name);
    return name;
  });
  const standsFor = variantsOf(new Set(names));
  return names.map((name) => standsFor.get(name) ?? name);
}

function identityOf({ counterpartyId, counterpartyTaxId }: RecurringRow): string | null {
  return counterpartyId ?? (counterpartyTaxId === null || counterpartyTaxId === "" ? null : `tax ${counterpartyTaxId}`);
}

/** The identity of a name that belongs to one identity only: rows that give the name alone join it. */
function identitiesByName(rows: readonly RecurringRow[], names: readonly string[]): Map<string, string | null> {
  const found = new Map<string, string | null>();
  rows.forEach((row, index) => {
    const identity = identityOf(row);
    if (identity === null) return;
    const name = names[index] ?? "";
    const other = found.get(name);
    found.set(name, other === undefined || other === identity ? identity : null);
  });
  return found;
}
