import type { BoundValue } from "@saldo/schema";
import type { DriverSession } from "./driver.ts";

/** What one transaction has inserted into `transaction`, as far as rollups go: the months its rows are of. */
export interface InsertedMonths {
  see(table: string, columns: readonly string[], rows: readonly (readonly BoundValue[])[]): void;
  seeMonths(workspaceId: string, seen: readonly string[]): void;
  /** Marks the months as stale; the last statement of the transaction. */
  markStale(session: DriverSession): Promise<void>;
}

/**
 * Follows inserted rows. Bulk goes through here rather than through a trigger, which would cost an import a third of its time; a row that takes another's
 * place is seen by the trigger on updates as well.
 */
export function insertedMonths(): InsertedMonths {
  const months = new Map<string, [string, string]>();
  return {
    see(table, columns, rows) {
      if (table !== "transaction") return;
      const workspaceAt = columns.indexOf("workspace_id");
      const dateAt = columns.indexOf("posted_on");
      let last = "";
      for (const row of rows) {
        const workspaceId = String(row[workspaceAt]);
        const month = String(row[dateAt]).slice(0, 7);
        const key = `${workspaceId} ${month}`;
        if (key === last) continue;
        last = key;
        months.set(key, [workspaceId, month]);
      }
    },
    seeMonths(workspaceId, seen) {
      for (const month of seen) months.set(`${workspaceId} ${month}`, [workspaceId, month]);
    },
    async markStale(session) {
      if (months.size > 0) await session.insertRows("rollup_stale", ["workspace_id", "what"], [...months.values()], "ignore");
    },
  };
}
