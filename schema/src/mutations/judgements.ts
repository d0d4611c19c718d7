import { z } from "zod";
import { idOfFinding, idOfRecommendation } from "../ids.ts";
import { minor } from "../money.ts";
import { finding, findingVerdict } from "../reports/findings.ts";
import { recommendationItem, type StoredRecommendation } from "../reports/recommendations.ts";
import { field } from "./fields.ts";
import { defineMutation } from "./mutation.ts";
import { requireRow } from "./references.ts";

/** Says what a finding turned out to be, or opens it again. */
export const findingSetStatus = defineMutation({
  name: "finding.setStatus",
  version: 1,
  permission: "edit",
  args: z.strictObject({ findingId: field.id, status: z.enum(["open", "right", "wrong", "expected"]) }),
  async run(rows, { findingId, status }) {
    await rows.patch("finding", findingId, { status });
  },
});

/**
 * Says what a computed finding turned out to be. The finding is kept with the verdict, so that it does not come back; one that is kept already
 * gets the new verdict. Findings are the same on every device, and so is their id: two people who judge one offline judge the same row.
 */
export const findingJudge = defineMutation({
  name: "finding.judge",
  version: 1,
  permission: "edit",
  args: z.strictObject({ finding, verdict: findingVerdict, feedbackId: field.id, comment: field.text.nullable(), createdAt: field.instant }),
  async run(rows, { finding: found, verdict, feedbackId, comment, createdAt }, { workspaceId, userId }) {
    const id = idOfFinding(found.stableKey);
    if ((await rows.get("finding", id)) !== undefined) await rows.patch("finding", id, { status: verdict });
    else {
      const amountMinor = found.amountMinor === null ? null : minor(found.amountMinor);
      await rows.insert("finding", { ...found, id, workspaceId, amountMinor, status: verdict, createdAt });
    }
    await rows.insert("feedback", { id: feedbackId, workspaceId, subjectTable: "finding", subjectId: id, verdict, comment, createdBy: userId, createdAt });
  },
});

/**
 * Says what is to become of a recommendation: open, done, snoozed until an instant, or not relevant. The row is made by the first decision,
 * under an id that follows from the recommendation's key, and keeps the advice with its figures as they were then.
 */
export const recommendationDecide = defineMutation({
  name: "recommendation.decide",
  version: 1,
  permission: "edit",
  args: z.strictObject({
    item: recommendationItem,
    currency: field.currency,
    decision: z.discriminatedUnion("status", [
      z.strictObject({ status: z.enum(["open", "done", "not_relevant"]) }),
      z.strictObject({ status: z.literal("snoozed"), snoozedUntil: field.instant }),
    ]),
    decidedAt: field.instant,
  }),
  async run(rows, { item, currency, decision, decidedAt }, { workspaceId }) {
    const id = idOfRecommendation(item.key);
    const decided = {
      parameters: { version: 1, item, decidedAt } satisfies StoredRecommendation,
      effectMinor: minor(item.effect.amountMinor),
      effectLowMinor: minor(item.effect.lowMinor),
      effectHighMinor: minor(item.effect.highMinor),
      currency,
      priority: item.priority,
      status: decision.status,
      snoozedUntil: decision.status === "snoozed" ? decision.snoozedUntil : null,
    };
    if ((await rows.get("recommendation", id)) !== undefined) await rows.patch("recommendation", id, decided);
    else await rows.insert("recommendation", { id, workspaceId, reportId: null, stableKey: item.key, code: item.code, createdAt: decidedAt, ...decided });
  },
});

/** Says whether a finding, a recommendation or a transaction's category is right. */
export const feedbackGive = defineMutation({
  name: "feedback.give",
  version: 1,
  permission: "edit",
  args: z.strictObject({
    id: field.id,
    subjectTable: z.enum(["finding", "recommendation", "transaction"]),
    subjectId: field.id,
    verdict: z.enum(["right", "wrong", "expected"]),
    comment: field.text.nullable(),
    createdAt: field.instant,
  }),
  async run(rows, feedback, { workspaceId, userId }) {
    await requireRow(rows, feedback.subjectTable, feedback.subjectId);
    await rows.insert("feedback", { ...feedback, workspaceId, createdBy: userId });
  },
});

/** Takes feedback back. */
export const feedbackWithdraw = defineMutation({
  name: "feedback.withdraw",
  version: 1,
  permission: "edit",
  args: z.strictObject({ feedbackId: field.id }),
  async run(rows, { feedbackId }) {
    await rows.remove("feedback", feedbackId);
  },
});
