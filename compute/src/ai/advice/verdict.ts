import { z } from "zod";
import { blockRules, dataBlock } from "../checks/data-block.ts";
import type { Pseudonyms } from "../checks/pseudonyms.ts";
import type { ModelQuestion } from "../providers/provider.ts";
import type { AdviceFacts } from "./facts.ts";
import { toldFacts } from "./proposal.ts";
import { isInBounds, type ResolvedProposal } from "./resolve.ts";

const outputTokensMax = 3_000;

const verdict = z.strictObject({
  /** Number of the proposal in the data block. */
  proposal: z.int(),
  verdict: z.enum(["agree", "disagree", "amend"]),
  /** Of an amended proposal; of another one the proposal's own. */
  changePercent: z.int(),
  reason: z.string(),
});
const verdicts = z.strictObject({ verdicts: z.array(verdict) });
/** What the checking model says of all proposals. */
export type Verdicts = z.infer<typeof verdicts>;

/** The question that has another model check proposals. It sees the same figures, not the first model's conversation. */
export function checkQuestion(facts: AdviceFacts, names: Pseudonyms, proposals: readonly ResolvedProposal[]): ModelQuestion<Verdicts> {
  const numbered = proposals.map(({ action, subject, changePercent, ground }, place) => ({ proposal: place + 1, action, target: names.refOf(subject.kind, subject.id) ?? null, changePercent, ground }));
  const instructions = [
    "You check advice on costs that somebody else gave a small business. The data block holds its figures and the numbered proposals.",
    "Give one verdict for each proposal. `agree` when the figures carry it and an owner could do it within a quarter; `amend` when the direction is right and another `changePercent` (-50 to -1) is more realistic; `disagree` when the figures do not carry it or it would harm the business.",
    "Be strict: advice that is wrong costs more than advice that is missing. `changePercent` repeats the proposal's own number unless you amend it.",
    "`reason`: one short sentence in English for the record.",
    blockRules,
  ].join("\n");
  return { purpose: "check", instructions, data: dataBlock({ ...toldFacts(facts, names), proposals: numbered }), schema: verdicts, outputTokensMax };
}

/** How a proposal came out of the check. */
export interface JudgedProposal extends ResolvedProposal {
  readonly check: "agreed" | "amended" | "unchecked";
}

/**
 * Applies verdicts: agreed ones stay, amended ones take the new change where it is within bounds, disagreed ones go. One without a verdict, or
 * with an amendment nobody could make, or with several verdicts that differ, stays unchecked. Undefined verdicts leave all unchecked.
 */
export function judge(proposals: readonly ResolvedProposal[], answer: Verdicts | undefined): { readonly kept: readonly JudgedProposal[]; readonly disagreed: number } {
  const kept: JudgedProposal[] = [];
  let disagreed = 0;
  for (const [place, proposal] of proposals.entries()) {
    const own = answer?.verdicts.filter((each) => each.proposal === place + 1) ?? [];
    const [first] = own;
    const isClear = first !== undefined && own.every((each) => each.verdict === first.verdict && each.changePercent === first.changePercent);
    if (isClear && first.verdict === "disagree") disagreed += 1;
    else if (isClear && first.verdict === "agree") kept.push({ ...proposal, check: "agreed" });
    else if (isClear && isInBounds(first.changePercent)) kept.push({ ...proposal, changePercent: first.changePercent, check: "amended" });
    else kept.push({ ...proposal, check: "unchecked" });
  }
  return { kept, disagreed };
}
