import { formatMinorDecimal, minor } from "@saldo/schema";
import { z } from "zod";
import { moneyWords } from "../advice/words.ts";
import { askInTurn, type AiWork } from "../ask-in-turn.ts";
import { blockRules, cleanText, dataBlock } from "../checks/data-block.ts";
import { createPseudonyms, type Pseudonyms, type Subject } from "../checks/pseudonyms.ts";
import { checkedSentence, type OurNumbers } from "../checks/sentence.ts";
import type { ModelQuestion } from "../providers/provider.ts";

/** Parts of a change that models are told of, the largest; the rest is one figure. */
const partsMax = 12;
const sentencesMax = 4;
const outputTokensMax = 1_500;

/** One part of a change: a category, vendor or client with its money before and now. */
export interface ChangePart extends Subject {
  readonly beforeMinor: number;
  readonly nowMinor: number;
}

/** "Why did X rise?", as the report has it: X with its parts. */
export interface ChangeQuestion {
  readonly subject: Subject;
  readonly currency: string;
  readonly beforeMinor: number;
  readonly nowMinor: number;
  readonly parts: readonly ChangePart[];
  readonly locale: "en" | "ru";
  /** The company's setting `aiNames`. */
  readonly allowNames: boolean;
}

/** The answer: whose words they are, and the parts it rests on, largest change first. */
export interface ChangeAnswer {
  readonly sentences: readonly string[];
  readonly by: "model" | "figures";
  readonly parts: readonly ChangePart[];
}

const answer = z.strictObject({ sentences: z.array(z.string()) });

/** Answers over the report's figures only. Without a key, or where a model's sentences do not hold, the figures speak for themselves. */
export async function explainChange(asked: ChangeQuestion, work: AiWork): Promise<ChangeAnswer> {
  const parts = asked.parts.toSorted((a, b) => Math.abs(change(b)) - Math.abs(change(a))).slice(0, partsMax);
  const own: ChangeAnswer = { sentences: ownSentences(asked, parts), by: "figures", parts };
  if (work.desk === null || parts.length === 0) return own;
  const subjects = [asked.subject, ...parts];
  const names = createPseudonyms(subjects, asked);
  const found = await askInTurn(work.desk, question(asked, parts, names), work, [0, 1_000]);
  const strangeTexts = subjects.map((subject) => names.toldName(subject));
  const rules = { numbers: numbersOf(asked, parts), names, strangeTexts, locale: asked.locale };
  const sentences = (found?.answer.sentences ?? []).slice(0, sentencesMax).flatMap((sentence) => checkedSentence(sentence, rules) ?? []);
  return sentences.length === 0 ? own : { sentences, by: "model", parts };
}

function change({ beforeMinor, nowMinor }: { readonly beforeMinor: number; readonly nowMinor: number }): number {
  return nowMinor - beforeMinor;
}

function percentOf(part: { readonly beforeMinor: number; readonly nowMinor: number }): number | null {
  return part.beforeMinor === 0 ? null : Math.round((100 * change(part)) / Math.abs(part.beforeMinor));
}

function question(asked: ChangeQuestion, parts: readonly ChangePart[], names: Pseudonyms): ModelQuestion<z.infer<typeof answer>> {
  const instructions = [
    `You explain to the owner of a small business, in ${asked.locale === "ru" ? "Russian" : "English"}, why one figure of a report changed. The data block holds the figure and its parts, before and now.`,
    `Write one to ${sentencesMax} short sentences, the largest reason first. Say only what the figures show: they tell which part changed, not why a person did something.`,
    "Name a part only by its reference in brackets, such as [c1]. Use a number only as it stands in the data; no arithmetic, no number words, no links, no markup.",
    blockRules,
  ].join("\n");
  const money = (amountMinor: number) => formatMinorDecimal(minor(amountMinor), asked.currency);
  const told = (part: ChangePart) => ({ ref: names.refOf(part.kind, part.id) ?? null, name: names.toldName(part), before: money(part.beforeMinor), now: money(part.nowMinor), change: money(change(part)), changePercent: percentOf(part) });
  const data = dataBlock({ currency: asked.currency, figure: told({ ...asked.subject, beforeMinor: asked.beforeMinor, nowMinor: asked.nowMinor }), parts: parts.map(told) });
  return { purpose: "explain_change", instructions, data, schema: answer, outputTokensMax };
}

function numbersOf(asked: ChangeQuestion, parts: readonly ChangePart[]): OurNumbers {
  const all = [asked, ...parts];
  return { currency: asked.currency, amountsMinor: all.flatMap((part) => [part.beforeMinor, part.nowMinor, change(part)]), percents: all.flatMap((part) => percentOf(part) ?? []), counts: [] };
}

function ownSentences({ subject, beforeMinor, nowMinor, currency, locale }: ChangeQuestion, parts: readonly ChangePart[]): string[] {
  const money = (amountMinor: number) => moneyWords(amountMinor, currency, locale);
  const signed = (amountMinor: number) => `${amountMinor < 0 ? "−" : "+"}${money(Math.abs(amountMinor))}`;
  const quoted = (name: string) => (locale === "ru" ? `«${cleanText(name)}»` : `“${cleanText(name)}”`);
  const total = `${quoted(subject.name)}: ${money(beforeMinor)} → ${money(nowMinor)} (${signed(nowMinor - beforeMinor)}).`;
  return [total, ...parts.filter((part) => change(part) !== 0).slice(0, sentencesMax - 1).map((part) => `${quoted(part.name)}: ${signed(change(part))}.`)];
}
