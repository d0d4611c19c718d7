import { SaldoError } from "../errors/saldo-error.ts";
import type { RowStore } from "./row-store.ts";

/** Refuses unless the import is there and still loading. */
export async function requireLoading(rows: RowStore, importId: string): Promise<void> {
  const found = await rows.get("import", importId);
  if (!found) throw new SaldoError("mutation.row_missing", { table: "import" });
  if (found.status !== "loading") throw new SaldoError("mutation.import_closed");
}
