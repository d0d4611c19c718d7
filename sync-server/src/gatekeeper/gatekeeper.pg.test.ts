import { scopeOfDevice, shapes, type ShapeDeclaration } from "@saldo/schema";
import { ShapeStream, type Message } from "@electric-sql/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authorised, frozen, newId, registerDevice, signUpPerson, someInstant, upload, type Device } from "../testing/person.ts";
import { backends, startRelayWith } from "../testing/backends.ts";
import type { TestRelay } from "../testing/relay.ts";

let relay: TestRelay;
let mine: Device;
let theirs: Device;

function readShape(device: Device, name: string, scope: string, query = "offset=-1"): Promise<Response> {
  return fetch(`${relay.url}/v1/shapes/${name}?scope=${scope}&${query}`, { headers: authorised(device.person.token) });
}

const scopeOf = ({ clientId, person: { userId, workspaceId } }: Device, kind: ShapeDeclaration["scopeKind"]) => scopeOfDevice(kind, { clientId, userId, workspaceId });
const told = async (answer: Response) => `${answer.status} ${await answer.text()}`;

describe.each(backends)("a registered shape, %s", (backend) => {
  beforeAll(async () => {
    relay = await startRelayWith(backend);
    mine = await registerDevice(relay.url, await signUpPerson(relay.url));
    theirs = await registerDevice(relay.url, await signUpPerson(relay.url));
    for (const device of [mine, theirs]) {
      const answer = await upload(device, [frozen(1, "category.create", { id: newId(), name: `of ${device.clientId}`, kind: "income", createdAt: someInstant })]);
      expect(answer.status).toBe(200);
      await answer.body?.cancel();
    }
    // The slot is attached in the background; until then shapes are 503 and clients come back.
    while ((await readShape(mine, "category", mine.person.workspaceId)).status === 503);
  });
  afterAll(() => relay.dispose());

  it.each(shapes.map((shape) => [shape.name, shape.scopeKind] as const))("%s opens for its own %s, and a foreign one is as unknown as a missing one", async (name, kind) => {
    const own = await readShape(mine, name, scopeOf(mine, kind));
    expect(own.status).toBe(200);
    expect(own.headers.get("cache-control")).toBe("private, no-store");
    expect(own.headers.get("vary")).toContain("authorization");
    expect(own.headers.get("electric-handle")).not.toBeNull();
    expect(await own.text()).not.toContain(theirs.clientId);
    const foreign = await readShape(mine, name, scopeOf(theirs, kind));
    const missing = await readShape(mine, name, newId());
    expect(await told(foreign)).toMatch(/^404 .*relay\.shape_unknown/);
    expect(await told(await readShape(mine, name, scopeOf(theirs, kind)))).toBe(await told(missing));
  });

  it.each(["\0", "x\0", "a".repeat(8_000), "юникод"])("and everything else is as unknown by an id that cannot be one (%#)", async (id) => {
    const { clientId, person } = mine;
    const ask = (path: string, init: RequestInit = {}) => fetch(relay.url + path, { ...init, headers: authorised(person.token) });
    const escaped = encodeURIComponent(id);
    const answers = [
      await ask(`/v1/shapes/category?scope=${escaped}&offset=-1`),
      await ask(`/v1/shapes/client?scope=${escaped}&offset=-1`),
      await ask(`/v1/notify?workspace=${escaped.slice(0, 60)}&client=${clientId}`),
      await ask(`/v1/notify?workspace=${person.workspaceId}&client=${escaped.slice(0, 60)}`),
      await ask(`/v1/clients/${newId()}`, { method: "PUT", body: JSON.stringify({ workspaceId: id.slice(0, 60) }) }),
      await upload({ ...mine, clientId: id.slice(0, 60) }, [frozen(1, "category.create", { id: newId(), name: "x", kind: "income", createdAt: someInstant })]),
      await upload({ ...mine, person: { ...person, workspaceId: id.slice(0, 60) } }, [frozen(1, "category.create", { id: newId(), name: "x", kind: "income", createdAt: someInstant })]),
    ];
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 404));
    for (const answer of answers) await answer.body?.cancel();
  });

  it("of refused changes is of one company alone, and of it only while its author is a member", async () => {
    const other = await registerDevice(relay.url, await signUpPerson(relay.url));
    const { userId, workspaceId: ownId } = other.person;
    const { workspaceId: sharedId } = mine.person;
    await relay.sql("insert into member (id, workspace_id, user_id, role, created_at) values ($1, $2, $3, 'accountant', $4)", [newId(), sharedId, userId, someInstant]);
    for (const workspaceId of [ownId, sharedId]) {
      await relay.sql(
        "insert into rejection (id, workspace_id, user_id, client_id, seq, mutation, code, payload, status, created_at) values ($1, $2, $3, $4, 1, 'category.rename', 'mutation.row_missing', '{}', 'open', $5)",
        [`in-${workspaceId}`, workspaceId, userId, other.clientId, someInstant],
      );
    }
    const read = async (scope: string) => {
      const answer = await readShape(other, "rejection", scope);
      const text = await answer.text();
      return [answer.status, ...[ownId, sharedId].filter((id) => text.includes(`in-${id}`))];
    };
    expect(await read(`${userId}.${ownId}`)).toEqual([200, ownId]);
    expect(await read(`${userId}.${sharedId}`)).toEqual([200, sharedId]);
    for (const scope of [userId, `${userId}.`, `${userId}.${theirs.person.workspaceId}`, `${mine.person.userId}.${sharedId}`, `${userId}.${ownId}.${sharedId}`]) expect(await read(scope)).toEqual([404]);
    await relay.sql("delete from member where user_id = $1 and workspace_id = $2", [userId, sharedId]);
    relay.clock.offsetMs += 2_001;
    expect(await read(`${userId}.${sharedId}`)).toEqual([404]);
    relay.clock.offsetMs = 0;
  });

  it("cannot be widened from the wire", async () => {
    const tricks = ["table=auth.user", "where=true", "where=1%3D1", "columns=id", "params[1]=x", "replica=full", "secret=x"];
    const plain = await (await readShape(mine, "category", mine.person.workspaceId)).json();
    for (const trick of tricks) {
      const answer = await readShape(mine, "category", mine.person.workspaceId, `offset=-1&${trick}`);
      expect([answer.status, await answer.json()]).toEqual([200, plain]);
    }
    expect((await readShape(mine, "category", mine.person.workspaceId, "offset=-1&subset__where=true")).status).toBe(400);
    expect((await readShape(mine, "user", mine.person.userId)).status).toBe(404);
    expect((await readShape(mine, "applied_mutation", mine.person.workspaceId)).status).toBe(404);
    const twice = await readShape(mine, "category", theirs.person.workspaceId, `offset=-1&scope=${mine.person.workspaceId}`);
    expect(await twice.text()).not.toContain(mine.clientId);
  });

  it("of a foreign handle is fetched anew instead of served", async () => {
    const handle = (await readShape(theirs, "category", theirs.person.workspaceId)).headers.get("electric-handle") ?? "";
    const answer = await readShape(mine, "category", mine.person.workspaceId, `offset=0_0&handle=${handle}`);
    expect(answer.status).toBe(409);
    expect(await answer.text()).not.toContain(theirs.clientId);
  });

  it("reaches the npm client, snapshot and change", async () => {
    const abort = new AbortController();
    const stream = new ShapeStream({
      url: `${relay.url}/v1/shapes/category`,
      params: { scope: mine.person.workspaceId },
      headers: authorised(mine.person.token),
      signal: abort.signal,
    });
    const added = newId();
    const seen: Message[] = [];
    const both = new Promise<void>((resolve) => {
      stream.subscribe((messages) => {
        seen.push(...messages);
        if (seen.some((message) => "value" in message && message.value["id"] === added)) resolve();
      });
    });
    await upload(mine, [frozen(2, "category.create", { id: added, name: "Налоги", kind: "expense", createdAt: someInstant })]);
    await both;
    abort.abort();
    const names = seen.flatMap((message) => ("value" in message ? [message.value["name"]] : []));
    expect(new Set(names)).toEqual(new Set([`of ${mine.clientId}`, "Налоги"]));
    expect(names).toHaveLength(2);
  });

  it("is closed to someone who left, also while waiting", async () => {
    const leaver = await registerDevice(relay.url, await signUpPerson(relay.url));
    const scope = leaver.person.workspaceId;
    const first = await readShape(leaver, "category", scope);
    await first.text();
    const handle = first.headers.get("electric-handle") ?? "";
    const caught = await readShape(leaver, "category", scope, `offset=${first.headers.get("electric-offset")}&handle=${handle}`);
    await caught.text();
    const waiting = readShape(leaver, "category", scope, `offset=${caught.headers.get("electric-offset")}&handle=${handle}&live=true`);
    await relay.sql("delete from member where user_id = $1", [leaver.person.userId]);
    await relay.sql("insert into category (id, workspace_id, name, kind, slot, archived, created_at) values ('late', $1, 'late', 'income', 1, false, $2)", [scope, someInstant]);
    expect(await told(await waiting)).toMatch(/^404 .*relay\.shape_unknown/);
    relay.clock.offsetMs += 2_001;
    expect((await readShape(leaver, "category", scope)).status).toBe(404);
    relay.clock.offsetMs = 0;
  });
});
