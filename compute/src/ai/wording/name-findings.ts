import { formatMinorDecimal, minor, type Finding, type FindingFacts, type JsonValue } from "@saldo/schema";
import { z } from "zod";
import { askInTurn, type AiWork } from "../ask-in-turn.ts";
import { blockRules, dataBlock } from "../checks/data-block.ts";
import { createPseudonyms, type Pseudonyms, type Subject } from "../checks/pseudonyms.ts";
import { checkedSentence, type OurNumbers } from "../checks/sentence.ts";
import type { ModelQuestion } from "../providers/provider.ts";

/** Findings named in one question: the likeliest and costliest. */
const findingsMax = 20;
const outputTokensMax = 3_000;

const titles = z.strictObject({ titles: z.array(z.strictObject({ finding: z.int(), title: z.string() })) });

/** What naming is asked for. */
export interface NamingRequest {
  readonly findings: readonly Finding[];
  readonly locale: "en" | "ru";
  /** The company's setting `aiNames`. */
  readonly allowNames: boolean;
}

/**
 * Says findings in plain words, by their stable keys. One whose sentence does not hold is left out: the words every device makes of its
 * facts (`sayFinding`) stand then, as they do without a key.
 */
export async function nameFindings({ findings, locale, allowNames }: NamingRequest, work: AiWork): Promise<ReadonlyMap<string, string>> {
  const told = findings.slice(0, findingsMax);
  const named = new Map<string, string>();
  if (work.desk === null || told.length === 0) return named;
  const names = createPseudonyms(told.flatMap(({ evidence }) => subjectsOf(evidence.facts)), { allowNames, locale });
  const answer = await askInTurn(work.desk, question(told, names, locale), work, [0, 1_000]);
  const strangeTexts = told.flatMap(({ evidence }) => subjectsOf(evidence.facts).map((subject) => names.toldName(subject)));
  for (const { finding: place, title } of answer?.answer.titles ?? []) {
    const finding = told[place - 1];
    if (finding === undefined || named.has(finding.stableKey)) continue;
    const sentence = checkedSentence(title, { numbers: numbersOf(finding), names, strangeTexts, locale });
    if (sentence !== undefined) named.set(finding.stableKey, sentence);
  }
  return named;
}

function question(findings: readonly Finding[], names: Pseudonyms, locale: "en" | "ru"): ModelQuestion<z.infer<typeof titles>> {
  const instructions = [
    "You put warnings about a company's books into plain words for its owner. The data block holds numbered findings: their kind and their facts.",
    `For each, write one short sentence in ${locale === "ru" ? "Russian" : "English"}: what was seen and why it is worth a look. Accuse nobody.`,
    "Name a counterparty or category only by its reference in brackets, such as [v1] or [c1]. Use a number only as it stands in the facts; no number words, no links, no markup.",
    blockRules,
  ].join("\n");
  const data = dataBlock({ findings: findings.map(({ kind, currency, evidence: { facts } }, place) => ({ finding: place + 1, kind, currency, facts: toldFacts(facts, currency, names) })) });
  return { purpose: "name_findings", instructions, data, schema: titles, outputTokensMax };
}

const subjectKinds: Readonly<Record<string, Subject["kind"]>> = { counterparty: "vendor", otherCounterparty: "vendor", category: "category", usualCategory: "category" };

function subjectsOf(facts: FindingFacts): Subject[] {
  return Object.entries(facts).flatMap(([field, value]) => {
    const kind = subjectKinds[field];
    return kind === undefined || typeof value !== "string" || value === "" ? [] : [{ kind, id: value, name: value }];
  });
}

function toldFacts(facts: FindingFacts, currency: string | null, names: Pseudonyms): JsonValue {
  return Object.fromEntries(
    Object.entries(facts).map(([field, value]): [string, JsonValue] => {
      const kind = subjectKinds[field];
      if (kind !== undefined) return [field, names.refOf(kind, String(value)) ?? null];
      if (typeof value !== "number") return [field, value];
      if (field.endsWith("Minor")) return [field.replace(/Minor$/, ""), formatMinorDecimal(minor(value), currency ?? "EUR")];
      return field.endsWith("Permille") ? [field.replace(/Permille$/, "Percent"), value / 10] : [field, value];
    }),
  );
}

/** Every number of a finding's facts; of dates their parts. */
function numbersOf({ currency, evidence: { facts } }: Finding): OurNumbers {
  const fields = Object.entries(facts);
  const numbers = fields.flatMap(([field, value]) => (typeof value === "number" ? [{ field, value }] : []));
  const dates = fields.flatMap(([, value]) => (/^\d{4}-\d{2}(?:-\d{2})?$/.test(String(value)) ? String(value).split("-").map(Number) : []));
  return {
    currency: currency ?? "",
    amountsMinor: currency === null ? [] : numbers.filter(({ field }) => field.endsWith("Minor")).map(({ value }) => value),
    percents: numbers.filter(({ field }) => field.endsWith("Permille")).map(({ value }) => value / 10),
    counts: [...dates, ...numbers.filter(({ field }) => !/(?:Minor|Permille)$/.test(field)).map(({ value }) => value)],
  };
}
