import { clientAnswer, encodeUpload, minor, uploadAnswer, type UploadMutation } from "@saldo/schema";
import type pg from "pg";
import type { PlantedBug } from "../../../../deploy/testing/planted-bug.ts";
import { frozen, newId, putClient, registerDevice, sendBytes, signUpPerson, someInstant, type Device } from "../../testing/person.ts";
import type { RelayProcess } from "../../testing/relay-process.ts";

/** A relay whose `account.setBalance` adds instead: what is applied twice shows. No mutation of the product adds. */
export const balancesAdd: PlantedBug = {
  file: "schema/src/mutations/accounts.ts",
  line: 'await rows.patch("account", accountId, { balanceMinor, balanceAsOf: balanceMinor === null ? null : asOf });',
  becomes: 'const held = await rows.get("account", accountId); await rows.patch("account", accountId, { balanceMinor: (held?.balanceMinor ?? 0) + (balanceMinor ?? 0) });',
};

/** What a run of faulty uploads works with. */
export interface FaultyUploads {
  readonly pool: pg.Pool;
  relay(): RelayProcess;
  /** Kills the relay and starts it again at once. */
  crash(): Promise<void>;
}

const mutationsMax = 40;
const batchMax = 5;
const accountId = "account";

/** How one batch fares on its way. */
const fates = ["whole", "whole", "twice at once", "answer lost", "cut", "damaged", "ahead of its turn", "another body", "crash"] as const;

/**
 * Sends forty changes of one device over a network and a relay that fail, as devices do: in order, again until answered. Every change
 * must be applied once, in its order, or refused with nothing of it left. Throws what it finds wrong.
 */
export async function runFaultyUploads({ pool, relay, crash }: FaultyUploads, random: (below: number) => number): Promise<void> {
  let device = await registerDevice(relay().url, await signUpPerson(relay().url));
  const { all, total, lines } = changesOf(device.person.workspaceId, random);
  let last = 0;
  while (last < all.length) {
    const batch = all.slice(last, last + 1 + random(batchMax));
    const fate = fates[random(fates.length)] ?? "whole";
    await suffer(device, batch, fate, last);
    if (fate === "crash") {
      const sending = send(device, batch).then((answer) => answer.body?.cancel(), () => undefined);
      await pool.query("select pg_sleep($1)", [random(80) / 1_000]);
      await crash();
      await sending;
      device = { ...device, url: relay().url };
    }
    const known = clientAnswer.parse(await (await putClient(device.url, device.person.token, device.clientId, device.person.workspaceId)).json()).lastSeq;
    if (known !== last && known !== last + batch.length && fate !== "ahead of its turn") throw new Error(`${fate}: the server has ${known} changes after ${last}`);
    const answer = await send(device, batch);
    if (!answer.ok) throw new Error(`${fate}: the batch after ${last} is answered with ${answer.status} ${await answer.text()}`);
    last = uploadAnswer.parse(await answer.json()).lastSeq;
  }
  await demandApplied(pool, device, { count: all.length, total, lines });
}

/** What happens to a batch before it is sent as it should be. */
async function suffer(device: Device, batch: readonly UploadMutation[], fate: (typeof fates)[number], last: number): Promise<void> {
  const [first] = batch;
  if (fate === "twice at once") await Promise.all([send(device, batch), send(device, batch)].map(async (sending) => (await sending).text()));
  else if (fate === "answer lost") await (await send(device, batch)).body?.cancel();
  else if (fate === "cut") await expectStatus(400, await sendBytes(device, bytesOf(device, batch).slice(0, -1)), fate);
  else if (fate === "damaged") {
    const bytes = bytesOf(device, batch);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await expectStatus(400, await sendBytes(device, bytes), fate);
  } else if (fate === "ahead of its turn" && batch.length > 1) await expectStatus(409, await send(device, batch.slice(1)), fate);
  else if (fate === "another body" && first !== undefined && last > 0) {
    const other = frozen(last, "account.setBalance", { accountId, balanceMinor: minor(1_000_000), asOf: null });
    await expectStatus(422, await send(device, [other, first]), fate);
  }
}

/** Additions to one balance, rows of an import, and batches of rows that are refused half way because one is there already. */
function changesOf(workspaceId: string, random: (below: number) => number) {
  const importId = newId();
  const file = { fileName: "bank.csv", fileSha256: "0".repeat(64), fileBytes: 1, format: "csv", understanding: {} };
  const rowsOf = (ids: readonly string[]) => ids.map((id, line) => [id, line, "2026-01-31", -100, 0, -1, "Аренда", null] satisfies [string, number, string, number, number, number, string, null]);
  const addRows = (seq: number, ids: readonly string[]) =>
    frozen(seq, "import.addRows", { importId, currencies: ["RUB"], accounts: [accountIn(workspaceId)], categories: [], rowCurrencies: [], rows: rowsOf(ids), createdAt: someInstant });
  const all = [frozen(1, "import.begin", { importId, ...file, accounts: [{ id: accountIn(workspaceId), name: "Счёт", currency: "RUB", number: null }], categories: [], createdAt: someInstant })];
  let total = 0;
  const lines: string[] = [];
  for (let seq = 2; seq <= mutationsMax; seq++) {
    const choice = random(4);
    if (choice < 2) {
      const add = 1 + random(1_000);
      total += add;
      all.push(frozen(seq, "account.setBalance", { accountId: accountIn(workspaceId), balanceMinor: minor(add), asOf: null }));
    } else if (choice === 2 || lines.length === 0) {
      const id = newId();
      lines.push(id);
      all.push(addRows(seq, [id]));
    } else all.push(addRows(seq, [newId(), lines[random(lines.length)] ?? "", newId()]));
  }
  return { all, total, lines };
}

const accountIn = (workspaceId: string): string => `${accountId}-${workspaceId}`;

function bytesOf(device: Device, mutations: readonly UploadMutation[]): Uint8Array<ArrayBuffer> {
  return encodeUpload({ clientId: device.clientId, workspaceId: device.person.workspaceId, mutations });
}

function send(device: Device, mutations: readonly UploadMutation[]): Promise<Response> {
  return sendBytes(device, bytesOf(device, mutations));
}

async function expectStatus(status: number, answer: Response, fate: string): Promise<void> {
  const text = await answer.text();
  if (answer.status !== status) throw new Error(`${fate}: answered with ${answer.status} ${text}`);
}

async function demandApplied(pool: pg.Pool, device: Device, expected: { readonly count: number; readonly total: number; readonly lines: readonly string[] }): Promise<void> {
  const { workspaceId } = device.person;
  const { rows } = await pool.query<{ seqs: number; last: number; client: number; balance: number; opened: number | null }>(
    `select count(*)::int as seqs, max(seq)::int as last, (select last_seq::int from client where id = $1) as client,
       (select balance_minor::int from account where id = $2) as balance from relay.applied_mutation where client_id = $1`,
    [device.clientId, accountIn(workspaceId)],
  );
  const found = await pool.query<{ id: string }>('select id from "transaction" where workspace_id = $1', [workspaceId]);
  const is = JSON.stringify([rows[0]?.seqs, rows[0]?.last, rows[0]?.client, rows[0]?.balance, found.rows.map(({ id }) => id).toSorted()]);
  const should = JSON.stringify([expected.count, expected.count, expected.count, expected.total, expected.lines.toSorted()]);
  if (is !== should) throw new Error(`on the server: ${is}, expected ${should}`);
}
