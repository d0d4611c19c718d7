import { readRows } from "@saldo/client-core/store";
import { isPermitted, recommendationsReport, type JobKind } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { AnalysisView, CloudJob, CompanyView } from "../bridge/contract/cloud.ts";
import { readWords, wordsTable } from "./analysis-words.ts";
import type { Core } from "./core.ts";
import { watchBooks, type BooksView } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

/** What an analysis of the cloud is of: the last complete month, and half a year ahead. */
const analysisOf = { period: "last_complete", horizonMonths: 6 } as const;

/** Work asked of the cloud, and what a company lets its models see. */
export function cloudHandlers(core: Core): HandlersOf<"analysis" | "cloud" | "company"> {
  return {
    "analysis.watch": (_params, context) => Promise.resolve(watchBooks(core, ["job", wordsTable], analysisView, context)),
    async "analysis.request"({ title }) {
      const { books } = core.opened();
      const jobId = books.ids.next();
      await books.record("job.request", { jobId, kind: "analyze_report", parameters: { title, ...analysisOf }, requestedAt: books.nowInstant() });
      return { jobId };
    },
    async "cloud.cancel"({ jobId }) {
      const { books } = core.opened();
      await books.record("job.cancel", { jobId, finishedAt: books.nowInstant() });
      return null;
    },
    async "cloud.retry"({ jobId }) {
      const { books } = core.opened();
      await books.record("job.retry", { jobId, requestedAt: books.nowInstant() });
      return null;
    },
    "company.watch": (_params, context) => Promise.resolve(watchBooks(core, ["workspace", "member"], (view) => companyView(view, core.userId()), context)),
    async "company.setAiNames"({ aiNames }) {
      await core.opened().books.record("workspace.update", { aiNames });
      return null;
    },
  };
}

/** The newest request of a kind, as its row says; null when nobody ever asked. */
export async function newestJob({ reader, workspaceId }: Pick<BooksView, "reader" | "workspaceId">, kind: JobKind): Promise<CloudJob | null> {
  const [job] = await readRows(reader, "job", sql`where "workspace_id" = ${workspaceId} and "kind" = ${kind} order by "requested_at" desc, "id" desc limit 1`);
  if (job === undefined) return null;
  const { id: jobId, status, progressPermille, requestedAt, finishedAt, errorCode } = job;
  return { jobId, state: status === "requested" ? "waiting" : status, progressPermille, requestedAt, finishedAt, errorCode };
}

async function analysisView(view: BooksView): Promise<AnalysisView> {
  const { reader, workspaceId, now } = view;
  const request = await newestJob(view, "analyze_report");
  const [row] = await readRows(reader, "report_result", sql`where "workspace_id" = ${workspaceId} and "kind" = 'recommendations' and "computed_by" = 'cloud' order by "computed_at" desc, "id" desc limit 1`);
  const report = recommendationsReport.safeParse(row?.result);
  if (row === undefined || !report.success) return { request, latest: null };
  const words = await readWords(reader, workspaceId, now);
  const latest = {
    computedAt: row.computedAt,
    advice: report.data.items.filter(({ source }) => source === "model").length,
    findings: words?.findings.length ?? 0,
    suggestions: words?.suggestions.length ?? 0,
    changes: words?.changes.length ?? 0,
  };
  return { request, latest };
}

/** A right that is not known here yet is assumed; the server decides. */
async function companyView({ reader, workspaceId }: BooksView, userId: string | undefined): Promise<CompanyView> {
  const [workspace] = await readRows(reader, "workspace", sql`where "id" = ${workspaceId}`);
  const [member] = await readRows(reader, "member", sql`where "workspace_id" = ${workspaceId} and "user_id" = ${userId ?? ""}`);
  return { aiNames: workspace?.aiNames ?? false, mayManage: member === undefined || isPermitted(member.role, "manage") };
}
