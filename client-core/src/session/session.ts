import { SaldoError } from "@saldo/schema";
import { z } from "zod";
import { failureOf } from "../sync/index.ts";

/** How a session is kept: by the browser as a cookie, or by a program as a token it sends itself. */
export type SessionKind = "cookie" | "bearer";

/** What signing up takes; it makes a company with this currency and language. */
export interface SignUpRequest {
  readonly email: string;
  readonly password: string;
  readonly companyName: string;
  readonly currency: string;
  readonly locale: "en" | "ru";
}

/** What signing in takes. */
export interface SignInRequest {
  readonly email: string;
  readonly password: string;
}

/** An open session; the token is there only for a program. */
export interface OpenedSession {
  readonly userId: string;
  readonly email: string;
  readonly sessionToken: string | null;
}

/** Where the relay is and how to reach it. */
interface Server {
  readonly serverUrl: string;
  readonly fetch: typeof fetch;
}

const answer = z.object({ user: z.object({ id: z.string(), email: z.string() }), sessionToken: z.string().optional() });

/** Makes an account with a company of its own. Throws `SaldoError` `auth.email_taken`, `auth.invalid_input`, `sync.unreachable`, … */
export function signUp(server: Server, kind: SessionKind, request: SignUpRequest): Promise<OpenedSession> {
  return open(server, kind, "/v1/sign-up", request);
}

/** Opens a session. Throws `SaldoError` `auth.wrong_credentials`, `auth.too_many_attempts`, `sync.unreachable`, … */
export function signIn(server: Server, kind: SessionKind, request: SignInRequest): Promise<OpenedSession> {
  return open(server, kind, "/v1/sign-in", request);
}

/** Ends a session on the server. Throws `SaldoError` `sync.unreachable` with no network. */
export async function signOut(server: Server, sessionToken: string | null): Promise<void> {
  const response = await send(server, "/v1/sign-out", sessionToken === null ? {} : { authorization: `Bearer ${sessionToken}` }, {});
  // A session that is over already is what was asked for.
  if (!response.ok && response.status !== 401) throw await failureOf(response);
}

async function open(server: Server, kind: SessionKind, path: string, request: object): Promise<OpenedSession> {
  const response = await send(server, path, kind === "bearer" ? { "saldo-session": "bearer" } : {}, request);
  if (!response.ok) throw await failureOf(response);
  const parsed = answer.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw new SaldoError("sync.unexpected_answer", { what: "session" });
  const { user, sessionToken } = parsed.data;
  return { userId: user.id, email: user.email, sessionToken: sessionToken ?? null };
}

async function send(server: Server, path: string, headers: Readonly<Record<string, string>>, body: object): Promise<Response> {
  try {
    return await server.fetch(`${server.serverUrl}${path}`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  } catch (cause) {
    throw new SaldoError("sync.unreachable", {}, { cause });
  }
}
