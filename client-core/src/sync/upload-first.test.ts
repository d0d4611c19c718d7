import { afterEach, describe, expect, it } from "vitest";
import { nextTurn } from "../next-turn.ts";
import { importRows, modelDevices } from "./testing/model-devices.ts";
import { RelayModel } from "./testing/relay-model.ts";
import { systemClock } from "./ports.ts";
import { createUploadFirst } from "./upload-first.ts";

const [heldMs, pauseMs] = [5_000, 10];

/** The platform's clock, but on which being held ends only when told, and short pauses at once. */
function handClock() {
  const system = systemClock();
  const slept: number[] = [];
  const sleeping = new Set<() => void>();
  let noticed: () => void = () => undefined;
  return {
    ...system,
    slept,
    sleep(delayMs: number, signal: AbortSignal): Promise<void> {
      slept.push(delayMs);
      if (delayMs === pauseMs) return nextTurn();
      if (delayMs !== heldMs) return system.sleep(delayMs, signal);
      return new Promise((resolve) => {
        const end = () => {
          sleeping.delete(end);
          resolve();
        };
        sleeping.add(end);
        signal.addEventListener("abort", end, { once: true });
        noticed();
      });
    },
    /** Resolves when somebody is held. */
    held: () => new Promise<void>((resolve) => (sleeping.size > 0 ? resolve() : (noticed = resolve))),
    pass: () => [...sleeping].forEach((end) => end()),
  };
}

describe("pauses between slices", () => {
  function place() {
    const clock = handClock();
    const ending = new AbortController();
    let answered: () => void = () => undefined;
    let sending: Promise<void> | undefined;
    const uploadFirst = createUploadFirst(clock, { whileSending: () => sending }, ending.signal);
    return {
      ...uploadFirst,
      clock,
      ending,
      send: () => void (sending = new Promise((resolve) => (answered = resolve))),
      answer() {
        sending = undefined;
        answered();
      },
    };
  }

  it("are a turn while nothing is sent", async () => {
    const { pause, clock } = place();
    await pause();
    expect(clock.slept).toEqual([]);
  });

  it("last until what is sent was answered", async () => {
    const { pause, send, answer, clock } = place();
    send();
    const paused = pause();
    await clock.held();
    answer();
    await paused;
    await pause();
    expect(clock.slept).toEqual([heldMs]);
  });

  it("are short once the time is over, until a checkpoint was reached", async () => {
    const { pause, send, clock, reached } = place();
    send();
    const paused = pause();
    await clock.held();
    clock.pass();
    await paused;
    await pause();
    await pause();
    expect(clock.slept).toEqual([heldMs, pauseMs, pauseMs]);
    reached();
    const again = pause();
    await clock.held();
    clock.pass();
    await again;
    expect(clock.slept).toEqual([heldMs, pauseMs, pauseMs, heldMs]);
  });

  it("end with the session", async () => {
    const { pause, send, clock, ending } = place();
    send();
    const paused = pause();
    await clock.held();
    ending.abort();
    await paused;
    expect(clock.slept).toEqual([heldMs]);
  });
});

describe("an import that comes back while its upload is not answered", () => {
  const devices = modelDevices();
  afterEach(devices.close);

  /** A device whose uploads are answered only when told, and whose long answers come in pieces, a message a line. */
  async function slowlyAnswered() {
    const clock = handClock();
    const model = new RelayModel();
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    let [piecesLeft, allRead]: [number, () => void] = [0, () => undefined];
    const read = new Promise<void>((resolve) => (allRead = resolve));
    const fetchClient: typeof fetch = async (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const response = await model.fetch(input, init);
      if (pathname === "/v1/mutations" && model.rows("transaction").length > 0) await answered;
      if (pathname !== "/v1/shapes/transaction" || response.status !== 200) return response;
      const messages: unknown = await response.json();
      if (!Array.isArray(messages) || messages.length < 500) return new Response(JSON.stringify(messages), response);
      const bytes = new TextEncoder().encode(`[${messages.map((message) => JSON.stringify(message)).join(",\n")}]`);
      let at = 0;
      piecesLeft = Math.ceil(bytes.byteLength / 65_536);
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (piecesLeft-- > 0) return controller.enqueue(bytes.slice(at, (at += 65_536)));
          allRead();
          controller.close();
        },
      });
      return new Response(body, { headers: response.headers });
    };
    const device = await devices.inMemory(model, { fetch: fetchClient, clock });
    device.client.start();
    await device.until(({ state }) => state === "saved");
    await importRows(device, "import-1", 2_000);
    await clock.held();
    return { device, clock, model, read, piecesLeft: () => piecesLeft, answer };
  }

  const isSaved = ({ state, pendingChanges }: { readonly state: string; readonly pendingChanges: number }) => state === "saved" && pendingChanges === 0;

  it("waits for that answer, and then comes whole", async () => {
    const { device, piecesLeft, answer, model } = await slowlyAnswered();
    expect(piecesLeft()).toBeGreaterThan(1);
    answer();
    await device.until(isSaved);
    expect(await device.rows("transaction")).toHaveLength(model.rows("transaction").length);
    expect(await device.client.verify()).toMatchObject({ different: [] });
    expect(device.warnings).toEqual([]);
  });

  it("comes without it when that takes long", async () => {
    const { device, clock, read, answer } = await slowlyAnswered();
    clock.pass();
    await read;
    expect(device.client.status().pendingChanges).toBeGreaterThan(0);
    answer();
    await device.until(isSaved);
    expect(device.warnings).toEqual([]);
  });
});
