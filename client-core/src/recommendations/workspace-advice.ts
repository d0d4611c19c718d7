import type { RecommendationsReport } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { readRows, type SqlReader } from "../store/index.ts";
import { adviceOf } from "./advise.ts";
import type { AdviceLedger } from "./ledger.ts";
import { standingAdvice, type StandingAdvice } from "./standing.ts";
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

/** How the advice stands: open, done with its result, snoozed, not relevant. */
export async function withDecisions(reader: SqlReader, workspaceId: string, { report, ledger }: WorkspaceAdvice, now: string): Promise<StandingAdvice[]> {
  const rows = await readRows(reader, "recommendation", sql`where "workspace_id" = ${workspaceId} order by "id"`);
  return standingAdvice(report, ledger, rows, now);
}
