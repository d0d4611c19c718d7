import { sql } from "drizzle-orm";
import { readRows, type SqlReader } from "../../store/index.ts";
import { savedScenarioOf, type SavedScenario } from "./saved-scenarios.ts";

/** Scenarios of a workspace, in the order they were saved. */
export async function readScenarios(reader: SqlReader, workspaceId: string): Promise<SavedScenario[]> {
  const rows = await readRows(reader, "scenario", sql`where "workspace_id" = ${workspaceId} order by "created_at", "id"`);
  return rows.flatMap((row) => savedScenarioOf(row) ?? []);
}
