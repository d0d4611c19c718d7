import { z } from "zod";
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

/** Marks a recommendation as open, done, snoozed until an instant, or not relevant. */
export const recommendationSetStatus = defineMutation({
  name: "recommendation.setStatus",
  version: 1,
  permission: "edit",
  args: z.discriminatedUnion("status", [
    z.strictObject({ recommendationId: field.id, status: z.enum(["open", "done", "not_relevant"]) }),
    z.strictObject({ recommendationId: field.id, status: z.literal("snoozed"), snoozedUntil: field.instant }),
  ]),
  async run(rows, args) {
    await rows.patch("recommendation", args.recommendationId, { status: args.status, snoozedUntil: args.status === "snoozed" ? args.snoozedUntil : null });
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
