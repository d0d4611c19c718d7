import { Socket } from "node:net";
import { Client, type ClientConfig } from "pg";
import { canonicalConnection } from "../connection-settings.ts";
import { socketOfReusedBuffers } from "./reused-buffers.ts";

const endWaitMs = 2_000;
/** The protocol's Terminate message. */
const terminate = Buffer.from([0x58, 0, 0, 0, 4]);

/** Where a {@link Link} goes. */
export interface LinkOptions {
  readonly databaseUrl: string;
  /** Named to the server as the application. */
  readonly name: string;
  readonly keepAliveDelayMs: number;
  /** Default wait of {@link Link.answered}. The server too ends the session of a process that is not heard of for so long, and another one takes over. */
  readonly silenceMs: number;
  /** The server does not answer. Called before the link is over. */
  readonly onSilent: () => void;
}

/** Encrypted bytes are decrypted into buffers of their own. */
function socketFor(connection?: { readonly ssl?: unknown }): Socket {
  return connection?.ssl === false || connection?.ssl === undefined ? socketOfReusedBuffers() : new Socket();
}

/** One replication connection, from its opening to its end, of which the first reason counts. */
export class Link {
  readonly client: Client;
  /** Settles when the link is over. */
  readonly over: Promise<Error>;
  readonly #options: LinkOptions;
  readonly #settle: (error: Error) => void;
  #failed = false;

  /** Connects to nothing yet: `client.connect()` does, through {@link Link.answered}. */
  constructor(options: LinkOptions) {
    this.#options = options;
    const canonical = canonicalConnection(options.databaseUrl, options.name, options.keepAliveDelayMs);
    const config: ClientConfig & { replication: string } = { ...canonical, options: `${canonical.options ?? ""} -c wal_sender_timeout=${options.silenceMs}`, replication: "database", stream: socketFor };
    this.client = new Client(config);
    let settle: (error: Error) => void = () => undefined;
    this.over = new Promise<Error>((resolve) => (settle = resolve));
    this.#settle = settle;
    this.client.on("error", (error) => this.fail(error));
    this.client.on("end", () => this.fail(new Error("connection closed")));
  }

  /** True from the first failure on, before anyone could await {@link Link.over}. */
  get failed(): boolean {
    return this.#failed;
  }

  fail(error: Error): void {
    this.#failed = true;
    this.#settle(error);
  }

  /** Gives the link up because the server says nothing although it was asked. */
  silent(): void {
    this.#options.onSilent();
    this.fail(new Error("the server is silent"));
  }

  /** The answer, unless the link is over before or the server does not give it in time; rejects then. */
  async answered<Answer>(answer: Promise<Answer>, waitMs = this.#options.silenceMs): Promise<Answer> {
    const timer = setTimeout(() => this.silent(), waitMs);
    try {
      return await Promise.race([answer, this.over.then((error) => Promise.reject(error))]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the session in order: once the server has closed its side, slot and lock are free for another process. */
  async close(): Promise<void> {
    const { stream } = this.client.connection;
    if (stream.destroyed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => stream.destroy(), endWaitMs);
      stream.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
      if (stream.writable) stream.end(terminate);
      else stream.destroy();
      stream.resume();
    });
  }
}
