import type { RecommendationItem } from "@saldo/schema";
import { createPseudonyms, type Pseudonyms } from "../checks/pseudonyms.ts";
import type { DeskAnswer, ModelDesk } from "../desk.ts";
import type { AiAccount } from "../ledger/ai-ledger.ts";
import type { ModelQuestion, ProviderName } from "../providers/provider.ts";
import { itemOf } from "./consensus.ts";
import { nowMonths, type AdviceFacts } from "./facts.ts";
import { createProgress } from "../progress.ts";
import { proposeQuestion } from "./proposal.ts";
import { resolveProposals, type DropReason } from "./resolve.ts";
import { checkQuestion, judge, type Verdicts } from "./verdict.ts";

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

/** What asking models works with. */
export interface AiWork {
  /** Null without any key. */
  readonly desk: ModelDesk | null;
  readonly account: AiAccount;
  /** Aborts when nobody waits any more; what is there by then is the result. */
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  /** Told how far the work is, in thousandths of its own; at most once a second. */
  progress(permille: number): Promise<void>;
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
  const first = await askFirst(desk, proposeQuestion(facts, names, given), work, [0, 500]);
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

type Answered<Answer> = Extract<DeskAnswer<Answer>, { readonly ok: true }>;
type Span = readonly [number, number];

/** The answer of the first provider that gives one. */
async function askFirst<Answer>(desk: ModelDesk, question: ModelQuestion<Answer>, work: AiWork, span: Span): Promise<Answered<Answer> | undefined> {
  for (const name of desk.providers) {
    const answer = await askOne(desk, name, question, work, span);
    if (answer.ok) return answer;
    if (answer.failure === "budget_spent" || work.signal.aborted) return undefined;
  }
  return undefined;
}

async function askOther(desk: ModelDesk, proposer: ProviderName, question: ModelQuestion<Verdicts>, work: AiWork, span: Span): Promise<Answered<Verdicts> | undefined> {
  const other = desk.providers.find((name) => name !== proposer);
  if (other === undefined || work.signal.aborted) return undefined;
  const answer = await askOne(desk, other, question, work, span);
  return answer.ok ? answer : undefined;
}

async function askOne<Answer>(desk: ModelDesk, name: ProviderName, question: ModelQuestion<Answer>, work: AiWork, span: Span): Promise<DeskAnswer<Answer>> {
  const progress = createProgress(work, span);
  const answer = await desk.ask(name, question, work.account, { signal: work.signal, onText: progress.text });
  await progress.done();
  return answer;
}

/** Names of strangers that went out as they are. */
function strangeTexts(facts: AdviceFacts, names: Pseudonyms): string[] {
  return facts.subjects.map((subject) => names.toldName(subject));
}
