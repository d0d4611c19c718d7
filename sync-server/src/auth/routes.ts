import { SaldoError, type TokenAnswer } from "@saldo/schema";
import { isAPIError } from "better-auth/api";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import type pg from "pg";
import { z } from "zod";
import { readJson } from "../http/body.ts";
import { clientAddress } from "../http/client-address.ts";
import { bearerModeHeader } from "../http/origins.ts";
import type { RelayContext, Route, SessionSubject } from "../http/route.ts";
import { passwordLengthMax, passwordLengthMin, type Authority, type AuthorityOptions } from "./authority.ts";
import { signInPerAccount, signInPerAddress, signUpPerAddress, type AttemptLimiter } from "./rate-limit.pg.ts";
import { signUp, type OpenSession } from "./sign-up.ts";
import type { SyncTokens } from "./sync-token.ts";
import { workspacesOf } from "./workspaces.pg.ts";

const emailCharsMax = 254;
const nameCharsMax = 300;
const name = z.string().trim().min(1).max(nameCharsMax);

const signUpRequest = z.strictObject({
  email: z.string().trim(),
  password: z.string(),
  companyName: name,
  personName: name.optional(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  locale: z.enum(["en", "ru"]),
});

const signInRequest = z.strictObject({ email: z.string().trim(), password: z.string() });

/** What the routes of sign-in work with. */
export interface AuthRouteParts {
  readonly pool: pg.Pool;
  readonly database: NodePgDatabase;
  readonly authority: Authority;
  readonly options: AuthorityOptions;
  readonly limiter: AttemptLimiter;
  readonly tokens: SyncTokens;
  readonly proxyHops: number;
  readonly nowMs: () => number;
}

/** Sign-up, sign-in, sign-out, and the sync token for an open session. */
export function authRoutes(parts: AuthRouteParts): readonly Route[] {
  return [
    { method: "POST", path: "/v1/sign-up", access: "public", handle: (context) => handleSignUp(context, parts) },
    { method: "POST", path: "/v1/sign-in", access: "public", handle: (context) => handleSignIn(context, parts) },
    { method: "POST", path: "/v1/sign-out", access: "session", handle: (context) => handleSignOut(context, parts) },
    { method: "POST", path: "/v1/token", access: "session", handle: (context, subject) => handleToken(context, subject, parts) },
  ];
}

async function handleSignUp(context: RelayContext, parts: AuthRouteParts): Promise<Response> {
  const request = await readJson(context.req.raw, signUpRequest);
  const { email, password } = request;
  const passwordFits = password.length >= passwordLengthMin && password.length <= passwordLengthMax;
  if (!passwordFits || email.length > emailCharsMax || !z.email().safeParse(email).success) throw new SaldoError("auth.invalid_input");
  await parts.limiter.consume("sign-up-address", clientAddress(context, parts.proxyHops), signUpPerAddress);
  const workspace = { name: request.companyName, currency: request.currency, locale: request.locale };
  const session = await signUp(
    parts.database,
    parts.options,
    { email, password, personName: request.personName ?? request.companyName, workspace },
    callerHeaders(context),
    new Date(parts.nowMs()).toISOString(),
  );
  return sessionAnswer(context, session);
}

async function handleSignIn(context: RelayContext, parts: AuthRouteParts): Promise<Response> {
  const { email, password } = await readJson(context.req.raw, signInRequest);
  const account = email.toLowerCase();
  const address = clientAddress(context, parts.proxyHops);
  await parts.limiter.consume("sign-in-address", address, signInPerAddress);
  await parts.limiter.consume("sign-in-account", account, signInPerAccount);
  try {
    const { headers, response } = await parts.authority.api.signInEmail({ body: { email, password }, headers: callerHeaders(context), returnHeaders: true });
    await Promise.all([parts.limiter.clear("sign-in-account", account), parts.limiter.refund("sign-in-address", address)]);
    return sessionAnswer(context, { user: response.user, headers });
  } catch (error) {
    if (isAPIError(error) && error.statusCode < 500) throw new SaldoError("auth.wrong_credentials");
    throw error;
  }
}

async function handleSignOut(context: RelayContext, parts: AuthRouteParts): Promise<Response> {
  const { headers } = await parts.authority.api.signOut({ headers: sessionHeaders(context), returnHeaders: true });
  const answer = context.body(null, 204);
  copyCookies(headers, answer.headers);
  return answer;
}

async function handleToken(context: RelayContext, subject: SessionSubject, parts: AuthRouteParts): Promise<Response> {
  const [{ token, expiresAtMs }, workspaces] = await Promise.all([parts.tokens.sign(subject.userId), workspacesOf(parts.pool, subject.userId)]);
  const answer: TokenAnswer = {
    token,
    expiresAt: new Date(expiresAtMs).toISOString(),
    user: { id: subject.userId, email: subject.email, name: subject.name },
    workspaces,
  };
  return context.json(answer, 200, { "cache-control": "no-store" });
}

/** The person behind a request's session: its cookie, or its session token as a bearer. Throws `SaldoError` `auth.required`. */
export async function sessionOf(context: RelayContext, authority: Authority): Promise<SessionSubject> {
  const { headers, response } = await authority.api.getSession({ headers: sessionHeaders(context), returnHeaders: true }).catch((cause: unknown) => {
    throw isAPIError(cause) && cause.statusCode >= 500 ? new SaldoError("relay.unavailable", { retryAfterSeconds: 2 }, { cause }) : cause;
  });
  if (!response) throw new SaldoError("auth.required");
  for (const cookie of headers.getSetCookie()) context.header("set-cookie", cookie, { append: true });
  return { userId: response.user.id, email: response.user.email, name: response.user.name };
}

/** A session's answer: the cookie for browsers, the token in the body only for a caller that says it keeps no cookies. */
function sessionAnswer(context: RelayContext, { user, headers }: OpenSession): Response {
  const bearerMode = context.req.header(bearerModeHeader) === "bearer";
  const sessionToken = headers.get("set-auth-token");
  if (sessionToken === null) throw new Error("no session token was made");
  const body = { user: { id: user.id, email: user.email, name: user.name }, ...(bearerMode ? { sessionToken } : {}) };
  const answer = context.json(body, 200, { "cache-control": "no-store" });
  if (!bearerMode) copyCookies(headers, answer.headers);
  return answer;
}

function copyCookies(from: Headers, to: Headers): void {
  for (const cookie of from.getSetCookie()) to.append("set-cookie", cookie);
}

/** A bearer outranks a cookie, so that a caller means one session only. */
function sessionHeaders(context: RelayContext): Headers {
  const authorization = context.req.header("authorization");
  const cookie = context.req.header("cookie");
  if (authorization !== undefined) return new Headers({ authorization });
  return new Headers(cookie === undefined ? {} : { cookie });
}

/** What better-auth notes of who opened a session; an older session of the caller plays no part in opening one. */
function callerHeaders(context: RelayContext): Headers {
  return new Headers({ "user-agent": (context.req.header("user-agent") ?? "").slice(0, 200) });
}
