import { generationHeader, notifyAdvance, notifyCheck, notifySilenceMsMax, SaldoError, type NotifySums } from "@saldo/schema";
import { createBackoff } from "./backoff.ts";
import type { SyncPorts } from "./ports.ts";
import type { Relay } from "./relay.ts";

/** What the notify stream tells. */
export interface NotifyEvents {
  check(lsn: bigint, sums: NotifySums | undefined): void;
  advance(prev: bigint, lsn: bigint, shapes: readonly string[], sums: NotifySums | undefined): void;
  connected(): void;
  /** The stream is gone; another try follows. */
  disconnected(cause: SaldoError): void;
}

/** A running notify stream. */
export interface NotifyStream {
  /** Connects anew without a last LSN, so that the server answers with a check. */
  askForCheck(): void;
  /** Tries at once if it is waiting. */
  wake(): void;
  /** Resolves when the signal aborts; rejects with a failure that connecting again would not mend, `sync.server_restored` among them. */
  readonly done: Promise<void>;
}

interface NotifyOptions {
  readonly ports: Pick<SyncPorts, "clock" | "random">;
  readonly relay: Relay;
  readonly workspaceId: string;
  readonly clientId: string;
  /** The generation this client id is registered with. */
  readonly generation: string;
  /** The last LSN announced, to go on from. */
  readonly last: () => bigint | undefined;
  /** True to begin with a check, whatever was announced before. */
  readonly fresh: boolean;
  readonly events: NotifyEvents;
  readonly signal: AbortSignal;
}

/**
 * Keeps one notify stream open: Server-Sent Events over fetch, reconnecting with full jitter. Silence beyond the keep-alive means that
 * the connection is dead, whatever the operating system believes.
 */
export function openNotifyStream(options: NotifyOptions): NotifyStream {
  const { ports, events, signal } = options;
  const backoff = createBackoff(ports.clock, ports.random);
  let withoutLast = options.fresh;
  let connection = new AbortController();

  const run = async () => {
    while (!signal.aborted) {
      connection = new AbortController();
      const fresh = withoutLast;
      withoutLast = false;
      try {
        await readStream(options, fresh ? undefined : options.last(), AbortSignal.any([signal, connection.signal]), backoff.reset);
        // The server ends streams of its own accord (a token's end, a restart): connecting again is no failure yet.
        if (!withoutLast) await backoff.wait(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (withoutLast) continue;
        // What was asked for and did not come is asked for again.
        withoutLast = fresh;
        const failure = error instanceof SaldoError ? error : new SaldoError("sync.unreachable", { what: "notify" }, { cause: error });
        if (!failure.retryable || failure.code === "sync.server_restored") throw failure;
        events.disconnected(failure);
        await backoff.wait(signal);
      }
    }
  };

  return {
    askForCheck() {
      withoutLast = true;
      connection.abort();
    },
    wake: backoff.wake,
    done: run(),
  };
}

/** Reads one connection until it ends. */
async function readStream(options: NotifyOptions, last: bigint | undefined, signal: AbortSignal, alive: () => void): Promise<void> {
  const { relay, workspaceId, clientId, events, ports } = options;
  const query = new URLSearchParams({ workspace: workspaceId, client: clientId, ...(last === undefined ? {} : { last: String(last) }) });
  const silence = silenceWatch(ports.clock, signal);
  try {
    const response = await relay.request(`/v1/notify?${query}`, { signal: silence.signal, headers: { accept: "text/event-stream" } });
    const generation = response.headers.get(generationHeader) ?? options.generation;
    if (generation !== options.generation) throw new SaldoError("sync.server_restored");
    if (!response.body) throw new SaldoError("sync.unexpected_answer", { what: "notify" });
    events.connected();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      silence.heard();
      alive();
      text += value.replaceAll("\r\n", "\n");
      if (text.length > eventCharactersMax) throw new SaldoError("sync.unexpected_answer", { what: "notify" });
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        deliver(text.slice(0, end), events);
        text = text.slice(end + 2);
      }
    }
  } finally {
    silence.stop();
  }
}

/** Longest event of the stream. */
const eventCharactersMax = 64 * 1024;

/** Reads one event (WHATWG HTML, Server-sent events); comments and unknown events are passed over. */
function deliver(event: string, events: NotifyEvents): void {
  let name = "message";
  let data = "";
  for (const line of event.split("\n")) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data += line.slice(5);
  }
  if (name === "check") {
    const { lsn, sums } = notifyCheck.parse(JSON.parse(data));
    events.check(BigInt(lsn), sums);
  } else if (name === "advance") {
    const { prev, lsn, shapes, sums } = notifyAdvance.parse(JSON.parse(data));
    events.advance(BigInt(prev), BigInt(lsn), shapes, sums);
  }
}

/** Aborts when nothing was heard for {@link notifySilenceMsMax}. */
function silenceWatch(clock: SyncPorts["clock"], outer: AbortSignal) {
  const dead = new AbortController();
  const stopped = new AbortController();
  let heardMs = clock.nowMs();
  const watch = async () => {
    while (!stopped.signal.aborted) {
      const leftMs = heardMs + notifySilenceMsMax - clock.nowMs();
      if (leftMs <= 0) return dead.abort();
      await clock.sleep(Math.min(leftMs, notifySilenceMsMax), stopped.signal);
    }
  };
  void watch();
  return {
    signal: AbortSignal.any([outer, dead.signal]),
    heard: () => {
      heardMs = clock.nowMs();
    },
    stop: () => stopped.abort(),
  };
}
