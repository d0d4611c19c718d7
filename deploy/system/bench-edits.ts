import { createHash } from "node:crypto";
import { someInstant } from "@saldo/client-core/sync/testing";
import { encodeUpload, systemIds, tokenAnswer, uploadAnswer, type UploadMutation } from "@saldo/schema";
import pg from "pg";

const devices = 50;
const uploadsOfDevice = 40;
/** What a person did in a while without a network, each to another row. */
const editsOfUpload = 20;
const bareCommits = 200;

/** Small edits of {@link devices} devices of a company, sent at once, each device in order. Returns how many were accepted and how long that took. */
export async function sendEdits(serverUrl: string, bearer: string): Promise<{ readonly rows: number; readonly ms: number }> {
  const answer = await fetch(`${serverUrl}/v1/token`, { method: "POST", headers: { authorization: `Bearer ${bearer}` } });
  const { token, workspaces } = tokenAnswer.parse(await answer.json());
  const workspaceId = workspaces[0]?.id ?? "";
  const headers = { authorization: `Bearer ${token}` };
  const ids = systemIds();
  const clients = await Promise.all(
    Array.from({ length: devices }, async () => {
      const clientId = ids.next();
      const registered = await fetch(`${serverUrl}/v1/clients/${clientId}`, { method: "PUT", body: JSON.stringify({ workspaceId }), headers });
      if (!registered.ok) throw new Error(`registering: ${registered.status}`);
      return { clientId, accountIds: Array.from({ length: editsOfUpload }, () => ids.next()) };
    }),
  );
  const send = async (body: Uint8Array<ArrayBuffer>, mutations: number) => {
    const response = await fetch(`${serverUrl}/v1/mutations`, { method: "POST", body, headers });
    const { verdicts } = uploadAnswer.parse(await response.json());
    if (verdicts.some(({ outcome }) => outcome !== "applied") || verdicts.length !== mutations) throw new Error("an edit was refused");
  };
  // Devices freeze what they send when a person edits, each on its own machine: that is done before the clock starts.
  const frozenUploads: Uint8Array<ArrayBuffer>[][] = [];
  for (const { clientId, accountIds } of clients) {
    const upload = (mutations: readonly UploadMutation[]) => encodeUpload({ clientId, workspaceId, mutations });
    const create = (id: string, index: number) => frozen(1 + index, "account.create", { id, name: id, currency: "EUR", number: null, createdAt: someInstant });
    await send(upload(accountIds.map(create)), editsOfUpload);
    const edit = (nth: number) => (accountId: string, index: number) => frozen(1 + (1 + nth) * editsOfUpload + index, "account.rename", { accountId, name: `${accountId} ${nth}` });
    frozenUploads.push(Array.from({ length: uploadsOfDevice }, (_, nth) => upload(accountIds.map(edit(nth)))));
  }
  const from = performance.now();
  await Promise.all(
    frozenUploads.map(async (uploads) => {
      for (const upload of uploads) await send(upload, editsOfUpload);
    }),
  );
  return { ms: performance.now() - from, rows: devices * uploadsOfDevice * editsOfUpload };
}

function frozen(seq: number, name: string, args: object): UploadMutation {
  const body = new TextEncoder().encode(JSON.stringify(args));
  return { seq, name, version: 1, encoding: "json", sha256: createHash("sha256").update(body).digest("hex"), body };
}

/** What the same Postgres commits a second as bare transactions of one row, from as many connections as there are devices. */
export async function bareCommitsPerSecond(databaseUrl: string): Promise<number> {
  const connections = await Promise.all(
    Array.from({ length: devices }, async () => {
      const connection = new pg.Client({ connectionString: databaseUrl });
      await connection.connect();
      return connection;
    }),
  );
  await connections[0]?.query("create table bench_bare (id text primary key, name text not null)");
  const from = performance.now();
  await Promise.all(
    connections.map(async (connection, device) => {
      for (let commit = 0; commit < bareCommits; commit++) await connection.query("insert into bench_bare values ($1, $2)", [`${device}-${commit}`, `name ${commit}`]);
    }),
  );
  const ms = performance.now() - from;
  await connections[0]?.query("drop table bench_bare");
  for (const connection of connections) await connection.end();
  return (devices * bareCommits * 1_000) / ms;
}
