import { clientAnswer, uploadAnswer, type UploadMutation } from "@saldo/schema";
import * as fc from "fast-check";
import pg from "pg";
import { createTestDatabase } from "../../../deploy/testing/postgres.ts";
import { freePort } from "../../../deploy/process/free-port.ts";
import { followShape, type Replica } from "../shapes/testing/replica.ts";
import { fetchToken, frozen, newId, putClient, registerDevice, signUpPerson, someInstant, upload, type Device } from "./person.ts";
import { relayEnvironment, startRelayProcess, type RelayProcess } from "./relay-process.ts";

/** How much is sent, and how often the relay dies meanwhile. */
export interface KilledUploads {
  readonly devices: number;
  /** Of one row each, by each device. */
  readonly mutations: number;
  readonly kills: number;
  readonly seed: number;
}

const batchMax = 40;
/** Less than the five minutes a token lives. */
const tokenUsedMsMax = 240_000;
const backoffOptions = { initialDelay: 20, maxDelay: 200, multiplier: 1.5 };

/** A relay that is killed and started again at the same address. */
interface MortalRelay {
  readonly url: string;
  /** Resolves while it listens, or as soon as it does again. */
  listening(): Promise<RelayProcess>;
  /** Since when it listens, in milliseconds since the epoch. */
  readonly listeningSinceMs: number;
  killAndStart(): Promise<void>;
}

interface Client {
  device: Device;
  readonly all: readonly UploadMutation[];
  readonly replica: Replica;
  lastSeq: number;
  /** The longest from the relay's return to an answer. */
  resumedMsMax: number;
}

/** All mutations of one import, one row each: the n-th row's amount is n, so that one that is lost or doubled shows in their sum. */
function importOf(rows: number): readonly UploadMutation[] {
  const importId = newId();
  const begin = frozen(1, "import.begin", {
    importId,
    fileName: "bank.csv",
    fileSha256: "0".repeat(64),
    fileBytes: 1,
    format: "csv",
    understanding: {},
    accounts: [{ id: `account of ${importId}`, name: "Счёт", currency: "RUB", number: null }],
    categories: [],
    createdAt: someInstant,
  });
  const adds = Array.from({ length: rows }, (_, line) =>
    frozen(line + 2, "import.addRows", {
      importId,
      currencies: ["RUB"],
      accounts: [`account of ${importId}`],
      categories: [],
      rowCurrencies: [],
      rows: [[newId(), line, "2026-01-31", line + 1, 0, -1, "Оплата", null]],
      createdAt: someInstant,
    }),
  );
  return [begin, ...adds, frozen(rows + 2, "import.complete", { importId, rowsAdded: rows, rowsRefused: 0, largestCategories: [], completedAt: someInstant })];
}

async function startMortalRelay(file: string, databaseUrl: string, storageDir: string, slot: string): Promise<MortalRelay> {
  const port = await freePort();
  const environment = { ...relayEnvironment(databaseUrl, storageDir, slot), SALDO_PORT: String(port) };
  let listeningSinceMs = 0;
  const start = async (): Promise<RelayProcess> => {
    const started = await startRelayProcess(file, environment);
    listeningSinceMs = Date.now();
    return started;
  };
  let current = start();
  return {
    url: (await current).url,
    listening: () => current,
    get listeningSinceMs() {
      return listeningSinceMs;
    },
    async killAndStart() {
      const dying = await current;
      current = dying.kill().then(start);
      await current;
    },
  };
}

async function openClient(relay: MortalRelay, rows: number): Promise<Client> {
  const device = await registerDevice(relay.url, await signUpPerson(relay.url));
  const { person } = device;
  let [token, until] = [person.token, Date.now() + tokenUsedMsMax];
  const authorization = async (): Promise<string> => {
    while (Date.now() > until) {
      await relay.listening();
      const fresh = await fetchToken(relay.url, person.sessionToken).catch(() => undefined);
      if (fresh !== undefined) [token, until] = [fresh.token, Date.now() + tokenUsedMsMax];
    }
    return `Bearer ${token}`;
  };
  const replica = followShape(`${relay.url}/v1/shapes/transaction`, { scope: person.workspaceId }, { headers: { authorization }, backoffOptions });
  return { device, all: importOf(rows), replica, lastSeq: 0, resumedMsMax: 0 };
}

/** Sends everything in batches, several times where no answer came; throws when a verdict is not "applied". */
async function sendAll(relay: MortalRelay, client: Client, sizes: () => number, answered: (mutations: number) => void): Promise<void> {
  let interrupted = false;
  while (client.lastSeq < client.all.length) {
    await relay.listening();
    const batch = client.all.slice(client.lastSeq, client.lastSeq + sizes());
    const answer = await sendOnce(client.device, batch);
    if (answer === undefined) {
      interrupted = true;
      await resume(relay, client);
      continue;
    }
    if (interrupted) client.resumedMsMax = Math.max(client.resumedMsMax, Date.now() - relay.listeningSinceMs);
    interrupted = false;
    const { verdicts, lastSeq } = uploadAnswer.parse(answer);
    if (verdicts.some(({ outcome }) => outcome !== "applied")) throw new Error(JSON.stringify(verdicts));
    if (lastSeq < client.lastSeq) throw new Error(`went back from ${client.lastSeq} to ${lastSeq}`);
    answered(lastSeq - client.lastSeq);
    client.lastSeq = lastSeq;
  }
}

/** The answer to an upload; undefined when there is none, or it is to be sent again with a new token or later. */
async function sendOnce(device: Device, batch: readonly UploadMutation[]): Promise<unknown> {
  const response = await upload(device, batch).catch(() => undefined);
  if (response === undefined || [401, 503].includes(response.status)) return undefined;
  return response.json().catch(() => undefined);
}

/** What a device does when it does not know: it is told how far it got, but sends again what it has no verdict of. */
async function resume(relay: MortalRelay, client: Client): Promise<void> {
  try {
    await relay.listening();
    const { clientId, person } = client.device;
    const { token } = await fetchToken(relay.url, person.sessionToken);
    client.device = { ...client.device, person: { ...person, token } };
    const told = clientAnswer.parse(await (await putClient(relay.url, token, clientId, person.workspaceId)).json());
    if (told.lastSeq < client.lastSeq) throw new Error(`forgot what it had answered: ${told.lastSeq} after ${client.lastSeq}`);
  } catch (error) {
    // The relay died once more meanwhile: the next round asks again.
    if (error instanceof Error && error.message.startsWith("forgot")) throw error;
  }
}

/** The moments a relay dies at: while a transaction is open, when one has committed whose answer nobody read, at any other, and when it has only just come back. */
function momentsOf(pool: pg.Pool, relay: MortalRelay, over: () => boolean): readonly (() => Promise<unknown>)[] {
  const until = async (text: string, values: readonly unknown[] = []): Promise<void> => {
    while (!over() && (await pool.query(text, [...values])).rowCount === 0);
  };
  const applied = async (): Promise<number> => (await pool.query<{ count: number }>("select count(*)::int as count from relay.applied_mutation")).rows[0]?.count ?? 0;
  return [
    () => until("select 1 from pg_stat_activity where datname = current_database() and application_name = 'saldo-relay' and backend_xid is not null"),
    async () => until("select 1 from relay.applied_mutation having count(*) > $1", [await applied()]),
    () => Promise.resolve(),
    () => relay.killAndStart(),
  ];
}

/**
 * Devices upload while the relay is killed again and again, at moments that come with their progress. Throws when a mutation is lost, applied
 * twice or refused, or when what the devices read back is not what is there. Answers the longest time, in milliseconds, that a device took to
 * have its first answer of a relay that was back.
 */
export async function surviveUploadKills(file: string, storageDir: string, { devices, mutations, kills, seed }: KilledUploads): Promise<number> {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  pool.on("error", () => undefined);
  const relay = await startMortalRelay(file, database.url, storageDir, `slot_${database.name}`);
  const clients: Client[] = [];
  try {
    for (let count = 0; count < devices; count++) clients.push(await openClient(relay, mutations));
    const total = devices * (mutations + 2);
    const random = fc.sample(fc.tuple(fc.integer({ min: 0, max: Math.floor(total * 0.9) }), fc.integer({ min: 1, max: batchMax })), { numRuns: Math.max(kills, 500), seed });
    const points = random.slice(0, kills).map(([point]) => point).toSorted((a, b) => a - b);
    let [answered, sent] = [0, 0];
    let reached: () => void = () => undefined;
    const progress = async (point: number): Promise<void> => {
      while (answered < point) await new Promise<void>((resolve) => (reached = resolve));
    };
    let over = false;
    const sending = Promise.all(
      clients.map((client) =>
        sendAll(relay, client, () => random[sent++ % random.length]?.[1] ?? 1, (count) => {
          answered += count;
          reached();
        }),
      ),
    ).finally(() => (over = true));
    const moments = momentsOf(pool, relay, () => over);
    const killing = (async () => {
      for (const [index, point] of points.entries()) {
        await progress(point);
        await moments[index % moments.length]?.();
        await relay.killAndStart();
      }
    })();
    await Promise.all([sending, killing]);
    await expectEverything(pool, clients, mutations);
    return Math.max(...clients.map(({ resumedMsMax }) => resumedMsMax));
  } finally {
    for (const { replica } of clients) replica.stop();
    await (await relay.listening()).kill();
    await pool.end();
    await database.drop();
  }
}

async function expectEverything(pool: pg.Pool, clients: readonly Client[], mutations: number): Promise<void> {
  for (const { device, all, replica } of clients) {
    const { rows } = await pool.query(
      `select (select count(*)::int from transaction where workspace_id = $1) as rows, (select sum(amount_minor)::int from transaction where workspace_id = $1) as sum,
              (select status from import where workspace_id = $1) as status, (select count(*)::int from rejection where workspace_id = $1) as rejections,
              (select count(*)::int from relay.applied_mutation where client_id = $2) as ledger, (select last_seq::int from client where id = $2) as last_seq`,
      [device.person.workspaceId, device.clientId],
    );
    const expected = { rows: mutations, sum: (mutations * (mutations + 1)) / 2, status: "complete", rejections: 0, ledger: all.length, last_seq: all.length };
    if (JSON.stringify(rows[0]) !== JSON.stringify(expected)) throw new Error(`${JSON.stringify(rows[0])}, not ${JSON.stringify(expected)}`);
    await replica.until(() => replica.rows.size === mutations && replica.stream.isUpToDate);
    const read = [...replica.rows.values()].reduce((sum, row) => sum + Number(row["amount_minor"]), 0);
    if (read !== expected.sum || replica.faults.length > 0) throw new Error(`read back ${read}: ${replica.faults.join(", ")}`);
  }
}
