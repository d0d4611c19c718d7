import { SaldoError } from "@saldo/schema";
import { MessageChannel } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createBridgeClient, type BridgeClient } from "./client.ts";
import { defineMethods, long, read, watch, write } from "./methods.ts";
import type { BridgePort, PortListener } from "./port.ts";
import { broadcastPort } from "./ports/broadcast-channel.ts";
import { inProcessPorts } from "./ports/in-process.ts";
import { messagePort } from "./ports/message-port.ts";
import { createBridgeServer, openRequestsMax, type BridgeServer, type Handlers } from "./server.ts";

const methods = defineMethods({
  add: read(z.object({ a: z.int(), b: z.int() }), z.int()),
  size: write(z.object({ bytes: z.instanceof(Uint8Array) }), z.int()),
  lie: read(z.object({}), z.object({ date: z.iso.date() })),
  refuse: write(z.object({}), z.null()),
  crash: write(z.object({}), z.null()),
  hang: write(z.object({}), z.null()),
  count: long(z.object({ to: z.int() }), z.null(), z.int()),
  clock: watch(z.object({}), z.int()),
});
type Methods = typeof methods;

/** A live number whose handler is in the test's hands. */
function liveNumber() {
  const sinks = new Set<(value: number) => void>();
  return {
    sinks,
    set: (value: number): void => sinks.forEach((sink) => sink(value)),
  };
}

function handlersFor(clock: ReturnType<typeof liveNumber>): Handlers<Methods> {
  return {
    add: async ({ a, b }) => a + b,
    size: async ({ bytes }) => bytes.byteLength,
    lie: async () => ({ date: "yesterday" }),
    refuse: () => Promise.reject(new SaldoError("auth.required", { where: "here" })),
    crash: () => Promise.reject(new Error("row 5 of Ivanov")),
    hang: (_params, { signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    async count({ to }, { progress }) {
      for (let step = 1; step <= to; step += 1) progress(step);
      return null;
    },
    async clock(_params, { next }) {
      next(0);
      clock.sinks.add(next);
      return () => clock.sinks.delete(next);
    },
  };
}

const transports: Record<string, () => readonly [BridgePort, BridgePort]> = {
  "in process": inProcessPorts,
  "message port": () => {
    const { port1, port2 } = new MessageChannel();
    return [messagePort(domLike(port1)), messagePort(domLike(port2))];
  },
  "broadcast channel": () => {
    const name = `bridge-${channelNumber++}`;
    return [broadcastPort(new BroadcastChannel(name), "screen"), broadcastPort(new BroadcastChannel(name), "core")];
  },
};
let channelNumber = 0;

/** Node types its ports' events without `data`; the events themselves are the DOM's. */
function domLike(port: import("node:worker_threads").MessagePort) {
  const wrapped = new Map<unknown, (value: unknown) => void>();
  return {
    postMessage: (message: unknown) => port.postMessage(message),
    addEventListener(_type: "message", listener: (event: { readonly data: unknown }) => void) {
      const onMessage = (data: unknown): void => listener({ data });
      wrapped.set(listener, onMessage);
      port.on("message", onMessage);
    },
    removeEventListener(_type: "message", listener: (event: { readonly data: unknown }) => void) {
      const onMessage = wrapped.get(listener);
      if (onMessage !== undefined) port.off("message", onMessage);
    },
    close: () => port.close(),
  };
}

describe.each(Object.entries(transports))("bridge over %s", (_name, open) => {
  const cleanups: Array<() => void> = [];
  afterEach(() => {
    for (const cleanup of cleanups.splice(0)) cleanup();
  });

  function joined(): { client: BridgeClient<Methods>; server: BridgeServer; clock: ReturnType<typeof liveNumber> } {
    const [near, far] = open();
    const clock = liveNumber();
    const server = createBridgeServer(methods, handlersFor(clock), far);
    const client = createBridgeClient(methods, near);
    cleanups.push(() => client.close(), () => server.close());
    return { client, server, clock };
  }

  test("a question gets its own answer, many at once", async () => {
    const { client } = joined();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => client.call("add", { a: index, b: 1 })));
    expect(answers).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });

  test("bytes cross unchanged", async () => {
    const { client } = joined();
    expect(await client.call("size", { bytes: new Uint8Array(100_000) })).toBe(100_000);
  });

  test("parameters that break the contract are refused by the core", async () => {
    const { client } = joined();
    await expect(client.call("add", { a: 1.5, b: 1 })).rejects.toMatchObject({ code: "bridge.invalid_message", detail: { fields: "a" } });
  });

  test("an answer that breaks the contract never reaches the screen", async () => {
    const { client } = joined();
    await expect(client.call("lie", {})).rejects.toMatchObject({ code: "bridge.internal" });
  });

  test("a catalogued error keeps its code and detail; any other loses its text", async () => {
    const { client } = joined();
    await expect(client.call("refuse", {})).rejects.toMatchObject({ code: "auth.required", detail: { where: "here" } });
    const thrown = await client.call("crash", {}).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: "bridge.internal", detail: {} });
    expect(String(thrown)).not.toContain("Ivanov");
  });

  test("progress arrives in order and before the answer", async () => {
    const { client } = joined();
    const steps: number[] = [];
    await client.call("count", { to: 5 }, { onProgress: (step) => steps.push(step) });
    expect(steps).toEqual([1, 2, 3, 4, 5]);
  });

  test("a cancelled call ends in the core too", async () => {
    const { client } = joined();
    const abort = new AbortController();
    const call = client.call("hang", {}, { signal: abort.signal });
    abort.abort();
    await expect(call).rejects.toMatchObject({ code: "bridge.cancelled" });
  });

  test("a live value comes at once, then after every change, and stops", async () => {
    const { client, clock } = joined();
    const seen: number[] = [];
    const heard = signalAt(seen);
    const stop = client.watch("clock", {}, { next: heard.push, failed: heard.fail });
    await heard.until(0);
    clock.set(1);
    await heard.until(1);
    stop();
    await client.call("add", { a: 0, b: 0 });
    expect(clock.sinks.size).toBe(0);
    expect(seen).toEqual([0, 1]);
  });

  test("a slow screen gets the newest value, not every value", async () => {
    const { client, clock } = joined();
    const seen: number[] = [];
    const heard = signalAt(seen);
    client.watch("clock", {}, { next: heard.push, failed: heard.fail });
    await heard.until(0);
    for (let value = 1; value <= 100; value += 1) clock.set(value);
    await heard.until(100);
    expect(seen.length).toBeLessThan(10);
  });

  test("a screen may not ask without end", async () => {
    const { client } = joined();
    const calls = Array.from({ length: openRequestsMax + 1 }, () => client.call("hang", {}).catch((error: unknown) => error));
    expect(await calls.at(-1)).toMatchObject({ code: "bridge.busy" });
    client.close();
    expect(await calls[0]).toMatchObject({ code: "bridge.disconnected" });
  });
});

test("when the core moves, live values and reads go on and changes are told to look again", async () => {
  let listener: PortListener | undefined;
  let far = inProcessPorts();
  const moving: BridgePort = {
    post: (message) => far[0].post(message),
    listen(toTell) {
      listener = toTell;
      far[0].listen(toTell);
    },
    close: () => far[0].close(),
  };
  const silent = { ...handlersFor(liveNumber()), add: () => new Promise<number>(() => {}) };
  createBridgeServer(methods, silent, far[1]);
  const client = createBridgeClient(methods, moving);
  const heard = signalAt([]);
  client.watch("clock", {}, { next: heard.push, failed: heard.fail });
  await heard.until(0);
  const sum = client.call("add", { a: 2, b: 2 });
  const change = client.call("hang", {}).catch((error: unknown) => error);

  far = inProcessPorts();
  const clock = liveNumber();
  createBridgeServer(methods, handlersFor(clock), far[1]);
  if (listener !== undefined) far[0].listen(listener);
  listener?.reset?.();

  expect(await sum).toBe(4);
  expect(await change).toMatchObject({ code: "bridge.disconnected" });
  clock.set(7);
  await heard.until(7);
});

/** Collects values and waits for one of them. */
function signalAt(seen: number[]) {
  let wake: () => void = () => {};
  let failure: unknown;
  return {
    push: (value: number): void => {
      seen.push(value);
      wake();
    },
    fail: (error: unknown): void => {
      failure = error;
      wake();
    },
    async until(value: number): Promise<void> {
      while (!seen.includes(value)) {
        if (failure !== undefined) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
