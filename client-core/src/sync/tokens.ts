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

/** The present token, asked for when needed and shared by all who ask at once. */
export interface Tokens {
  current(signal: AbortSignal): Promise<TokenAnswer>;
  /** Tells that the server refused this token: the next `current` asks for another. */
  refuse(token: string): void;
}

/** Makes {@link Tokens} over a source. */
export function createTokens(source: TokenSource, clock: Clock): Tokens {
  let held: { answer: TokenAnswer; untilMs: number } | undefined;
  let asked: Promise<TokenAnswer> | undefined;
  return {
    async current(signal) {
      if (held && clock.nowMs() < held.untilMs) return held.answer;
      asked ??= source
        .token(signal)
        .then((answer) => {
          const now = clock.nowMs();
          held = { answer, untilMs: Math.max(now + lifetimeMsMin, Date.parse(answer.expiresAt) - refreshEarlyMs) };
          return answer;
        })
        .finally(() => {
          asked = undefined;
        });
      return asked;
    },
    refuse(token) {
      if (held?.answer.token === token) held = undefined;
    },
  };
}
