import { firstDay, lastDay, type FigureRows, type RecommendationFigure, type RecommendationItem } from "@saldo/schema";
import type { Pseudonyms } from "../checks/pseudonyms.ts";
import { checkedSentence, type OurNumbers } from "../checks/sentence.ts";
import { nowMonths, type AdviceFacts, type FactSubject, type SubjectFigures } from "./facts.ts";
import type { JudgedProposal } from "./verdict.ts";
import { ownReason } from "./words.ts";

/** How sure two models, or one alone, make a proposal. */
const confidencePermille: Readonly<Record<JudgedProposal["check"], number>> = { agreed: 850, amended: 700, unchecked: 400 };
const oneLower = { high: "medium", medium: "low", low: "low" } as const;

/** What items are made with. */
export interface ItemParts {
  readonly facts: AdviceFacts;
  readonly names: Pseudonyms;
  /** Texts of strangers the models have seen. */
  readonly strangeTexts: readonly string[];
  /** The thresholds rule-based advice is measured by. */
  priorityOf(effect: RecommendationItem["effect"]): RecommendationItem["priority"];
}

/** A checked proposal as a recommendation: its effect, figures and words from our rows; what nobody checked counts one priority less. */
export function itemOf(judged: JudgedProposal, parts: ItemParts): RecommendationItem {
  const { facts } = parts;
  const { action, subject, figures, changePercent, check } = judged;
  const share = (amountMinor: number) => Math.round((amountMinor * -changePercent) / 100);
  const amountMinor = share(figures.nowMinor);
  const effect = { kind: "saves", per: "month", amountMinor, lowMinor: Math.min(amountMinor, share(figures.lowestMinor)), highMinor: Math.max(amountMinor, share(figures.highestMinor)) } as const;
  const priority = parts.priorityOf(effect);
  return {
    key: `${action}/${subject.id}`.slice(0, 200),
    code: action,
    parameters: { name: subject.name.slice(0, 300), percent: -changePercent, months: nowMonths },
    effect,
    priority: check === "unchecked" ? oneLower[priority] : priority,
    figures: figuresBehind(facts, subject, figures),
    measure: { kind: "outflow", ...narrowing(subject), baselineMinor: figures.nowMinor },
    source: "model",
    opinion: { check, confidencePermille: confidencePermille[check], ...reasonOf(judged, amountMinor, parts) },
  };
}

/** The model's sentence where it holds, else our own. */
function reasonOf(judged: JudgedProposal, effectMinor: number, { facts, names, strangeTexts }: ItemParts): { readonly reason: string; readonly isRewritten: boolean } {
  const { subject, figures, changePercent } = judged;
  const said = checkedSentence(judged.reason, { numbers: numbersOf(facts, judged, effectMinor), names, strangeTexts, locale: facts.locale });
  const reason = said ?? ownReason({ name: subject.name, figures, changePercent, effectMinor, currency: facts.currency }, facts.locale);
  return { reason, isRewritten: said === undefined };
}

function numbersOf(facts: AdviceFacts, { figures, changePercent }: JudgedProposal, effectMinor: number): OurNumbers {
  const numbers = [figures.nowMinor, figures.beforeMinor, figures.lastYearMinor, effectMinor];
  return {
    currency: facts.currency,
    amountsMinor: numbers.filter((amount) => amount !== null),
    percents: [changePercent, figures.sharePercent, ...(figures.changePercent === null ? [] : [figures.changePercent])],
    counts: [nowMonths, figures.payments],
  };
}

function narrowing({ kind, id, names }: FactSubject): Pick<FigureRows, "categoryId" | "counterpartyNames"> {
  return kind === "category" ? { categoryId: id } : { counterpartyNames: [...names] };
}

function figuresBehind(facts: AdviceFacts, subject: FactSubject, figures: SubjectFigures): RecommendationFigure[] {
  const first = facts.months.length - nowMonths;
  const part = (name: RecommendationFigure["name"], from: number, to: number): RecommendationFigure[] => {
    const [start, end] = [facts.months[from], facts.months[to - 1]];
    if (start === undefined || end === undefined) return [];
    const total = sum(subject.monthlyMinor.slice(from, to));
    const rows = { from: firstDay(start), to: lastDay(end), direction: "out", ...narrowing(subject), totalMinor: total, count: sum(subject.payments.slice(from, to)), dividedBy: to - from } as const;
    return [{ name, unit: "money_per_month", value: Math.round(total / (to - from)), rows }];
  };
  return [
    ...part("now", first, facts.months.length),
    ...(first > 0 ? part("before", 0, first) : []),
    ...(first >= 12 ? part("last_year", first - 12, first - 12 + nowMonths) : []),
    { name: "share", unit: "basis_points", value: figures.sharePercent * 100, rows: null },
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
