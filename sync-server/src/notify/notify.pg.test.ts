import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authorised, frozen, newId, registerDevice, signUpPerson, someInstant, upload, type Device } from "../testing/person.ts";
import { backends, startRelayWith } from "../testing/backends.ts";
import type { TestRelay } from "../testing/relay.ts";
import { readNotify } from "../testing/sse.ts";

let relay: TestRelay;

const freshDevice = async () => registerDevice(relay.url, await signUpPerson(relay.url));

function openNotify(device: Device, query = "", token = device.person.token): Promise<Response> {
  return fetch(`${relay.url}/v1/notify?workspace=${device.person.workspaceId}&client=${device.clientId}${query}`, { headers: authorised(token) });
}

async function readAll(device: Device, names: readonly string[]): Promise<void> {
  const scopes: Record<string, string> = { client: device.clientId };
  for (const name of names) {
    const scope = scopes[name] ?? device.person.workspaceId;
    const answer = await fetch(`${relay.url}/v1/shapes/${name}?scope=${scope}&offset=-1`, { headers: authorised(device.person.token) });
    await answer.text();
  }
}

const category = (seq: number) => frozen(seq, "category.create", { id: newId(), name: `c${seq}`, kind: "income", createdAt: someInstant });

describe.each(backends)("the notify stream, %s", (backend) => {
  beforeAll(async () => {
    relay = await startRelayWith(backend);
    const probe = await freshDevice();
    while ((await openNotify(probe)).status === 503);
  });
  afterAll(() => relay.dispose());

  it("first tells to check, then names exactly the shapes of this device a commit changed", async () => {
    const device = await freshDevice();
    const other = await freshDevice();
    await readAll(device, ["category", "client", "account"]);
    await readAll(other, ["category", "client"]);
    const reader = readNotify(await openNotify(device));
    const first = await reader.next();
    expect(first).toMatchObject({ event: "check" });
    await upload(other, [category(1)]);
    await upload(device, [category(1)]);
    const advance = await reader.next();
    expect(advance).toMatchObject({ event: "advance", prev: first?.lsn });
    expect(advance?.event === "advance" ? advance.shapes.toSorted() : []).toEqual(["category", "client"]);
    expect(BigInt(advance?.lsn ?? 0)).toBeGreaterThan(BigInt(first?.lsn ?? 0));
    await reader.close();
  });

  it("told the last LSN, continues with what was missed", async () => {
    const device = await freshDevice();
    await readAll(device, ["category", "client", "account"]);
    const first = readNotify(await openNotify(device));
    const check = await first.next();
    await first.close();
    await upload(device, [category(1)]);
    // The commit reaches the shape logs in its own time: the client's row says when.
    let missed = await resume(device, check?.lsn ?? "");
    while (missed?.event === "advance" && missed.shapes.length === 0) missed = await resume(device, check?.lsn ?? "");
    expect(missed).toMatchObject({ event: "advance", prev: check?.lsn });
    expect(missed?.event === "advance" ? missed.shapes.toSorted() : []).toEqual(["category", "client"]);
  });

  it.each(["1", String(2n ** 64n - 1n)])("told an LSN it does not know (%s), says check", async (last) => {
    expect(await resume(await freshDevice(), last)).toMatchObject({ event: "check" });
  });

  it.each(["-1", "x", String(2n ** 64n), "1e5"])("refuses %s as an LSN", async (last) => {
    expect((await openNotify(await freshDevice(), `&last=${last}`)).status).toBe(400);
  });

  it("of a foreign, missing or mismatched device is the same 404", async () => {
    const [mine, theirs] = [await freshDevice(), await freshDevice()];
    const asked: Device[] = [
      { ...mine, clientId: theirs.clientId },
      { ...mine, clientId: newId() },
      { ...mine, person: { ...mine.person, workspaceId: theirs.person.workspaceId } },
      { ...mine, person: { ...mine.person, workspaceId: newId() } },
      { ...theirs, person: { ...theirs.person, token: mine.person.token } },
    ];
    const answers = await Promise.all(asked.map(async (device) => (await openNotify(device)).text()));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain("relay.client_unknown");
  });

  it("moves to a device's newer connection", async () => {
    const device = await freshDevice();
    const old = readNotify(await openNotify(device));
    await old.next();
    const fresh = readNotify(await openNotify(device));
    expect(await old.next()).toBeNull();
    expect(await fresh.next()).toMatchObject({ event: "check" });
    await fresh.close();
  });

  it("ends when membership ends", async () => {
    const device = await freshDevice();
    const memberShape = await fetch(`${relay.url}/v1/shapes/member?scope=${device.person.userId}&offset=-1`, { headers: authorised(device.person.token) });
    await memberShape.text();
    const reader = readNotify(await openNotify(device));
    await reader.next();
    await relay.sql("delete from member where user_id = $1", [device.person.userId]);
    let event = await reader.next();
    while (event !== null) event = await reader.next();
    expect(event).toBeNull();
  });

  it("ends when the token expires", async () => {
    const device = await freshDevice();
    const reader = readNotify(await openNotify(device));
    await reader.next();
    relay.clock.offsetMs += 5 * 60_000 + 1;
    let event = await reader.next();
    while (event !== null) event = await reader.next();
    expect(event).toBeNull();
    relay.clock.offsetMs = 0;
  });

  async function resume(device: Device, last: string) {
    const reader = readNotify(await openNotify(device, `&last=${last}`));
    const event = await reader.next();
    await reader.close();
    return event;
  }
});
