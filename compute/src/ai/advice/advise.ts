import type { RecommendationItem } from "@saldo/schema";
import { askInTurn, askOther, type AiWork } from "../ask-in-turn.ts";
import { createPseudonyms, type Pseudonyms } from "../checks/pseudonyms.ts";
import type { ProviderName } from "../providers/provider.ts";
import { itemOf } from "./consensus.ts";
import { nowMonths, type AdviceFacts } from "./facts.ts";
import { proposeQuestion } from "./proposal.ts";
import { resolveProposals, type DropReason } from "./resolve.ts";
import { checkQuestion, judge } from "./verdict.ts";

/** What advice is made of. */
export interface AdviseRequest {
  readonly facts: AdviceFacts;
  /** What the rules recommend: it stays as it is, whatever models say. */
  readonly given: readonly RecommendationItem[];
  /** The company's setting `aiNames`. */
  readonly allowNames: boolean;
  /** The thresholds rule-based advice is measured by. */
  priorityOf(effect: RecommendationItem["effect"]): RecommendationItem["priority"];
}

/** What models added, and how it came about: for the log and the screen. */
export interface Advice {
  /** Recommendations of models only; the given ones are not among them. */
  readonly items: readonly RecommendationItem[];
  /** `off`: no key, too short a history, or nobody answered. */
  readonly mode: "off" | "one_model" | "two_models";
  readonly proposedBy: ProviderName | null;
  readonly checkedBy: ProviderName | null;
  readonly dropped: Readonly<Partial<Record<DropReason | "disagreed", number>>>;
}

const nothing: Advice = { items: [], mode: "off", proposedBy: null, checkedBy: null, dropped: {} };

/**
 * Has one model propose and the other check, and keeps what our own figures bear out. The first provider that answers proposes; the other
 * checks; where there is no other, or it does not answer, advice is marked unchecked. It never fails for what a provider does, and writes
 * nothing but what requests cost: without keys, budget or answers its result has no items.
 */
export async function advise(request: AdviseRequest, work: AiWork): Promise<Advice> {
  const { facts, given, allowNames, priorityOf } = request;
  const { desk } = work;
  if (desk === null || facts.months.length < nowMonths || facts.subjects.length === 0) return nothing;
  const names = createPseudonyms(facts.subjects, { allowNames, locale: facts.locale });
  const first = await askInTurn(desk, proposeQuestion(facts, names, given), work, [0, 500]);
  if (first === undefined) return nothing;
  const { kept, dropped } = resolveProposals(first.answer.proposals, { facts, names, given });
  const verdicts = kept.length === 0 ? undefined : await askOther(desk, first.provider, checkQuestion(facts, names, kept), work, [500, 950]);
  const judged = judge(kept, verdicts?.answer);
  const parts = { facts, names, strangeTexts: strangeTexts(facts, names), priorityOf };
  await work.progress(1_000);
  return {
    items: judged.kept.map((proposal) => itemOf(proposal, parts)),
    mode: verdicts === undefined ? "one_model" : "two_models",
    proposedBy: first.provider,
    checkedBy: verdicts?.provider ?? null,
    dropped: judged.disagreed === 0 ? dropped : { ...dropped, disagreed: judged.disagreed },
  };
}

/** Names of strangers that went out as they are. */
function strangeTexts(facts: AdviceFacts, names: Pseudonyms): string[] {
  return facts.subjects.map((subject) => names.toldName(subject));
}
