import { bytes, id, instant, integer, json, money, nullable, oneOf, text } from "./column.ts";
import { workspaceTable } from "./table.ts";

/** One report someone asked for; its results are rows of `report_result`. */
export const report = workspaceTable("report", {
  columns: { title: text, parameters: json, createdBy: nullable(id), createdAt: instant },
});

/** One computed result. `jobId` is set when a cloud worker computed it: one result for each job. */
export const reportResult = workspaceTable("report_result", {
  columns: {
    reportId: nullable(id),
    jobId: nullable(id),
    kind: oneOf("dashboard", "detail", "recommendations", "forecast", "words"),
    version: integer,
    computedBy: oneOf("device", "cloud"),
    computedAt: instant,
    result: json,
  },
  deviceIndexes: [["kind", "computedAt"]],
});

/** A concrete action with its effect in money. */
export const recommendation = workspaceTable("recommendation", {
  columns: {
    reportId: nullable(id),
    stableKey: text,
    code: text,
    parameters: json,
    effectMinor: money,
    effectLowMinor: nullable(money),
    effectHighMinor: nullable(money),
    currency: text,
    priority: oneOf("high", "medium", "low"),
    status: oneOf("open", "done", "snoozed", "not_relevant"),
    snoozedUntil: nullable(instant),
    createdAt: instant,
  },
});

/** An anomaly or a risk. `stableKey` keeps a dismissed one from returning. */
export const finding = workspaceTable("finding", {
  columns: {
    stableKey: text,
    kind: text,
    severity: oneOf("high", "medium", "low"),
    scorePermille: integer,
    amountMinor: nullable(money),
    currency: nullable(text),
    evidence: json,
    status: oneOf("open", "right", "wrong", "expected"),
    createdAt: instant,
  },
});

/** What a person said about a finding, recommendation or category. */
export const feedback = workspaceTable("feedback", {
  columns: { subjectTable: text, subjectId: id, verdict: oneOf("right", "wrong", "expected"), comment: nullable(text), createdBy: nullable(id), createdAt: instant },
});

/** One Yjs update of the shared note of a report. */
export const noteUpdate = workspaceTable("note_update", {
  columns: { reportId: id, update: bytes, createdBy: nullable(id), createdAt: instant },
  deviceIndexes: [["reportId"]],
});
