import type { RowsSum, TableName } from "@saldo/schema";
import type { LocalTransaction } from "../store/local-database.ts";
import { readSums, writeSum } from "./kept-sums.ts";
import { readSetting, writeSetting } from "./settings.ts";

/** What comparing kept sums with the server's came to. */
export interface SumsCompared {
  /** Shapes whose sums are the server's. */
  readonly same: readonly TableName[];
  readonly different: readonly { readonly shape: TableName; readonly rowsHere: number; readonly rowsThere: number }[];
  /** Those of `different` that are to be fetched again: all but what fetching again has not mended. */
  readonly refetch: readonly TableName[];
  /** Shapes the server told of whose rows here are not counted yet. */
  readonly uncounted: readonly TableName[];
}

/** Nothing was compared. */
export const noneCompared: SumsCompared = { same: [], different: [], refetch: [], uncounted: [] };

/** How often a shape is fetched again for its sum before only the difference is told: what that does not mend is no damage of this store. */
const refetchesMax = 2;

/**
 * Compares the sums kept at a checkpoint with the server's at the same LSN, inside its transaction. Both are exact there, so a difference is one.
 * Shapes in `lost` are known to be out of step and are left out.
 */
export async function compareSums(
  transaction: LocalTransaction,
  { lsn, serverSums, appliedAt }: { readonly lsn: bigint; readonly serverSums: ReadonlyMap<TableName, RowsSum>; readonly appliedAt: string },
  lost: ReadonlySet<TableName>,
): Promise<SumsCompared> {
  if (serverSums.size === 0) return noneCompared;
  const sums = await readSums(transaction);
  const same: TableName[] = [];
  const different: SumsCompared["different"][number][] = [];
  const refetch: TableName[] = [];
  const uncounted: TableName[] = [];
  for (const [shape, there] of serverSums) {
    const here = sums.get(shape);
    if (lost.has(shape)) continue;
    if (!here?.kept) uncounted.push(shape);
    else if (here.kept.sum === there.sum && here.kept.rows === there.rows) {
      same.push(shape);
      await writeSum(transaction, shape, { ...here, sameLsn: String(lsn), differed: 0 });
    } else {
      different.push({ shape, rowsHere: here.kept.rows, rowsThere: there.rows });
      if (here.differed < refetchesMax) refetch.push(shape);
      await writeSum(transaction, shape, { ...here, differed: here.differed + 1 });
    }
  }
  await note(transaction, appliedAt, String(lsn), { same: same.length, different: different.length, unknown: uncounted.length });
  return { same, different, refetch, uncounted };
}

async function note(transaction: LocalTransaction, at: string, lsn: string, last: { readonly same: number; readonly different: number; readonly unknown: number }): Promise<void> {
  const before = await readSetting(transaction, "sync.compared");
  await writeSetting(transaction, "sync.compared", { at, lsn, ...last, differencesEver: (before?.differencesEver ?? 0) + last.different });
}
