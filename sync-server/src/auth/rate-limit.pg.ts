import { createHash, randomUUID } from "node:crypto";
import { SaldoError } from "@saldo/schema";
import type pg from "pg";

/** So many attempts in a window of time, then refusal until the window ends. */
export interface AttemptLimit {
  readonly attemptsMax: number;
  readonly windowMs: number;
}

/** Wrong passwords for one account, wherever they come from. */
export const signInPerAccount: AttemptLimit = { attemptsMax: 10, windowMs: 10 * 60_000 };
/** Wrong passwords from one address, whatever the account. */
export const signInPerAddress: AttemptLimit = { attemptsMax: 50, windowMs: 10 * 60_000 };
/** New accounts from one address. */
export const signUpPerAddress: AttemptLimit = { attemptsMax: 60, windowMs: 60 * 60_000 };

const longestWindowMs = Math.max(signInPerAccount.windowMs, signInPerAddress.windowMs, signUpPerAddress.windowMs);

/** Counters of attempts in Postgres, shared by all relays. */
export interface AttemptLimiter {
  /** Counts one attempt of a subject. Throws `SaldoError` `auth.too_many_attempts` with the seconds to wait when it is one too many. */
  consume(action: string, subject: string, limit: AttemptLimit): Promise<void>;
  /** Takes one attempt back: it was no failure. */
  refund(action: string, subject: string): Promise<void>;
  /** Forgets a subject's attempts. */
  clear(action: string, subject: string): Promise<void>;
}

/** Fixed windows: the first attempt opens one, and one statement counts and decides, so parallel attempts cannot slip through. */
export function createAttemptLimiter(pool: pg.Pool, nowMs: () => number): AttemptLimiter {
  const key = (action: string, subject: string) => `${action}:${createHash("sha256").update(subject).digest("base64url")}`;
  return {
    async consume(action, subject, limit) {
      const now = nowMs();
      const counted = await pool.query<{ count: number; opened: string }>(
        `insert into auth.rate_limit as r (id, key, count, last_request) values ($1, $2, 1, $3)
         on conflict (key) do update set
           count = case when r.last_request <= $4 then 1 else least(r.count + 1, 1000000) end,
           last_request = case when r.last_request <= $4 then $3 else r.last_request end
         returning count, last_request as opened`,
        [randomUUID(), key(action, subject), now, now - limit.windowMs],
      );
      const row = counted.rows[0];
      if (!row) throw new Error("the counter was not written");
      if (row.count === 1) await pool.query("delete from auth.rate_limit where last_request < $1", [now - longestWindowMs]);
      if (row.count <= limit.attemptsMax) return;
      const waitMs = Number(row.opened) + limit.windowMs - now;
      throw new SaldoError("auth.too_many_attempts", { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
    },
    async refund(action, subject) {
      await pool.query("update auth.rate_limit set count = greatest(count - 1, 0) where key = $1", [key(action, subject)]);
    },
    async clear(action, subject) {
      await pool.query("delete from auth.rate_limit where key = $1", [key(action, subject)]);
    },
  };
}
