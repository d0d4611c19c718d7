import { isChangeMessage, ShapeStream } from "@electric-sql/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backends, startRelayWith } from "../testing/backends.ts";
import { authorised, newId, registerDevice, signUpPerson, someInstant, type Device } from "../testing/person.ts";
import type { TestRelay } from "../testing/relay.ts";

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

let relay: TestRelay;

const freshDevice = async () => registerDevice(relay.url, await signUpPerson(relay.url));
const addressOf = (device: Device, query: string) => `${relay.url}/v1/shapes/category?scope=${device.person.workspaceId}&${query}`;
const ask = (device: Device, query: string, init: Asked = {}) => fetch(addressOf(device, query), { ...init, headers: { ...authorised(device.person.token), ...init.headers } });

function addCategory(device: Device, name: string): Promise<unknown> {
  const values = [newId(), device.person.workspaceId, name, someInstant];
  return relay.sql("insert into category (id, workspace_id, name, kind, slot, archived, created_at) values ($1, $2, $3, 'income', 1, false, $4)", values);
}

/** Where a device stands once it has all there is. */
async function caughtUp(device: Device): Promise<string> {
  let query = "offset=-1";
  for (;;) {
    const answer = await ask(device, query);
    await answer.text();
    expect(answer.status).toBe(200);
    query = `handle=${answer.headers.get("electric-handle")}&offset=${answer.headers.get("electric-offset")}`;
    if (answer.headers.has("electric-up-to-date")) return query;
  }
}

/** An open event stream, as text. */
async function openStream(device: Device) {
  const left = new AbortController();
  const answer = await ask(device, `${await caughtUp(device)}&live=true&live_sse=true`, { headers: { accept: "text/event-stream" }, signal: left.signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const next = async () => {
    const piece = await reader?.read();
    text += piece?.value ?? "";
    return piece?.done !== false;
  };
  return {
    answer,
    left,
    text: () => text,
    async until(part: string): Promise<void> {
      while (!text.includes(part)) if (await next()) throw new Error(`the stream ended without ${part}`);
    },
    /** Resolves when the server ends it. */
    async ended(): Promise<void> {
      while (!(await next()));
    },
  };
}

describe.each(backends)("a live request, %s", (backend) => {
  beforeAll(async () => {
    relay = await startRelayWith(backend);
    const probe = await freshDevice();
    while ((await ask(probe, "offset=-1")).status === 503);
  });
  afterAll(() => relay.dispose());

  it("streams events as they are committed", async () => {
    const device = await freshDevice();
    const stream = await openStream(device);
    expect(stream.answer.headers.get("content-type")).toContain("text/event-stream");
    expect(stream.answer.headers.get("cache-control")).toBe("private, no-store");
    expect(stream.answer.headers.get("x-accel-buffering")).toBe("no");
    expect(stream.answer.headers.get("electric-cursor")).not.toBeNull();
    for (const name of ["one", "two"]) {
      await addCategory(device, name);
      await stream.until(`"name":"${name}"`);
    }
    stream.left.abort();
  });

  it("streams to the npm client", async () => {
    const device = await freshDevice();
    const left = new AbortController();
    const stream = new ShapeStream({ url: `${relay.url}/v1/shapes/category`, params: { scope: device.person.workspaceId }, headers: authorised(device.person.token), liveSse: true, signal: left.signal });
    let hasCaughtUp: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (hasCaughtUp = resolve));
    const seen = new Promise<void>((resolve) => {
      stream.subscribe((messages) => {
        if (stream.isUpToDate) hasCaughtUp();
        if (messages.some((message) => isChangeMessage(message) && message.value["name"] === "streamed")) resolve();
      });
    });
    await ready;
    await addCategory(device, "streamed");
    await seen;
    left.abort();
  });

  it("loses its event stream when its owner loses the right, and sees nothing of what comes then", async () => {
    const device = await freshDevice();
    const stream = await openStream(device);
    await addCategory(device, "before");
    await stream.until('"name":"before"');
    await relay.sql("delete from member where user_id = $1", [device.person.userId]);
    // The right was looked at a moment ago: what was believed then is forgotten first.
    relay.clock.offsetMs += 2_001;
    await addCategory(device, "after");
    await stream.ended();
    expect(stream.text()).not.toContain("after");
    relay.clock.offsetMs = 0;
  });

  it("loses its event stream when its token runs out", async () => {
    const device = await freshDevice();
    const stream = await openStream(device);
    relay.clock.offsetMs += 5 * 60_000 + 1;
    await stream.ended();
    relay.clock.offsetMs = 0;
  });

  it("is answered 404 while it waits when its owner loses the right, 401 when its token runs out", async () => {
    const [leaver, sleeper] = [await freshDevice(), await freshDevice()];
    const leaving = ask(leaver, `${await caughtUp(leaver)}&live=true`);
    await relay.sql("delete from member where user_id = $1", [leaver.person.userId]);
    expect((await leaving).status).toBe(404);
    const sleeping = ask(sleeper, `${await caughtUp(sleeper)}&live=true`);
    await addCategory(leaver, "of somebody else");
    relay.clock.offsetMs += 5 * 60_000 + 1;
    // Whether it had begun to wait when the clock moved or not, it is refused the same.
    expect((await sleeping).status).toBe(401);
    relay.clock.offsetMs = 0;
  });

  it("that only asks for the head is answered without a body", async () => {
    const device = await freshDevice();
    const answer = await ask(device, "offset=-1", { method: "HEAD" });
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
    expect(answer.headers.get("electric-handle")).not.toBeNull();
  });
});
