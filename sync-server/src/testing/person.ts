import { createHash, randomUUID } from "node:crypto";
import { deflateSync } from "node:zlib";
import { encodeUpload, systemIds, tokenAnswer, type MutationArgs, type MutationName, type UploadMutation } from "@saldo/schema";
import { z } from "zod";

/** A person with a session, a sync token and a first workspace. */
export interface Person {
  readonly email: string;
  readonly password: string;
  readonly userId: string;
  readonly sessionToken: string;
  readonly token: string;
  readonly workspaceId: string;
}

/** A person's device: its client id, and the address of the relay. */
export interface Device {
  readonly url: string;
  readonly person: Person;
  readonly clientId: string;
}

const session = z.object({ sessionToken: z.string(), user: z.object({ id: z.string() }) });
const ids = systemIds();
let people = 0;

/** A network address no other person of the run has: limits per address stay apart. */
export function freshAddress(): string {
  people++;
  return `10.${(people >> 16) & 255}.${(people >> 8) & 255}.${people & 255}`;
}

/** Sends JSON. */
export function postJson(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", "saldo-session": "bearer", "x-forwarded-for": freshAddress(), ...headers },
  });
}

/** Signs a new person up. */
export async function signUpPerson(url: string): Promise<Person> {
  const email = `${randomUUID()}@example.test`;
  const password = "correct horse battery";
  const signedUp = await postJson(`${url}/v1/sign-up`, { email, password, companyName: "Ромашка", currency: "RUB", locale: "ru" });
  if (!signedUp.ok) throw new Error(await signedUp.text());
  const { sessionToken, user } = session.parse(await signedUp.json());
  const { token, workspaceId } = await fetchToken(url, sessionToken);
  return { email, password, userId: user.id, sessionToken, token, workspaceId };
}

/** A fresh sync token of a session, with the first workspace it opens. */
export async function fetchToken(url: string, sessionToken: string): Promise<{ readonly token: string; readonly workspaceId: string }> {
  const answer = await fetch(`${url}/v1/token`, { method: "POST", headers: { authorization: `Bearer ${sessionToken}` } });
  const { token, workspaces } = tokenAnswer.parse(await answer.json());
  return { token, workspaceId: workspaces[0]?.id ?? "" };
}

/** Registers a new device of a person. */
export async function registerDevice(url: string, person: Person): Promise<Device> {
  const clientId = ids.next();
  const answer = await putClient(url, person.token, clientId, person.workspaceId);
  if (!answer.ok) throw new Error(await answer.text());
  return { url, person, clientId };
}

/** `PUT /v1/clients/:id`. */
export function putClient(url: string, token: string, clientId: string, workspaceId: string): Promise<Response> {
  return fetch(`${url}/v1/clients/${clientId}`, { method: "PUT", body: JSON.stringify({ workspaceId }), headers: authorised(token) });
}

/** One mutation as a device freezes it. */
export function frozen<Name extends MutationName>(seq: number, name: Name, args: MutationArgs<Name>): UploadMutation {
  return frozenText(seq, name, JSON.stringify(args));
}

/** One mutation with any body at all. */
export function frozenText(seq: number, name: string, text: string): UploadMutation {
  const body = deflateSync(text);
  return { seq, name, version: 1, encoding: "deflate", sha256: createHash("sha256").update(body).digest("hex"), body };
}

/** Sends an upload. */
export function upload(device: Device, mutations: readonly UploadMutation[], scope: { readonly workspaceId?: string; readonly clientId?: string } = {}): Promise<Response> {
  const bytes = encodeUpload({ clientId: scope.clientId ?? device.clientId, workspaceId: scope.workspaceId ?? device.person.workspaceId, mutations });
  return sendBytes(device, bytes);
}

/** Sends bytes to the upload endpoint. */
export function sendBytes(device: Device, bytes: Uint8Array<ArrayBuffer>): Promise<Response> {
  return fetch(`${device.url}/v1/mutations`, { method: "POST", body: bytes, headers: authorised(device.person.token) });
}

/** The header of a sync token. */
export function authorised(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** A new id. */
export function newId(): string {
  return ids.next();
}

/** An instant for mutations' arguments; its value means nothing. */
export const someInstant = "2026-01-02T03:04:05.678Z";
