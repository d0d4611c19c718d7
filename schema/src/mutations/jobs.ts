import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import { isJobKind, jobKinds } from "../jobs/kinds.ts";
import { field } from "./fields.ts";
import { defineMutation } from "./mutation.ts";

/** Asks the cloud for work by inserting a job row; works offline and leaves on reconnect. */
export const jobRequest = defineMutation({
  name: "job.request",
  version: 1,
  permission: "edit",
  args: z.strictObject({
    jobId: field.id,
    kind: z.enum(["analyze_report", "generate_forecast", "export_pdf", "sync_integration", "send_notification"]),
    parameters: field.json,
    requestedAt: field.instant,
  }),
  async run(rows, { jobId, kind, parameters, requestedAt }, { workspaceId, userId }) {
    if (!isJobKind(kind)) throw new SaldoError("mutation.job_kind_unavailable", { kind });
    if (!jobKinds[kind].parameters.safeParse(parameters).success) throw new SaldoError("mutation.invalid_arguments", { field: "parameters" });
    await rows.insert("job", {
      id: jobId,
      workspaceId,
      kind,
      parameters,
      status: "requested",
      attempt: 1,
      progressPermille: 0,
      errorCode: null,
      requestedBy: userId,
      requestedAt,
      finishedAt: null,
    });
  },
});

/** Asks for a job to stop; a finished one stays as it is. */
export const jobCancel = defineMutation({
  name: "job.cancel",
  version: 1,
  permission: "edit",
  args: z.strictObject({ jobId: field.id, finishedAt: field.instant }),
  async run(rows, { jobId, finishedAt }) {
    const job = await rows.get("job", jobId);
    if (!job) throw new SaldoError("mutation.row_missing", { table: "job" });
    if (job.status === "requested" || job.status === "running") await rows.patch("job", jobId, { status: "cancelled", finishedAt });
  },
});

/** Asks for a job that failed or was cancelled once more, as its next attempt; one that waits, runs or is done stays as it is. */
export const jobRetry = defineMutation({
  name: "job.retry",
  version: 1,
  permission: "edit",
  args: z.strictObject({ jobId: field.id, requestedAt: field.instant }),
  async run(rows, { jobId, requestedAt }, { userId }) {
    const job = await rows.get("job", jobId);
    if (!job) throw new SaldoError("mutation.row_missing", { table: "job" });
    if (!isJobKind(job.kind)) throw new SaldoError("mutation.job_kind_unavailable", { kind: job.kind });
    if (job.status !== "failed" && job.status !== "cancelled") return;
    const asked = { status: "requested", progressPermille: 0, errorCode: null, finishedAt: null, requestedBy: userId, requestedAt } as const;
    await rows.patch("job", jobId, { ...asked, attempt: { add: 1 } });
  },
});
