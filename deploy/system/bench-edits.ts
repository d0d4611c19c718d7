import { createHash } from "node:crypto";
import { someInstant } from "@saldo/client-core/sync/testing";
import { encodeUpload, systemIds, tokenAnswer, uploadAnswer, type UploadMutation } from "@saldo/schema";

/** Devices that send at once. */
export const editingDevices = 50;
const uploadsOfDevice = 40;
/** What a person did in a while without a network, each to another row. */
const editsOfUpload = 20;

/** Small edits of {@link editingDevices} devices of a company, sent at once, each device in order. Returns how many were accepted and how long that took. */
export async function sendEdits(serverUrl: string, bearer: string): Promise<{ readonly rows: number; readonly ms: number }> {
  const answer = await fetch(`${serverUrl}/v1/token`, { method: "POST", headers: { authorization: `Bearer ${bearer}` } });
  const { token, workspaces } = tokenAnswer.parse(await answer.json());
  const workspaceId = workspaces[0]?.id ?? "";
  const headers = { authorization: `Bearer ${token}` };
  const ids = systemIds();
  const clients = await Promise.all(
    Array.from({ length: editingDevices }, async () => {
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
  return { ms: performance.now() - from, rows: editingDevices * uploadsOfDevice * editsOfUpload };
}

function frozen(seq: number, name: string, args: object): UploadMutation {
  const body = new TextEncoder().encode(JSON.stringify(args));
  return { seq, name, version: 1, encoding: "json", sha256: createHash("sha256").update(body).digest("hex"), body };
}
