import type { RecommendationItem } from "@saldo/schema";
import type { Pseudonyms } from "../checks/pseudonyms.ts";
import { figuresOf, type AdviceFacts, type FactSubject, type SubjectFigures } from "./facts.ts";
import { isMeasuredBy, proposalsMax, type Proposal } from "./proposal.ts";

/** A change beyond this is a wish, not advice. */
const changePercentMax = 50;
/** From here on something rose, in percent. */
const rosePercent = 5;
const largeSharePercent = 10;
const manyPayments = 6;

/** A proposal whose subject exists and whose ground the figures bear out. */
export interface ResolvedProposal {
  readonly action: Proposal["action"];
  readonly subject: FactSubject;
  readonly figures: SubjectFigures;
  /** Negative, whole. */
  readonly changePercent: number;
  readonly ground: Proposal["ground"];
  /** As the model wrote it; not yet checked. */
  readonly reason: string;
}

/** Why a proposal was dropped: its subject does not exist, the data contradict it, it repeats something, or its change is out of bounds. */
export type DropReason = "unknown_subject" | "contradicts_data" | "repeats" | "out_of_bounds" | "too_many";

/** Proposals that hold, and how many were dropped for what. */
export interface Resolved {
  readonly kept: readonly ResolvedProposal[];
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
}

/** Holds proposals against the books: what remains speaks of what is there, says nothing the figures deny, and is new. */
export function resolveProposals(proposals: readonly Proposal[], { facts, names, given }: { readonly facts: AdviceFacts; readonly names: Pseudonyms; readonly given: readonly RecommendationItem[] }): Resolved {
  const kept: ResolvedProposal[] = [];
  const dropped: Partial<Record<DropReason, number>> = {};
  for (const [place, proposal] of proposals.entries()) {
    const result = place < proposalsMax ? resolve(proposal, facts, names) : "too_many";
    const final = typeof result !== "string" && repeats(result, kept, given) ? "repeats" : result;
    if (typeof final === "string") dropped[final] = (dropped[final] ?? 0) + 1;
    else kept.push(final);
  }
  return { kept, dropped };
}

function resolve({ action, target, changePercent, ground, reason }: Proposal, facts: AdviceFacts, names: Pseudonyms): ResolvedProposal | DropReason {
  const meant = names.subjectOf(target);
  const subject = facts.subjects.find(({ kind, id }) => kind === meant?.kind && id === meant.id);
  if (subject === undefined || subject.kind !== (action === "reduce_category" ? "category" : "vendor")) return "unknown_subject";
  if (!isInBounds(changePercent)) return "out_of_bounds";
  const figures = figuresOf(facts, subject);
  if (figures === undefined || figures.nowMinor <= 0 || subject.isFixed || !bears(figures, ground)) return "contradicts_data";
  return { action, subject, figures, changePercent, ground, reason };
}

/** Whether a change is one that may be proposed. */
export function isInBounds(changePercent: number): boolean {
  return Number.isInteger(changePercent) && changePercent <= -1 && changePercent >= -changePercentMax;
}

function bears({ nowMinor, lastYearMinor, changePercent, sharePercent, payments }: SubjectFigures, ground: Proposal["ground"]): boolean {
  switch (ground) {
    case "rose":
      return changePercent !== null && changePercent >= rosePercent;
    case "above_last_year":
      return lastYearMinor !== null && 100 * nowMinor >= (100 + rosePercent) * lastYearMinor;
    case "large_share":
      return sharePercent >= largeSharePercent;
    case "many_payments":
      return payments >= manyPayments;
  }
}

function repeats({ subject }: ResolvedProposal, kept: readonly ResolvedProposal[], given: readonly RecommendationItem[]): boolean {
  return kept.some((other) => other.subject === subject) || given.some(({ measure }) => isMeasuredBy(subject, measure));
}
