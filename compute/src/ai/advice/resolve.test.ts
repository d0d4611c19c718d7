import { expect, it } from "vitest";
import { createPseudonyms } from "../checks/pseudonyms.ts";
import { ruleItem, smallCompany } from "../testing/figures.ts";
import type { Proposal } from "./proposal.ts";
import { resolveProposals } from "./resolve.ts";

const facts = smallCompany();
const names = createPseudonyms(facts.subjects, { allowNames: false, locale: "en" });
const good: Proposal = { action: "reduce_category", target: "c1", changePercent: -15, ground: "rose", reason: "[c1] rose by 50%." };

function resolved(...proposals: Proposal[]) {
  const { kept, dropped } = resolveProposals(proposals, { facts, names, given: [] });
  return { kept: kept.map(({ subject, changePercent }) => `${subject.id} ${changePercent}`), dropped };
}

it("keeps what is there, new and borne out by the figures", () => {
  const vendor: Proposal = { ...good, action: "renegotiate_vendor", target: "v1", changePercent: -10 };
  expect(resolved(good, vendor, { ...good, target: "c2", ground: "many_payments" })).toEqual({ kept: ["0197f000-marketing -15", "acme -10", "0197f000-rent -15"], dropped: {} });
});

it.each<[string, Partial<Proposal>, string]>([
  ["a category that was never told", { target: "c7" }, "unknown_subject"],
  ["an id of the books instead of a reference", { target: "0197f000-marketing" }, "unknown_subject"],
  ["a vendor for a category", { target: "v1" }, "unknown_subject"],
  ["a client for a vendor", { action: "renegotiate_vendor", target: "k1" }, "unknown_subject"],
  ["an empty reference", { target: "" }, "unknown_subject"],
  ["a rise that is none", { target: "c2" }, "contradicts_data"],
  ["a large share that is small", { target: "c2", ground: "large_share" }, "contradicts_data"],
  ["a year that is not in the books", { ground: "above_last_year" }, "contradicts_data"],
  ["what is fixed", { target: "c3", ground: "large_share" }, "contradicts_data"],
  ["spending more", { changePercent: 15 }, "out_of_bounds"],
  ["nothing", { changePercent: 0 }, "out_of_bounds"],
  ["everything", { changePercent: -100 }, "out_of_bounds"],
  ["beyond all bounds", { changePercent: -9_007_199_254_740_991 }, "out_of_bounds"],
])("drops %s", (_, part, reason) => {
  expect(resolved({ ...good, ...part })).toEqual({ kept: [], dropped: { [reason]: 1 } });
});

it("drops what repeats the rules or itself, and what is too much", () => {
  const { kept, dropped } = resolveProposals([good], { facts, names, given: [ruleItem("0197f000-marketing")] });
  expect({ kept, dropped }).toEqual({ kept: [], dropped: { repeats: 1 } });
  expect(resolved(...Array.from({ length: 20 }, () => good))).toEqual({ kept: ["0197f000-marketing -15"], dropped: { repeats: 7, too_many: 12 } });
});
