import { firstDay, lastDay, type Month } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { SqlReader } from "../store/index.ts";
import { readAllRows } from "./all-rows.ts";
import { countedRows } from "./counted-rows.ts";
import { columnReader, rowsWithin, sortedRows, type RowColumns } from "./row-columns.ts";

/** The rows of a workspace, month by month. */
export interface Months {
  read(month: Month): Promise<RowColumns>;
}

/** What is read once of a reader. */
interface Shared {
  readonly months: Map<string, Months>;
  readonly rows: Map<string, Promise<RowColumns>>;
}

const shared = new WeakMap<SqlReader, Shared>();

/**
 * Of a reader given here, what one part of an analysis asks for is kept: on a device months of rows for the next part that asks for them, and no longer; of a
 * server's database all rows.
 */
export function shareRows(reader: SqlReader): void {
  shared.set(reader, { months: new Map(), rows: new Map() });
}

/** All rows of a workspace, where a reader that shares them reads a server's database; undefined else. */
export function sharedRows(reader: SqlReader, workspaceId: string): Promise<RowColumns> | undefined {
  const known = reader.keepsRollups ? undefined : shared.get(reader)?.rows;
  if (known === undefined) return undefined;
  const rows = known.get(workspaceId) ?? readAllRows(reader, workspaceId);
  known.set(workspaceId, rows);
  return rows;
}

/** Opens the rows of a workspace. Give it a snapshot. */
export function openMonths(reader: SqlReader, workspaceId: string): Months {
  const known = shared.get(reader)?.months;
  const months = known?.get(workspaceId) ?? monthsIn(reader, workspaceId, known !== undefined);
  known?.set(workspaceId, months);
  return months;
}

/** A device finds a month by its index on dates; of a server's database all rows are read at once. */
function monthsIn(reader: SqlReader, workspaceId: string, isShared: boolean): Months {
  if (reader.keepsRollups) return isShared ? keptOnce(readByMonth(reader, workspaceId)) : readByMonth(reader, workspaceId);
  let rows: Promise<RowColumns> | undefined;
  return { read: async (month) => rowsWithin(await (rows ??= sharedRows(reader, workspaceId) ?? readAllRows(reader, workspaceId)), firstDay(month), lastDay(month)) };
}

function readByMonth(reader: SqlReader, workspaceId: string): Months {
  const read = columnReader(reader);
  return {
    read: async (month) =>
      sortedRows(await read(sql`"transaction" where ${countedRows(workspaceId)} and "transaction"."posted_on" >= ${firstDay(month)} and "transaction"."posted_on" <= ${lastDay(month)}`)),
  };
}

function keptOnce({ read }: Months): Months {
  const kept = new Map<Month, Promise<RowColumns>>();
  return {
    read(month) {
      const rows = kept.get(month);
      if (rows !== undefined) {
        kept.delete(month);
        return rows;
      }
      const first = read(month);
      kept.set(month, first);
      return first;
    },
  };
}
