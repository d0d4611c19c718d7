import { SaldoError, schemaVersion, schemaVersionHeader } from "@saldo/schema";
import { boundedAnswers } from "./bounded-answer.ts";
import type { SyncPorts } from "./ports.ts";
import { failureOf } from "./relay-answer.ts";
import type { Tokens } from "./tokens.ts";

/** Requests to the relay with the present token. */
export interface Relay {
  /** As `fetch` on a path of the relay (or one of its whole addresses); on 401 once more with a new token. Throws `SaldoError` `sync.unreachable` with no network. */
  fetch(path: string, init: RequestInit & { readonly signal: AbortSignal }): Promise<Response>;
  /** The same, for an answer that must be ok: anything else is thrown as the `SaldoError` it tells of. */
  request(path: string, init: RequestInit & { readonly signal: AbortSignal }): Promise<Response>;
}

/** Makes a {@link Relay}. */
export function createRelay(ports: Pick<SyncPorts, "serverUrl" | "fetch" | "clock">, tokens: Tokens): Relay {
  // A connection that died without a word must not hold up what the others would bring.
  const send = boundedAnswers(ports.clock, ports.fetch);
  const once = async (path: string, init: RequestInit & { signal: AbortSignal }): Promise<{ response: Response; token: string }> => {
    const { token } = await tokens.current(init.signal);
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${token}`);
    headers.set(schemaVersionHeader, String(schemaVersion));
    try {
      return { token, response: await send(path.startsWith("/") ? ports.serverUrl + path : path, { ...init, headers, cache: "no-store", credentials: "omit" }) };
    } catch (cause) {
      throw new SaldoError("sync.unreachable", {}, { cause });
    }
  };
  const authorised = async (path: string, init: RequestInit & { signal: AbortSignal }): Promise<Response> => {
    const first = await once(path, init);
    if (first.response.status !== 401) return first.response;
    await first.response.body?.cancel();
    tokens.refuse(first.token);
    return (await once(path, init)).response;
  };
  return {
    fetch: authorised,
    async request(path, init) {
      const response = await authorised(path, init);
      if (!response.ok) throw await failureOf(response);
      return response;
    },
  };
}
