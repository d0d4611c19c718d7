import { setMaxListeners } from "node:events";

/** How the network of one device fares; changed while it is used. */
export interface Weather {
  readonly fetch: typeof fetch;
  /** Nothing leaves and nothing arrives; requests fail at once. */
  offline: boolean;
  /** Chance of 100 that a request is lost, cut, doubled, late or left unanswered. */
  roughness: number;
  /** What happens to bytes of one direction meanwhile: they pass, wait for the healing, or are gone for good. */
  up: Passage;
  down: Passage;
  /** Lets everything through that waits, and whatever comes. */
  heal(): void;
  /** Breaks every request under way, as a reset does. */
  reset(): void;
}

/** See {@link Weather.up}. */
export type Passage = "open" | "held" | "lost";

type Fate = "lost" | "unanswered" | "twice" | "late" | "cut" | "answer cut";

const fates: readonly Fate[] = ["lost", "unanswered", "twice", "late", "cut", "answer cut"];

/** Makes the weather of one device; `random` gives whole numbers below its bound. */
export function makeWeather(random: (below: number) => number): Weather {
  let healed: (() => void)[] = [];
  let broken = breaker();
  const gone = (signal: AbortSignal | null | undefined): Promise<never> =>
    new Promise((_resolve, reject) => {
      const fail = () => reject(new TypeError("fetch failed"));
      for (const each of [signal, broken.signal]) {
        if (each?.aborted === true) fail();
        each?.addEventListener("abort", fail, { once: true });
      }
    });
  const passes = async (passage: Passage, signal: AbortSignal | null | undefined): Promise<void> => {
    if (passage === "lost") await gone(signal);
    if (passage === "held") await Promise.race([new Promise<void>((resolve) => healed.push(resolve)), gone(signal)]);
  };

  const weather: Weather = {
    offline: false,
    roughness: 0,
    up: "open",
    down: "open",
    heal() {
      Object.assign(weather, { offline: false, roughness: 0, up: "open", down: "open" });
      const waiting = healed;
      healed = [];
      for (const letGo of waiting) letGo();
    },
    reset() {
      broken.abort();
      broken = breaker();
    },
    async fetch(input, init) {
      if (weather.offline) throw new TypeError("fetch failed");
      const signal = init?.signal ?? null;
      await passes(weather.up, signal);
      const fate = random(100) < weather.roughness ? fates[random(fates.length)] : undefined;
      if (fate === "lost") throw new TypeError("fetch failed");
      const body = init?.body;
      const isUpload = init?.method === "POST" && body instanceof Uint8Array;
      if (isUpload && fate === "cut") {
        await (await fetch(input, { ...init, body: body.slice(0, random(body.byteLength)) })).body?.cancel();
        throw new TypeError("fetch failed");
      }
      if (isUpload && fate === "late") {
        const { signal: _left, ...withoutSignal } = init;
        healed.push(() => void fetch(input, withoutSignal).then((answer) => answer.body?.cancel()).catch(() => undefined));
        throw new TypeError("fetch failed");
      }
      if (isUpload && fate === "twice") await (await fetch(input, init)).body?.cancel();
      const answer = await Promise.race([fetch(input, init), gone(signal)]);
      if (weather.offline || fate === "unanswered") {
        await answer.body?.cancel();
        throw new TypeError("fetch failed");
      }
      await passes(weather.down, signal);
      return fate === "answer cut" && isShape(input) ? cutInHalf(answer) : under(answer, weather, passes, signal);
    },
  };
  return weather;
}

/** Every request of a device listens to it. */
function breaker(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

function isShape(input: Parameters<typeof fetch>[0]): boolean {
  return String(input instanceof Request ? input.url : input).includes("/v1/shapes/");
}

/** The answer whose body comes as the weather lets it. */
function under(answer: Response, weather: Weather, passes: (passage: Passage, signal: AbortSignal | null) => Promise<void>, signal: AbortSignal | null): Response {
  if (answer.body === null) return answer;
  const slow = new TransformStream<Uint8Array, Uint8Array>({
    async transform(piece, controller) {
      if (weather.offline) throw new TypeError("terminated");
      await passes(weather.down, signal);
      controller.enqueue(piece);
    },
  });
  return new Response(answer.body.pipeThrough(slow), { status: answer.status, headers: answer.headers });
}

async function cutInHalf(answer: Response): Promise<Response> {
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.subarray(0, bytes.byteLength / 2));
      controller.error(new TypeError("terminated"));
    },
  });
  return new Response(body, { status: answer.status, headers: answer.headers });
}
