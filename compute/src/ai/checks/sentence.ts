import { currencyExponent } from "@saldo/schema";
import { hidesSigns, oneLine } from "./data-block.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

/** Longest sentence of a model that is shown. */
export const sentenceLengthMax = 300;

/** What a sentence of a model may say numbers of. */
export interface OurNumbers {
  readonly currency: string;
  /** Amounts in minor units. */
  readonly amountsMinor: readonly number[];
  /** Whole or broken percents. */
  readonly percents: readonly number[];
  /** Months, payments, days: said exactly. */
  readonly counts: readonly number[];
}

/** What a sentence is checked against. */
export interface SentenceRules {
  readonly numbers: OurNumbers;
  readonly names: Pseudonyms;
  /** Texts strangers wrote that the model has seen: none of their wording may come back. */
  readonly strangeTexts: readonly string[];
  readonly locale: "en" | "ru";
}

/** Words in a row that count as repeating a text. */
const echoWords = 4;
/** Links, addresses, markup, handles: nothing a sentence about figures needs. */
const notProse = /https?:|www\.|:\/\/|@|[<>{}\\`|~^*_#=]|!\[|\]\(|&\w+;|\b[\w-]+\.(?:com|ru|org|net|io|su|рф|xyz|info|biz)\b/iu;
/** Amounts and shares said in words, which nothing can be held against. */
const numberWords =
  /\b(?:hundred|thousand|million|billion|dozen|half|halve[sd]?|third|quarters? of|double[sd]?|twice|triple[sd]?|threefold|tenfold|fivefold|zero|(?:thir|four|fif|six|seven|eigh|nine)teen|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b|(?:^|[^\p{L}])(?:вдвое|втрое|вчетверо|впятеро|половин\p{L}*|трет[ьи]\p{L}*|четверт[ьи]\p{L}*|полтор\p{L}*|полмиллион\p{L}*|удво\p{L}*|утро\p{L}*|дважды|трижды|сто|ста|двести|триста|тысяч\p{L}*|миллион\p{L}*|миллиард\p{L}*|десят\p{L}*|двадцат\p{L}*|тридцат\p{L}*|сорок\p{L}*|пятьдесят|шестьдесят|семьдесят|восемьдесят|девяност\p{L}*|\p{L}+надцат\p{L}*)(?=$|[^\p{L}])/iu;
const scales: readonly (readonly [RegExp, number])[] = [
  [/^(?:bn|billion|млрд)/iu, 1e9],
  [/^(?:m|mn|mln|million|млн)(?!\p{L})/iu, 1e6],
  [/^(?:k|thousand|тыс)/iu, 1e3],
];
const aNumber = /[-−–+]?\d[\d\u00A0\u202F\u2009 ,.']*\d|[-−–+]?\d/gu;
const signs: Readonly<Record<string, string>> = { $: "USD", "€": "EUR", "₽": "RUB", "£": "GBP", "¥": "JPY" };

/**
 * A model's sentence as it may be shown, names restored; undefined when it has to be written anew from our own figures: it holds a number
 * that is not ours, a number in words, another currency, something that is not there, a link or markup, a stranger's wording, or another
 * alphabet than the reader's.
 */
export function checkedSentence(text: string, rules: SentenceRules): string | undefined {
  if (text.length > sentenceLengthMax || hidesSigns(text)) return undefined;
  const sentence = oneLine(text);
  if (sentence.length < 8) return undefined;
  const bare = sentence.replace(/\[[a-z]\d+\]/g, " ");
  if (notProse.test(bare) || bare.includes("[") || numberWords.test(bare) || !isInAlphabet(bare, rules.locale)) return undefined;
  if (echoes(bare, rules.strangeTexts) || !hasOnlyOurNumbers(bare, rules.numbers)) return undefined;
  return rules.names.restore(sentence);
}

function isInAlphabet(text: string, locale: "en" | "ru"): boolean {
  const cyrillic = text.match(/\p{Script=Cyrillic}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  const all = text.match(/\p{L}/gu)?.length ?? 0;
  if (cyrillic + latin !== all) return false;
  return locale === "ru" ? cyrillic > latin : cyrillic === 0;
}

function wordsOf(text: string): string[] {
  return oneLine(text).toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function echoes(sentence: string, strangeTexts: readonly string[]): boolean {
  const said = ` ${wordsOf(sentence).join(" ")} `;
  return strangeTexts.some((text) => {
    const words = wordsOf(text);
    for (let start = 0; start + echoWords <= words.length; start++) if (said.includes(` ${words.slice(start, start + echoWords).join(" ")} `)) return true;
    return false;
  });
}

function hasOnlyOurNumbers(text: string, numbers: OurNumbers): boolean {
  for (const [sign, currency] of Object.entries(signs)) if (text.includes(sign) && currency !== numbers.currency) return false;
  for (const [code] of text.matchAll(/\b[A-Z]{3}\b/g)) if (Object.values(signs).includes(code) && code !== numbers.currency) return false;
  for (const match of text.matchAll(aNumber)) {
    const after = text.slice(match.index + match[0].length).trimStart();
    if (!readings(match[0]).some((reading) => isOurs(reading, after, numbers))) return false;
  }
  return true;
}

interface Reading {
  readonly value: number;
  /** Digits after the point. */
  readonly digits: number;
}

/** What a number as written may mean: its last comma or point sets off thousands or a fraction. */
function readings(written: string): Reading[] {
  const plain = written.replace(/^[-−–+]/, "").replace(/[\u00A0\u202F\u2009 ']/g, "").replace(/[.,]$/, "");
  const found: Reading[] = [];
  if (/^\d{1,3}(?:[.,]\d{3})+$/.test(plain) || /^\d+$/.test(plain)) found.push({ value: Number(plain.replace(/[.,]/g, "")), digits: 0 });
  const fraction = /^((?:\d{1,3}(?:[.,]\d{3})+)|\d+)[.,](\d+)$/.exec(plain);
  if (fraction !== null) {
    const [, whole = "", part = ""] = fraction;
    found.push({ value: Number(`${whole.replace(/[.,]/g, "")}.${part}`), digits: part.length });
  }
  return found;
}

function isOurs({ value, digits }: Reading, after: string, { currency, amountsMinor, percents, counts }: OurNumbers): boolean {
  const halfStep = 0.5 * 10 ** -digits + 1e-9;
  if (/^(?:%|percent|per cent|процент)/iu.test(after)) return percents.some((percent) => Math.abs(Math.abs(percent) - value) <= halfStep);
  if (digits === 0 && counts.includes(value)) return true;
  const scale = scales.find(([word]) => word.test(after))?.[1] ?? 1;
  const unit = 10 ** currencyExponent(currency);
  return amountsMinor.some((amount) => Math.abs(Math.abs(amount) / unit / scale - value) <= halfStep);
}
