import { SaldoError, type ShapeDeclaration } from "@saldo/schema";
import type { Rights } from "./rights.pg.ts";

/** How often the right to what is being held open is looked at again; a lost one is noticed within this and the age a right may have. */
export const holdCheckMs = 2_000;
/** Most requests held open at once. */
export const holdsMax = 20_000;
/** Most rights asked for at once: what is held is not to keep everyone else from the database. */
const looksMax = 4;

/** What a live request depends on. */
export interface HeldRight {
  readonly kind: ShapeDeclaration["scopeKind"];
  readonly scopeId: string;
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** A live request while it waits or streams. */
export interface Hold {
  /** Aborted when the right is lost or the token has run out. */
  readonly signal: AbortSignal;
  /** Throws the `SaldoError` the request is ended with, if it is. */
  check(): void;
  /** Looks at the right as a cache of {@link Rights} knows it; false when the hold has ended. */
  stands(): Promise<boolean>;
  /** Forgets it. Idempotent. */
  release(): void;
}

/** Every live request of a relay, looked at on one clock. */
export interface Holds {
  /** Throws `SaldoError` `relay.unavailable` when there are too many. */
  open(right: HeldRight): Hold;
  close(): void;
}

interface Held {
  readonly right: HeldRight;
  readonly ending: AbortController;
  failure: SaldoError | undefined;
}

/** Makes {@link Holds}. While the database is away nobody loses a right; a token that runs out is seen all the same. */
export function createHolds({ rights, nowMs }: { readonly rights: Rights; readonly nowMs: () => number }): Holds {
  const held = new Set<Held>();
  let looking = false;

  function end(one: Held, code: "auth.required" | "relay.shape_unknown"): void {
    if (one.failure !== undefined) return;
    one.failure = new SaldoError(code);
    held.delete(one);
    one.ending.abort();
  }
  const mayRead = ({ kind, scopeId, userId }: HeldRight) => rights.mayRead(kind, scopeId, userId).catch(() => true);

  async function stands(one: Held): Promise<boolean> {
    if (one.right.expiresAtMs <= nowMs()) end(one, "auth.required");
    else if (!(await mayRead(one.right))) end(one, "relay.shape_unknown");
    return one.failure === undefined;
  }

  /** Ends what has run out, then asks once for each right there is, however many requests depend on it. */
  async function lookAtAll(): Promise<void> {
    const byRight = new Map<string, Held[]>();
    for (const one of [...held]) {
      if (one.right.expiresAtMs <= nowMs()) end(one, "auth.required");
      else {
        const key = JSON.stringify([one.right.kind, one.right.scopeId, one.right.userId]);
        byRight.set(key, [...(byRight.get(key) ?? []), one]);
      }
    }
    const groups = byRight.values();
    const worker = async () => {
      for (const group of groups) {
        const [first] = group;
        if (first !== undefined && !(await mayRead(first.right))) for (const one of group) end(one, "relay.shape_unknown");
      }
    };
    await Promise.all(Array.from({ length: looksMax }, worker));
  }

  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void lookAtAll().finally(() => (looking = false));
  }, holdCheckMs);
  timer.unref();

  return {
    open(right) {
      if (held.size >= holdsMax) throw new SaldoError("relay.unavailable", { retryAfterSeconds: 10 });
      const one: Held = { right, ending: new AbortController(), failure: undefined };
      held.add(one);
      return {
        signal: one.ending.signal,
        check() {
          if (one.failure !== undefined) throw one.failure;
        },
        stands: () => stands(one),
        release: () => void held.delete(one),
      };
    },
    close: () => clearInterval(timer),
  };
}

/** An event stream that ends with its hold: nothing that arrives after the right was seen lost is passed on. */
export function heldBody(body: ReadableStream<Uint8Array>, hold: Hold): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let over = false;
  const end = async (reason?: unknown) => {
    over = true;
    hold.release();
    await reader.cancel(reason).catch(() => undefined);
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const onEnd = () => {
          if (over) return;
          void end();
          controller.close();
        };
        hold.signal.addEventListener("abort", onEnd, { once: true });
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (over || (!done && !(await hold.stands())) || over) return;
          if (!done) return controller.enqueue(value);
          over = true;
          hold.release();
          controller.close();
        } catch (error) {
          if (over) return;
          over = true;
          hold.release();
          throw error;
        }
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}
