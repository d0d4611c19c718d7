import { credential, rateLimit, session, user, verification } from "@saldo/schema/server";
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { bearer } from "better-auth/plugins";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";

/** Shortest and longest password, in UTF-16 units. */
export const passwordLengthMin = 10;
/** See {@link passwordLengthMin}. */
export const passwordLengthMax = 128;

const sessionSeconds = 30 * 24 * 3600;
const sessionRefreshSeconds = 24 * 3600;

/** What sign-in bookkeeping depends on. */
export interface AuthorityOptions {
  readonly publicUrl: string;
  readonly trustedOrigins: readonly string[];
  readonly secret: string;
  readonly nextId: () => string;
}

/** The part of a database or of one transaction that better-auth works on. */
export type AuthDatabase = Pick<NodePgDatabase, "select" | "insert" | "update" | "delete" | "execute">;

/**
 * better-auth over the Postgres schema `auth`: people, hashed passwords (scrypt), sessions. It is called in process only; its own router is
 * never mounted, so its limits are ours to keep (see `rate-limit.pg.ts`). Given a transaction, everything it writes is part of it.
 */
export function createAuthority(database: AuthDatabase, options: AuthorityOptions) {
  return betterAuth({
    baseURL: options.publicUrl,
    secret: options.secret,
    trustedOrigins: [...options.trustedOrigins],
    database: drizzleAdapter(database, { provider: "pg", schema: { user, session, account: credential, verification, rateLimit }, transaction: false }),
    emailAndPassword: { enabled: true, minPasswordLength: passwordLengthMin, maxPasswordLength: passwordLengthMax },
    session: { expiresIn: sessionSeconds, updateAge: sessionRefreshSeconds },
    advanced: {
      cookiePrefix: "saldo",
      useSecureCookies: new URL(options.publicUrl).protocol === "https:",
      database: { generateId: () => options.nextId() },
    },
    plugins: [bearer({ requireSignature: true })],
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // Its messages carry addresses of people.
    logger: { disabled: true },
  });
}

/** better-auth as we use it. */
export type Authority = ReturnType<typeof createAuthority>;
