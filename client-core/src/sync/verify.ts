import { SaldoError, sumsAnswer, tableNames, type SumsAnswer, type TableName } from "@saldo/schema";
import type { SyncPorts } from "./ports.ts";
import type { Relay } from "./relay.ts";
import { storedSum, type StoredSum } from "./row-sums.ts";
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
  readonly isCaughtUp: () => boolean;
  /** Fetches a shape again. */
  readonly refetch: (shape: TableName) => void;
  readonly signal: AbortSignal;
}

interface Look {
  readonly here: StoredSum;
  readonly there: SumsAnswer["sums"][string];
}

/**
 * Reads all stored rows again and compares their sum with the server's, shape by shape. Only a difference that stays the same on both
 * sides while the device has all the server announced is one; that shape is fetched again, which is logged and counted.
 * Throws `SaldoError` when the server does not tell its sums.
 */
export async function verifyRows(options: VerifyOptions): Promise<Verification> {
  const { ports, isCaughtUp, refetch, signal } = options;
  const same: TableName[] = [];
  const different: TableName[] = [];
  const looked = new Map<TableName, Look>();
  let suspects: readonly TableName[] = tableNames;
  for (let look = 0; look < looksMax && suspects.length > 0 && !signal.aborted; look++) {
    if (look > 0) await ports.clock.sleep(lookAgainMs * 2 ** look, signal);
    const wasCaughtUp = isCaughtUp();
    const found = await lookAt(options, suspects);
    const isSettled = wasCaughtUp && isCaughtUp();
    const again: TableName[] = [];
    for (const shape of suspects) {
      const now = found.get(shape);
      const before = looked.get(shape);
      if (now && now.here.sum === now.there.sum && now.here.rows === now.there.rows) same.push(shape);
      else if (isSettled && now && before && now.here.sum === before.here.sum && now.there.sum === before.there.sum) different.push(shape);
      else again.push(shape);
      if (now) looked.set(shape, now);
    }
    suspects = again;
  }
  for (const shape of different) {
    const { here, there } = looked.get(shape) ?? {};
    ports.log("warn", "sync.sum_differs", { shape, rowsHere: here?.rows ?? 0, rowsThere: there?.rows ?? 0 });
    refetch(shape);
  }
  await note(ports, different.length);
  return { same, different, unknown: suspects };
}

async function lookAt({ ports, relay, ids, signal }: VerifyOptions, shapes: readonly TableName[]): Promise<Map<TableName, Look>> {
  const pause = () => ports.clock.sleep(0, signal);
  const here = new Map<TableName, StoredSum>();
  for (const shape of shapes) {
    const sum = signal.aborted ? undefined : await storedSum(ports.database, shape, pause);
    if (sum) here.set(shape, sum);
  }
  if (here.size === 0) return new Map();
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

async function note({ database, clock }: Pick<SyncPorts, "database" | "clock">, differences: number): Promise<void> {
  await database.transaction(async (transaction) => {
    const before = await readSetting(transaction, "sync.verified");
    await writeSetting(transaction, "sync.verified", { at: new Date(clock.nowMs()).toISOString(), differences: (before?.differences ?? 0) + differences });
  });
}
