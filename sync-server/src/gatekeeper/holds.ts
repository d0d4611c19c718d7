import { SaldoError, type ShapeDeclaration } from "@saldo/schema";
import type { Rights } from "./rights.pg.ts";

/** How often the right to what is being held open is looked at again; a lost one is noticed within this and the age a right may have. */
export const holdCheckMs = 2_000;
/** Most requests held open at once. */
export const holdsMax = 20_000;

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

  async function look(one: Held): Promise<boolean> {
    const { kind, scopeId, userId, expiresAtMs } = one.right;
    const failure =
      expiresAtMs <= nowMs()
        ? new SaldoError("auth.required")
        : (await rights.mayRead(kind, scopeId, userId).catch(() => true))
          ? undefined
          : new SaldoError("relay.shape_unknown");
    if (failure !== undefined && one.failure === undefined) {
      one.failure = failure;
      held.delete(one);
      one.ending.abort();
    }
    return one.failure === undefined;
  }

  const timer = setInterval(() => {
    for (const one of held) void look(one);
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
        stands: () => look(one),
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
