import { expect, it } from "vitest";
import { createPseudonyms } from "../checks/pseudonyms.ts";
import { smallCompany } from "../testing/figures.ts";
import { resolveProposals } from "./resolve.ts";
import { judge, type Verdicts } from "./verdict.ts";

const facts = smallCompany();
const names = createPseudonyms(facts.subjects, { allowNames: false, locale: "en" });
const { kept: proposals } = resolveProposals(
  [
    { action: "reduce_category", target: "c1", changePercent: -20, ground: "rose", reason: "" },
    { action: "renegotiate_vendor", target: "v1", changePercent: -10, ground: "rose", reason: "" },
  ],
  { facts, names, given: [] },
);

function judged(verdicts?: Verdicts["verdicts"]) {
  const { kept, disagreed } = judge(proposals, verdicts && { verdicts });
  return { kept: kept.map(({ check, changePercent }) => `${check} ${changePercent}`), disagreed };
}
const say = (proposal: number, verdict: "agree" | "disagree" | "amend", changePercent = -20) => ({ proposal, verdict, changePercent, reason: "" });

it.each<[string, Verdicts["verdicts"] | undefined, ReturnType<typeof judged>]>([
  ["agreed and disagreed", [say(1, "agree"), say(2, "disagree")], { kept: ["agreed -20"], disagreed: 1 }],
  ["amended", [say(1, "amend", -12), say(2, "agree")], { kept: ["amended -12", "agreed -10"], disagreed: 0 }],
  ["amended beyond bounds", [say(1, "amend", 500), say(2, "agree")], { kept: ["unchecked -20", "agreed -10"], disagreed: 0 }],
  ["two minds", [say(1, "agree"), say(1, "disagree"), say(2, "agree")], { kept: ["unchecked -20", "agreed -10"], disagreed: 0 }],
  ["one left out, one invented", [say(2, "agree"), say(99, "disagree")], { kept: ["unchecked -20", "agreed -10"], disagreed: 0 }],
  ["nobody checked", undefined, { kept: ["unchecked -20", "unchecked -10"], disagreed: 0 }],
])("%s", (_, verdicts, expected) => {
  expect(judged(verdicts)).toEqual(expected);
});
