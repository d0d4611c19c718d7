import { SaldoError, tokenAnswer, type TokenAnswer } from "@saldo/schema";
import type { Clock } from "./ports.ts";
import { failureOf } from "./relay-answer.ts";

/** Where short-lived sync tokens come from. Throws `SaldoError`: `auth.required` when the session is over, `sync.unreachable` with no network. */
export interface TokenSource {
  token(signal: AbortSignal): Promise<TokenAnswer>;
}

/** A session as the relay knows it: its cookie is kept by the browser, or a bearer by a program. */
export type Session = { readonly kind: "cookie" } | { readonly kind: "bearer"; readonly token: string };

/** Tokens from `POST /v1/token` with a session. */
export function sessionTokens(serverUrl: string, fetchClient: typeof fetch, session: Session): TokenSource {
  return {
    async token(signal) {
      const headers = session.kind === "bearer" ? { authorization: `Bearer ${session.token}` } : undefined;
      let response: Response;
      try {
        response = await fetchClient(`${serverUrl}/v1/token`, {
          method: "POST",
          signal,
          credentials: session.kind === "cookie" ? "include" : "omit",
          ...(headers ? { headers } : {}),
        });
      } catch (cause) {
        throw new SaldoError("sync.unreachable", {}, { cause });
      }
      if (!response.ok) throw await failureOf(response);
      const parsed = tokenAnswer.safeParse(await response.json().catch(() => undefined));
      if (!parsed.success) throw new SaldoError("sync.unexpected_answer", { what: "token" });
      return parsed.data;
    },
  };
}

/** A token is asked anew this long before it stops working. */
const refreshEarlyMs = 60_000;
/** A token is taken to work at least this long, whatever the device's clock says. */
const lifetimeMsMin = 30_000;
/** Longest wait for a token. */
const tokenWaitMsMax = 60_000;

/** The present token, asked for when needed and shared by all who ask at once. */
export interface Tokens {
  current(signal: AbortSignal): Promise<TokenAnswer>;
  /** Tells that the server refused this token: the next `current` asks for another. */
  refuse(token: string): void;
}

/** A token being asked for, and how many wait for it. */
interface Asking {
  readonly answer: Promise<TokenAnswer>;
  readonly abort: AbortController;
  waiting: number;
}

/** Makes {@link Tokens} over a source. The request ends early only when nobody waits for it any more. */
export function createTokens(source: TokenSource, clock: Clock): Tokens {
  let held: { answer: TokenAnswer; untilMs: number } | undefined;
  let asking: Asking | undefined;

  const ask = (): Asking => {
    const abort = new AbortController();
    // Of a connection that died nobody may ever hear; the sleep is given up when nobody waits for the token any more.
    void clock.sleep(tokenWaitMsMax, abort.signal).then(() => abort.abort());
    const answer = source.token(abort.signal).then((fresh) => {
      const now = clock.nowMs();
      held = { answer: fresh, untilMs: Math.max(now + lifetimeMsMin, Date.parse(fresh.expiresAt) - refreshEarlyMs) };
      return fresh;
    });
    const made = { answer, abort, waiting: 0 };
    const over = () => {
      if (asking === made) asking = undefined;
    };
    answer.then(over, over);
    return made;
  };

  return {
    async current(signal) {
      if (held && clock.nowMs() < held.untilMs) return held.answer;
      if (signal.aborted) throw new DOMException("aborted", "AbortError");
      const mine = (asking ??= ask());
      mine.waiting++;
      try {
        return await unlessAborted(mine.answer, signal);
      } finally {
        mine.waiting--;
        if (mine.waiting === 0) {
          mine.abort.abort();
          if (asking === mine) asking = undefined;
        }
      }
    },
    refuse(token) {
      if (held?.answer.token === token) held = undefined;
    },
  };
}

/** The promise's value, or a rejection as soon as the signal aborts. */
function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new DOMException("aborted", "AbortError"));
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
