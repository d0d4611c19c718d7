import { sql } from "drizzle-orm";
import type { SqlReader } from "../store/index.ts";
import { columnReader, joinedRows, sortedRows, type RowColumns } from "./row-columns.ts";

/** Rows one statement reads: as texts they are far from what a text may be long. */
const statementRowsMax = 100_000;

/**
 * Reads all rows of a workspace that count in reports, by day and then id. A server keeps no index on dates, and a statement on some days looks at all
 * rows of the workspace: by key each is looked at once. The condition says what `countedRows` says in a form Postgres can estimate.
 */
export async function readAllRows(reader: SqlReader, workspaceId: string): Promise<RowColumns> {
  const read = columnReader(reader);
  const parts: RowColumns[] = [];
  for (let after = ""; ; ) {
    const part = await read(sql`
      (select * from "transaction" where "workspace_id" = ${workspaceId} and "id" > ${after} and not "is_split" and ("import_id" is null or "import_id" in
        (select "import"."id" from "import" where "import"."workspace_id" = ${workspaceId} and "import"."status" = 'complete' union all select ''))
        order by "id" limit ${statementRowsMax}) as "transaction"`);
    if (part.ids.length > 0) parts.push(part);
    if (part.ids.length < statementRowsMax) return sortedRows(joinedRows(parts));
    after = part.ids.reduce((last, id) => (id > last ? id : last), after);
  }
}
