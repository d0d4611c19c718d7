import { searchTextOf } from "@saldo/schema";

/** What an account is known by in a purpose. */
export interface KnownAccount {
  readonly id: string;
  readonly name: string;
  readonly number: string | null;
}

/** The accounts of a workspace, as words of a row may name them. */
export interface OwnAccounts {
  add(account: KnownAccount): void;
  /** Ids of the accounts a text names, as search compares texts; the row's own, `exceptId`, is left out. */
  namedIn(searchText: string, exceptId: string): readonly string[];
}

/** Most accounts that are looked for by name. */
const accountsMax = 200;
/** Letters or digits from which on a name can be told from other words. */
const nameLettersMin = 3;
/** Digits from which on a number is found without a word before it. */
const wholeNumberMin = 8;
const tailDigits = 4;

/** Words that go with a name and are left away as often as not. */
const companionWord = /^(?:account|acct?|card|bank|счет|карт[аы]|банк|my|the)$/u;
/** Endings of Russian nouns and adjectives. */
const russianEndings =
  "иями|ями|ами|ого|его|ому|ему|ыми|ими|иях|иям|ией|ый|ий|ой|ая|яя|ое|ее|ые|ие|ых|их|ым|им|ом|ем|ую|юю|ей|ов|ев|ах|ях|ам|ям|ию|ии|ия|а|я|о|е|и|ы|у|ю|ь|й";
const russianEnding = new RegExp(`(?:${russianEndings})$`, "u");
const apart = "[^\\p{L}\\p{N}]+";
const spaced = "[ .\\-]?";
/** What stands before the last digits of a number that is not written out. */
const beforeTail = "(?:[*•·#xх…]+ ?|\\.{2,} ?|(?:\\bending(?: in| with)?|\\bacct?\\.?|\\ba/c|\\baccount|\\bcard|сч[её]т\\p{L}*|карт\\p{L}*)[ *•·#№.:\\-]*)";

/** What makes a name a company's: its form before it, or after it and at most one word more. */
const formBefore = /(?:^|[^\p{L}])(?:ооо|оао|зао|пао|нао|ао|ип|тоо|чп|фоп|llc|gmbh)[\s"'«“„]*$/u;
const formAfter = /^[\s"'»”,.]*(?:[\p{L}\p{N}&'-]+[\s"'»”,.]+)?(?:ltd|limited|llc|llp|inc|corp|plc|gmbh|ag|kg|sarl|sas|srl|spa|bv|nv|oy|ab|ооо|оао|зао|пао|ао|тоо)(?![\p{L}\p{N}])/u;

interface Sought {
  readonly id: string;
  readonly patterns: readonly RegExp[];
}

const none: readonly string[] = [];

/**
 * Makes {@link OwnAccounts}. A name is found whole, Russian words in any case and a word such as "account" left away; a number whole or by its last four
 * digits where a mask or such a word stands before them. Of a name within a longer one only the longer counts, and the name
 * of a company names no account. What a row's own account is called too does not name another.
 */
export function ownAccounts(known: readonly KnownAccount[] = []): OwnAccounts {
  const accounts = known.slice(0, accountsMax);
  let sought: readonly Sought[] | undefined;
  let anyOfThem = /(?!)/u;
  const prepare = (): readonly Sought[] => {
    const sources = sourcesOf(accounts);
    anyOfThem = new RegExp(sources.flatMap(({ hints }) => hints).join("|") || "(?!)", "u");
    return sources.map(({ id, patterns }) => ({ id, patterns: patterns.map((source) => new RegExp(source, "u")) }));
  };
  return {
    add(account) {
      if (accounts.length >= accountsMax || accounts.some(({ id }) => id === account.id)) return;
      accounts.push(account);
      sought = undefined;
    },
    namedIn(searchText, exceptId) {
      if (accounts.length < 2) return none;
      sought ??= prepare();
      if (!anyOfThem.test(searchText)) return none;
      const found = sought.flatMap(({ id, patterns }) => patterns.flatMap((pattern) => mention(pattern, searchText)).map((text) => ({ id, text })));
      const whole = found.filter(({ id, text }) => !found.some((other) => other.id !== id && other.text.length > text.length && other.text.includes(text)));
      const ownTexts = whole.filter(({ id }) => id === exceptId).map(({ text }) => text);
      return [...new Set(whole.filter(({ text }) => !ownTexts.includes(text)).map(({ id }) => id))];
    },
  };
}

/** The part of a text that names an account and no company of that name. */
function mention(pattern: RegExp, searchText: string): readonly string[] {
  const match = pattern.exec(searchText);
  if (match === null) return none;
  const isCompany = formBefore.test(searchText.slice(0, match.index)) || formAfter.test(searchText.slice(match.index + match[0].length));
  return isCompany ? none : [match[0]];
}

/** What each account is sought by; `hints` are parts without which none of its patterns fits. */
function sourcesOf(accounts: readonly KnownAccount[]) {
  return accounts.map((account) => {
    const [name, tail] = [nameSource(account.name), tailOf(account)];
    const patterns: string[] = [];
    const hints: string[] = [];
    if (name !== undefined) {
      patterns.push(name.source);
      hints.push(name.hint);
    }
    if (tail !== undefined) {
      const digits = Array.from((account.number ?? "").toLowerCase().replace(/[^\p{L}\p{N}]/gu, ""));
      if (digits.length >= wholeNumberMin) patterns.push(`(?<![\\p{L}\\p{N}])${digits.join(spaced)}(?![\\p{L}\\p{N}])`);
      patterns.push(`${beforeTail}${tail}(?!\\d)`);
      hints.push(Array.from(tail).join(spaced));
    }
    return { id: account.id, patterns, hints };
  });
}

function tailOf({ name, number }: KnownAccount): string | undefined {
  const digits = (number ?? (/[*•·#]/u.test(name) ? name : "")).replace(/\D/g, "");
  return digits.length < tailDigits ? undefined : digits.slice(-tailDigits);
}

/** A name as it is looked for; undefined for one that cannot be told from other words, and for a bare number. */
function nameSource(name: string): { readonly source: string; readonly hint: string } | undefined {
  const words = searchTextOf(name, null).match(/[\p{L}\p{N}]+/gu) ?? [];
  const own = words.filter((word) => !companionWord.test(word));
  const meant = isTelling(own) ? own : words;
  if (!isTelling(meant)) return undefined;
  const stems = meant.map(stemOf);
  return { source: `(?<![\\p{L}\\p{N}])${stems.map(({ source }) => source).join(apart)}(?![\\p{L}\\p{N}])`, hint: stems[0]?.stem ?? "" };
}

function isTelling(words: readonly string[]): boolean {
  const whole = words.join("");
  return whole.length >= nameLettersMin && /\p{L}/u.test(whole);
}

function stemOf(word: string): { readonly stem: string; readonly source: string } {
  if (word.length <= nameLettersMin) return { stem: word, source: word };
  if (/^[а-я]+$/u.test(word)) {
    const shorter = word.replace(russianEnding, "");
    const stem = shorter.length < nameLettersMin ? word : shorter;
    return { stem, source: `${stem}(?:${russianEndings})?` };
  }
  const stem = /^[a-z]+s$/u.test(word) ? word.slice(0, -1) : word;
  return { stem, source: /^[a-z]+$/u.test(word) ? `${stem}(?:'?s)?` : word };
}
