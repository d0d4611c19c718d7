import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import { storedDashboardReport } from "../reports/dashboard.ts";
import { detailReport } from "../reports/detail.ts";
import { forecastReport } from "../reports/forecast.ts";
import { recommendationsReport } from "../reports/recommendations.ts";
import { bytesOfBase64 } from "./base64.ts";
import { field } from "./fields.ts";
import { noteUpdateBytesMax, reportResultsMax } from "./limits.ts";
import { defineMutation } from "./mutation.ts";
import { requireRow } from "./references.ts";

/** Keeps a report under a title, with what it was asked for. */
export const reportCreate = defineMutation({
  name: "report.create",
  version: 1,
  permission: "edit",
  args: z.strictObject({ id: field.id, title: field.name, parameters: field.json, createdAt: field.instant }),
  async run(rows, report, { workspaceId, userId }) {
    await rows.insert("report", { ...report, workspaceId, createdBy: userId });
  },
});

/**
 * Keeps a report with a known id, such as the one that holds a company's own note, unless it is there: two devices that make it offline
 * make the same one, and neither is refused.
 */
export const reportEnsure = defineMutation({
  name: "report.ensure",
  version: 1,
  permission: "edit",
  args: reportCreate.args,
  async run(rows, report, { workspaceId, userId }) {
    if ((await rows.get("report", report.id)) === undefined) await rows.insert("report", { ...report, workspaceId, createdBy: userId });
  },
});

/** Renames a report. */
export const reportRename = defineMutation({
  name: "report.rename",
  version: 1,
  permission: "edit",
  args: z.strictObject({ reportId: field.id, title: field.name }),
  async run(rows, { reportId, title }) {
    await rows.patch("report", reportId, { title });
  },
});

/** What a device may store as a result: its kind decides the form. */
const deviceResult = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("dashboard"), result: storedDashboardReport }),
  z.strictObject({ kind: z.literal("detail"), result: detailReport }),
  z.strictObject({ kind: z.literal("forecast"), result: forecastReport }),
  z.strictObject({ kind: z.literal("recommendations"), result: recommendationsReport }),
]);

/** Keeps a result this device computed for a report. Refused when it is not of the form of its kind. */
export const reportAddResult = defineMutation({
  name: "report.addResult",
  version: 1,
  permission: "edit",
  args: z.strictObject({
    id: field.id,
    reportId: field.id,
    kind: z.enum(["dashboard", "detail", "forecast", "recommendations"]),
    version: z.int().min(1),
    result: field.json,
    computedAt: field.instant,
  }),
  async run(rows, { id, reportId, kind, version, result, computedAt }, { workspaceId }) {
    await requireRow(rows, "report", reportId);
    if (!deviceResult.safeParse({ kind, result }).success) throw new SaldoError("mutation.invalid_arguments", { field: "result" });
    if ((await rows.count("report_result", { reportId })) >= reportResultsMax) throw new SaldoError("mutation.invalid_arguments", { reportResultsMax });
    await rows.insert("report_result", { id, workspaceId, reportId, jobId: null, kind, version, computedBy: "device", computedAt, result });
  },
});

/** Removes a report with its results and its note. */
export const reportRemove = defineMutation({
  name: "report.remove",
  version: 1,
  permission: "edit",
  args: z.strictObject({ reportId: field.id }),
  async run(rows, { reportId }) {
    await rows.remove("report", reportId);
    await rows.removeMany("report_result", { reportId });
    await rows.removeMany("note_update", { reportId });
  },
});

/** Adds one Yjs update, base64, to the shared note of a report. Order does not matter: Yjs updates commute. */
export const noteAppend = defineMutation({
  name: "note.append",
  version: 1,
  permission: "edit",
  args: z.strictObject({ id: field.id, reportId: field.id, update: z.base64().min(1), createdAt: field.instant }),
  async run(rows, { id, reportId, update, createdAt }, { workspaceId, userId }) {
    await requireRow(rows, "report", reportId);
    const bytes = bytesOfBase64(update);
    if (bytes.byteLength > noteUpdateBytesMax) throw new SaldoError("mutation.invalid_arguments", { noteUpdateBytesMax });
    await rows.insert("note_update", { id, workspaceId, reportId, update: bytes, createdBy: userId, createdAt });
  },
});
