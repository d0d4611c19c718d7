import type { ErrorCode } from "@saldo/schema";
import type { Context } from "hono";

/** Values every request carries through its handlers. */
export interface RelayEnv {
  readonly Variables: {
    requestId: string;
    /** Who asked, from which device, and why it was refused, for the log: as far as each is known. */
    userId?: string;
    clientId?: string;
    refusal?: ErrorCode;
  };
  readonly Bindings: { incoming?: { socket: { remoteAddress?: string | undefined } } };
}

/** A request's context. */
export type RelayContext = Context<RelayEnv>;

/** Whom a session stands for. */
export interface SessionSubject {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
}

/** Whom a sync token stands for, and until when. */
export interface TokenSubject {
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

interface RouteAddress {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
}

type Answer = Promise<Response> | Response;

/**
 * One endpoint and who may reach it. A handler that needs a person gets one as its argument, and there is no other way to get it: the
 * guard stands at the route itself, so no spelling of the path goes around it.
 */
export type Route = RouteAddress &
  (
    | { readonly access: "public"; handle(context: RelayContext): Answer }
    | { readonly access: "session"; handle(context: RelayContext, subject: SessionSubject): Answer }
    | { readonly access: "token"; handle(context: RelayContext, subject: TokenSubject): Answer }
  );
