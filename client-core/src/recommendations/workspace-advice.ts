import { recommendationsReport, type RecommendationsReport } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { readRows, type SqlReader } from "../store/index.ts";
import { adviceOf } from "./advise.ts";
import type { AdviceLedger } from "./ledger.ts";
import { standingAdvice, type CloudAdvice, type StandingAdvice } from "./standing.ts";
import { readAdviceBooks, type AdviceRequest } from "./stored-books.ts";

/** What was worked out of the rows of a workspace, to be put together with what people decide as often as they do. */
export interface WorkspaceAdvice {
  readonly report: RecommendationsReport;
  readonly ledger: AdviceLedger;
}

/** Works out advice for a workspace. This costs a pass over its rows: keep the answer while they stay as they are. Give it a snapshot. */
export async function adviseWorkspace(reader: SqlReader, request: AdviceRequest): Promise<WorkspaceAdvice> {
  return adviceOf(await readAdviceBooks(reader, request));
}

/** How the advice stands, that of the cloud's models among it: open, done with its result, snoozed, not relevant. */
export async function withDecisions(reader: SqlReader, workspaceId: string, { report, ledger }: WorkspaceAdvice, now: string): Promise<StandingAdvice[]> {
  const rows = await readRows(reader, "recommendation", sql`where "workspace_id" = ${workspaceId} order by "id"`);
  return standingAdvice({ report, cloud: await readCloudAdvice(reader, workspaceId, report.currency), ledger, rows, now });
}

/** The newest advice of the cloud in this currency; null when there is none. */
async function readCloudAdvice(reader: SqlReader, workspaceId: string, currency: string): Promise<CloudAdvice | null> {
  const [row] = await readRows(reader, "report_result", sql`where "workspace_id" = ${workspaceId} and "kind" = 'recommendations' and "computed_by" = 'cloud' order by "computed_at" desc, "id" desc limit 1`);
  const parsed = recommendationsReport.safeParse(row?.result);
  return row === undefined || !parsed.success || parsed.data.currency !== currency ? null : { computedAt: row.computedAt, items: parsed.data.items };
}
