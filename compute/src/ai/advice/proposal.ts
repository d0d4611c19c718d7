import { formatMinorDecimal, minor, type JsonValue, type RecommendationItem } from "@saldo/schema";
import { z } from "zod";
import { blockRules, dataBlock } from "../checks/data-block.ts";
import type { Pseudonyms } from "../checks/pseudonyms.ts";
import type { ModelQuestion } from "../providers/provider.ts";
import { figuresOf, type AdviceFacts, type FactSubject } from "./facts.ts";

/** Proposals read of one answer; what is beyond is dropped. */
export const proposalsMax = 8;
const outputTokensMax = 4_000;

/** What a model may propose to do; each has an effect code can work out. */
export const proposalActions = ["reduce_category", "renegotiate_vendor"] as const;
/** Why, in words that figures can be held against. */
export const proposalGrounds = ["rose", "above_last_year", "large_share", "many_payments"] as const;

const proposal = z.strictObject({
  action: z.enum(proposalActions),
  /** A reference of the data block, e.g. `c2`. */
  target: z.string(),
  /** Change in whole percent, negative. */
  changePercent: z.int(),
  ground: z.enum(proposalGrounds),
  /** One sentence; a subject in it is written as its reference in brackets. */
  reason: z.string(),
});
/** One typed proposal of a model, not yet checked against anything. */
export type Proposal = z.infer<typeof proposal>;

const proposals = z.strictObject({ proposals: z.array(proposal) });

const instructions = (facts: AdviceFacts) =>
  [
    "You advise a small business on its costs. The data block holds its monthly totals, its expense categories (c1, c2, …) and its vendors (v1, v2, …), and what it has been advised already.",
    `Propose up to ${proposalsMax} concrete steps that are not among those already given, most valuable first. Rather none than one the figures do not carry.`,
    '`action`: "reduce_category" for a category, "renegotiate_vendor" for a vendor. `target`: its reference exactly as in the data. Never one that is marked fixed.',
    "`changePercent`: a whole number from -50 to -1, realistic for the next quarter.",
    '`ground`: "rose" (now above the months before), "above_last_year", "large_share" (at least a tenth of expenses) or "many_payments" (six or more in three months).',
    `\`reason\`: one sentence in ${facts.locale === "ru" ? "Russian" : "English"} for the owner, in plain words, naming a category or vendor only by its reference in brackets, such as [c2].`,
    "Do no arithmetic. Use a number only when it stands in the data; no number words, no links, no markup.",
    blockRules,
  ].join("\n");

/** The question that asks for proposals. */
export function proposeQuestion(facts: AdviceFacts, names: Pseudonyms, given: readonly RecommendationItem[]): ModelQuestion<z.infer<typeof proposals>> {
  const already = given.flatMap((item) => alreadyGiven(item, facts, names));
  return { purpose: "propose", instructions: instructions(facts), data: dataBlock({ ...toldFacts(facts, names), already }), schema: proposals, outputTokensMax };
}

/** A recommendation a model is told of: what it asks and of which reference; nothing else of it. */
function alreadyGiven({ code, measure }: RecommendationItem, facts: AdviceFacts, names: Pseudonyms): JsonValue[] {
  const target = facts.subjects.find((subject) => isMeasuredBy(subject, measure));
  return [{ action: code, target: target === undefined ? null : (names.refOf(target.kind, target.id) ?? null) }];
}

/** Whether a recommendation is measured by the money of a subject. */
export function isMeasuredBy(subject: FactSubject, measure: RecommendationItem["measure"]): boolean {
  if (measure.kind !== "outflow" && measure.kind !== "inflow") return false;
  if (measure.counterpartyNames !== undefined) return measure.counterpartyNames.some((name) => subject.names.includes(name));
  return measure.kind === "outflow" && subject.kind === "category" && measure.categoryId === subject.id;
}

/** The facts as a model is told them: money as decimal text, subjects by reference. */
export function toldFacts(facts: AdviceFacts, names: Pseudonyms): Record<string, JsonValue> {
  const money = (amountMinor: number) => formatMinorDecimal(minor(amountMinor), facts.currency);
  const told = (subject: FactSubject): JsonValue[] => {
    const ref = names.refOf(subject.kind, subject.id);
    const figures = figuresOf(facts, subject);
    if (ref === undefined || figures === undefined) return [];
    return [
      {
        ref,
        name: names.toldName(subject),
        fixed: subject.isFixed,
        perMonthNow: money(figures.nowMinor),
        perMonthBefore: figures.beforeMinor === null ? null : money(figures.beforeMinor),
        perMonthLastYear: figures.lastYearMinor === null ? null : money(figures.lastYearMinor),
        changePercent: figures.changePercent,
        sharePercent: figures.sharePercent,
        paymentsNow: figures.payments,
      },
    ];
  };
  const ofKind = (kind: FactSubject["kind"]) => facts.subjects.filter((subject) => subject.kind === kind).flatMap(told);
  return {
    currency: facts.currency,
    months: facts.months.map((month, place) => ({ month, revenue: money(facts.revenueMinor[place] ?? 0), expenses: money(facts.expensesMinor[place] ?? 0) })),
    categories: ofKind("category"),
    vendors: ofKind("vendor"),
    clients: ofKind("client"),
  };
}
