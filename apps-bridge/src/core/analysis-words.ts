import { readRows, type SqlReader } from "@saldo/client-core/store";
import { analysisWords, type AnalysisWords } from "@saldo/schema";
import { sql } from "drizzle-orm";

/** Words of models are shown for so long unless a later analysis takes their place. */
const wordsDaysMax = 60;
const dayMs = 86_400_000;

/** Where words of models are read from: watch it together with what they are about. */
export const wordsTable = "report_result";

/** What models said in the newest analysis of the cloud; null when there is none, or it is long ago. What they say is still true only of what is unchanged. */
export async function readWords(reader: SqlReader, workspaceId: string, now: string): Promise<AnalysisWords | null> {
  const since = new Date(Date.parse(now) - wordsDaysMax * dayMs).toISOString();
  const [newest] = await readRows(reader, "report_result", sql`where "workspace_id" = ${workspaceId} and "kind" = 'recommendations' and "computed_by" = 'cloud' order by "computed_at" desc, "id" desc limit 1`);
  if (newest === undefined || newest.jobId === null || newest.computedAt < since) return null;
  const [row] = await readRows(reader, "report_result", sql`where "workspace_id" = ${workspaceId} and "kind" = 'words' and "job_id" = ${newest.jobId}`);
  const words = analysisWords.safeParse(row?.result);
  return words.success ? words.data : null;
}
