import { SaldoError, sumsAnswer, tableNames, type RowsSum, type TableName } from "@saldo/schema";
import { readSums } from "./kept-sums.ts";
import type { SyncPorts } from "./ports.ts";
import type { Recounter } from "./recounter.ts";
import type { Relay } from "./relay.ts";
import { readSetting, writeSetting } from "./settings.ts";

/** How often a difference is looked at again before it counts: what is on its way looks like one. */
const looksMax = 4;
/** Pause before looking again, longer each time. */
const lookAgainMs = 500;

/** What comparing stored rows with the server's found. */
export interface Verification {
  /** Shapes whose sums are the server's. */
  readonly same: readonly TableName[];
  /** Shapes that differ from the server's though nothing is on its way: they are fetched again. */
  readonly different: readonly TableName[];
  /** Shapes of which it cannot be told now. */
  readonly unknown: readonly TableName[];
}

/** What comparing needs. */
export interface VerifyOptions {
  readonly ports: Pick<SyncPorts, "database" | "clock" | "log">;
  readonly relay: Relay;
  readonly ids: { readonly workspaceId: string; readonly clientId: string };
  readonly recounter: Pick<Recounter, "runAll">;
  readonly isCaughtUp: () => boolean;
  /** Fetches a shape again. */
  readonly refetch: (shape: TableName) => void;
  readonly signal: AbortSignal;
}

interface Look {
  readonly here: RowsSum;
  readonly there: RowsSum;
}

/**
 * Reads all stored rows again, then compares their sums with those of the server's database, shape by shape. A snapshot of the database has no
 * LSN here, so only a difference that stays the same on both sides while the device has all the server announced is one; that shape is
 * fetched again, which is logged and counted. Throws `SaldoError` when the server does not tell its sums.
 */
export async function verifyRows(options: VerifyOptions): Promise<Verification> {
  const { ports, isCaughtUp, refetch, recounter, signal } = options;
  const { damaged } = await recounter.runAll();
  const same: TableName[] = [];
  const different: TableName[] = [];
  const looked = new Map<TableName, Look>();
  let suspects: readonly TableName[] = tableNames.filter((shape) => !damaged.includes(shape));
  for (let look = 0; look < looksMax && suspects.length > 0 && !signal.aborted; look++) {
    if (look > 0) await ports.clock.sleep(lookAgainMs * 2 ** look, signal);
    const wasCaughtUp = isCaughtUp();
    const found = await lookAt(options, suspects);
    const isSettled = wasCaughtUp && isCaughtUp();
    const again: TableName[] = [];
    for (const shape of suspects) {
      const now = found.get(shape);
      const before = looked.get(shape);
      if (now && isSame(now.here, now.there)) same.push(shape);
      else if (isSettled && now && before && isSame(now.here, before.here) && isSame(now.there, before.there)) different.push(shape);
      else again.push(shape);
      if (now) looked.set(shape, now);
    }
    suspects = again;
    // While damaged shapes come again nothing is settled: they are told already.
    if (damaged.length > 0) break;
  }
  for (const shape of different) {
    const { here, there } = looked.get(shape) ?? {};
    ports.log("warn", "sync.sum_differs", { shape, rowsHere: here?.rows ?? 0, rowsThere: there?.rows ?? 0 });
    refetch(shape);
  }
  const verification = { same, different: [...damaged, ...different], unknown: suspects };
  await note(ports, verification);
  return verification;
}

const isSame = (a: RowsSum, b: RowsSum) => a.sum === b.sum && a.rows === b.rows;

async function lookAt({ ports, relay, ids, signal }: VerifyOptions, shapes: readonly TableName[]): Promise<Map<TableName, Look>> {
  const sums = await readSums(ports.database);
  const here = new Map<TableName, RowsSum>();
  for (const shape of shapes) {
    const kept = sums.get(shape)?.kept;
    if (kept) here.set(shape, kept);
  }
  if (here.size === 0 || signal.aborted) return new Map();
  const query = new URLSearchParams({ workspace: ids.workspaceId, client: ids.clientId, shapes: [...here.keys()].join(",") });
  const response = await relay.request(`/v1/sums?${query}`, { signal });
  const answer = sumsAnswer.safeParse(await response.json().catch(() => undefined));
  if (!answer.success) throw new SaldoError("sync.unexpected_answer", { what: "sums" });
  const looks = new Map<TableName, Look>();
  for (const [shape, sum] of here) {
    const there = answer.data.sums[shape];
    if (there) looks.set(shape, { here: sum, there });
  }
  return looks;
}

async function note({ database, clock }: Pick<SyncPorts, "database" | "clock">, { same, different, unknown }: Verification): Promise<void> {
  const last = { same: same.length, different: different.length, unknown: unknown.length };
  await database.transaction(async (transaction) => {
    const before = await readSetting(transaction, "sync.verified");
    await writeSetting(transaction, "sync.verified", { at: new Date(clock.nowMs()).toISOString(), differences: (before?.differences ?? 0) + last.different, last });
  });
}
