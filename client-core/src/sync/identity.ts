import { clientAnswer, SaldoError, uploadMutationsMax } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { z } from "zod";
import type { LocalDatabase } from "../store/local-database.ts";
import { outboxState, pendingAfter, renumberOutbox, type Settled } from "./outbox.ts";
import type { SyncPorts } from "./ports.ts";
import type { Relay } from "./relay.ts";
import { clearSetting, readSetting, writeSetting } from "./settings.ts";
import { uploadOnce, type Uploading } from "./upload.ts";

type ClientAnswer = z.infer<typeof clientAnswer>;

/** This store as the server knows it now. */
export interface Identity {
  readonly clientId: string;
  readonly generation: string;
  /** Last mutation of this client the server applied. */
  readonly lastSeq: number;
}

/**
 * Registers this store with the relay and settles who it is. A client id stands for one store, one generation of the server's database
 * and one workspace; it is left for a new one, and what is unconfirmed is numbered anew, when:
 *
 * | seen                                              | means                             | sent again                             |
 * |---------------------------------------------------|-----------------------------------|----------------------------------------|
 * | another generation                                | server restored from a backup     | pending, and confirmed, beyond its last |
 * | the server applied more than was recorded here    | store restored from an older copy | pending the server does not have       |
 * | the last it applied has another body here         | another copy of the store sent it | pending the server does not have       |
 * | the server applied less than it had confirmed     | server lost what it acknowledged  | pending, and confirmed, beyond its last |
 */
export async function register(ports: SyncPorts, relay: Relay, workspaceId: string, signal: AbortSignal): Promise<Identity> {
  const known = await readSetting(ports.database, "sync.client");
  const clientId = known?.clientId ?? ports.ids.next();
  if (!known) await keep(ports.database, clientId, null);
  const answer = await put(relay, clientId, workspaceId, signal);
  const outbox = await outboxState(ports.database);
  const restoredServer = (known?.generation ?? answer.generation) !== answer.generation || answer.lastSeq < outbox.lastConfirmed;
  const restoredStore = answer.lastSeq > outbox.lastRecorded || (await isOfAnotherCopy(ports.database, answer));
  if (!restoredServer && !restoredStore) {
    await keep(ports.database, clientId, answer.generation);
    return { clientId, generation: answer.generation, lastSeq: answer.lastSeq };
  }
  ports.log("warn", "sync.identity_renewed", { restoredServer, restoredStore });
  const ownThroughSeq = restoredStore ? await ownThrough(ports, relay, { clientId, workspaceId, generation: answer.generation }, answer.lastSeq, signal) : answer.lastSeq;
  await renewIdentity(ports, { throughSeq: ownThroughSeq, serverWentBack: restoredServer });
  return register(ports, relay, workspaceId, signal);
}

/**
 * Through which number the server's mutations of a client are this store's own. It tells by the pending ones sent again under their old
 * numbers: those it has are answered as before and not applied again, and the first with another body is refused.
 */
async function ownThrough(ports: SyncPorts, relay: Relay, who: Uploading, lastSeq: number, signal: AbortSignal): Promise<number> {
  let through = (await outboxState(ports.database)).lastConfirmed;
  let mutationsMax = uploadMutationsMax;
  for (;;) {
    const [next] = await pendingAfter(ports.database, through, 1);
    if (!next || next.seq > lastSeq) return through;
    // What lies beyond the server's last number would be applied.
    const outcome = await uploadOnce(ports, relay, who, next.seq - 1, signal, Math.min(mutationsMax, lastSeq - next.seq + 1));
    if (outcome.kind === "reused") return Math.max(through, outcome.seq - 1);
    if (outcome.kind === "failed") throw outcome.failure;
    if (outcome.kind === "too_large") mutationsMax = 1;
    if (outcome.kind !== "sent" && outcome.kind !== "too_large") return through;
    if (outcome.kind !== "sent") continue;
    if (outcome.answeredThroughSeq < outcome.throughSeq) return Math.max(through, outcome.answeredThroughSeq);
    through = outcome.throughSeq;
  }
}

/**
 * Takes a new client id and numbers the outbox from 1 again, in one transaction. When the server went back (it was restored) all shapes
 * are fetched again.
 */
export async function renewIdentity(ports: Pick<SyncPorts, "database" | "ids">, settled: Settled): Promise<void> {
  await ports.database.transaction(async (transaction) => {
    await renumberOutbox(transaction, settled);
    const scope = settled.serverWentBack ? sql`true` : sql`"name" = 'client'`;
    await transaction.execute(sql`delete from "sync_shape" where ${scope}`, ["sync_shape"]);
    if (settled.serverWentBack) await clearSetting(transaction, "sync.checkpoint");
    await writeSetting(transaction, "sync.client", { clientId: ports.ids.next(), generation: null });
  });
}

/** True when the outbox holds another body under the last number the server applied. */
async function isOfAnotherCopy(database: LocalDatabase, { lastSeq, lastSha256 }: ClientAnswer): Promise<boolean> {
  const [own] = await database.query(sql`select "sha256" from "sync_outbox" where "seq" = ${lastSeq}`);
  return own !== undefined && lastSha256 !== null && own["sha256"] !== lastSha256;
}

async function keep(database: LocalDatabase, clientId: string, generation: string | null): Promise<void> {
  await database.transaction((transaction) => writeSetting(transaction, "sync.client", { clientId, generation }));
}

async function put(relay: Relay, clientId: string, workspaceId: string, signal: AbortSignal): Promise<ClientAnswer> {
  const response = await relay.request(`/v1/clients/${encodeURIComponent(clientId)}`, {
    method: "PUT",
    signal,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ workspaceId }),
  });
  const parsed = clientAnswer.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw new SaldoError("sync.unexpected_answer", { what: "client" });
  return parsed.data;
}
