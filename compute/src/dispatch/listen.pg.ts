import pg from "pg";
import type { Logger } from "pino";
import { describeFault } from "../database.pg.ts";

/** The channel on which the relay says, at commit, that a job was requested. */
const channel = "saldo_job";
const reconnectDelayMs = 250;
const reconnectDelayMsMax = 10_000;
const keepAliveDelayMs = 10_000;

/** What listening works with. */
export interface ListenParts {
  readonly databaseUrl: string;
  /** Numbers in [0, 1), for pauses between reconnections. */
  readonly random: () => number;
  readonly log: Logger;
}

/**
 * Calls `onRequest` at each committed request, and whenever the connection was made anew: what came meanwhile was not heard.
 * Returns the function that stops it.
 */
export function listenForRequests({ databaseUrl, random, log }: ListenParts, onRequest: () => void): () => Promise<void> {
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let failures = 0;

  const again = () => {
    if (stopped || timer !== undefined) return;
    const pauseMs = Math.min(reconnectDelayMsMax, reconnectDelayMs * 2 ** Math.min(failures++, 10));
    timer = setTimeout(() => {
      timer = undefined;
      void connect();
    }, pauseMs * (0.5 + random() / 2));
  };
  const connect = async () => {
    const connecting = new pg.Client({
      connectionString: databaseUrl,
      application_name: "saldo-dispatcher",
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveDelayMs,
    });
    client = connecting;
    connecting.on("error", (error) => log.warn({ fault: describeFault(error) }, "the connection that hears of requests was lost"));
    connecting.on("end", again);
    connecting.on("notification", onRequest);
    try {
      await connecting.connect();
      await connecting.query(`listen ${channel}`);
      failures = 0;
      onRequest();
    } catch (error) {
      if (!stopped) log.warn({ fault: describeFault(error) }, "cannot listen for requests");
      await connecting.end().catch(() => undefined);
      again();
    }
  };
  void connect();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await client?.end().catch(() => undefined);
  };
}
