import { quoteIdentifier } from "../identifiers.ts";
import type { ShapeServiceLog } from "../options.ts";
import { claimNamedSlot, claimTemporarySlot } from "./claim-slot.ts";
import { Link } from "./link.ts";
import { pauseFor } from "./pause.ts";
import type { Position } from "./position-file.ts";
import type { SlotState } from "./slot.ts";
import { ReplicationStream, readStreamMessage, statusUpdate } from "./wire.ts";

/** Who receives the stream. All calls but `attached` are synchronous. */
export interface StreamReceiver {
  /** The slot is ours and about to stream; earlier partial transactions are void. */
  attached(slot: SlotState): Promise<void>;
  /** The position of the storage directory, read again for every connection. */
  position(): Promise<Position | undefined>;
  /** One pgoutput message; the bytes may be overwritten once the stream goes on. */
  data(bytes: Buffer): void;
  /** Every transaction that committed before `walEnd` has been sent. */
  progressed(walEnd: bigint): void;
  /** True while something needs the database that is neither a change nor a request, such as a snapshot. */
  busy(): boolean;
  /** The connection was lost. */
  detached(): void;
  /** The server does not answer: other connections to it will not either. Called before `detached`. */
  silent(): void;
}

/** Settings of {@link ReplicationSource}. */
export interface SourceOptions {
  readonly databaseUrl: string;
  readonly slotName: string;
  readonly publicationName: string;
  /** True takes a slot of its own for each connection, gone with it, that begins with what commits from then on; `slotName` begins its name. */
  readonly slotEachConnection?: boolean;
  readonly log: ShapeServiceLog;
  readonly keepAliveDelayMs: number;
  /** A server that says nothing for so long, although it was asked, is taken for gone. */
  readonly silenceMs: number;
  readonly temporarySlot: boolean;
  /** After this time without a change or a request the connection is given up until {@link ReplicationSource.touch}; 0 for never. */
  readonly replicationIdleMs: number;
  readonly nowMs: () => number;
  readonly random: () => number;
}

const heartbeatsInSilence = 3;
const retryDelayMs = 100;
const retryDelayMsMax = 5_000;
/** A process that slept for this part of the silence that ends its session may have lost its slot without knowing: what is still in its socket is left alone. */
const sleepShareMax = 2 / 3;
const ticksInSilence = 15;

/**
 * The connection to Postgres' logical replication: one owner for each slot (advisory lock), reconnecting for ever.
 *
 *   connecting --> locking --> checking slot --> streaming
 *       ^             |              |               |
 *       '--- backoff with full jitter, on any error, silence or end ---'
 */
export class ReplicationSource {
  readonly #options: SourceOptions;
  readonly #receiver: StreamReceiver;
  readonly #stopped = new AbortController();
  #link: Link | undefined;
  #lastHeardMs = 0;
  #lastAwakeMs = 0;
  #lastActiveMs = 0;
  #wake: (() => void) | undefined;
  #ackedLsn = 0n;
  #running: Promise<void> | undefined;

  constructor(options: SourceOptions, receiver: StreamReceiver) {
    this.#options = options;
    this.#receiver = receiver;
  }

  /** Starts connecting; returns at once. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Tells Postgres that everything before `lsn` is safe here. */
  acknowledge(lsn: bigint): void {
    if (lsn > this.#ackedLsn) this.#ackedLsn = lsn;
    this.#sendStatus(false);
  }

  /** Asks Postgres to say at once how far it has come. */
  askForProgress(): void {
    this.#sendStatus(true);
  }

  /** True while the database is left alone because nothing happened for long. */
  get asleep(): boolean {
    return this.#wake !== undefined;
  }

  /** Someone asks for something: the connection is needed, now or for longer. */
  touch(): void {
    this.#lastActiveMs = this.#options.nowMs();
    this.#wake?.();
  }

  /** Stops reading from the socket until `resume`. */
  pause(): void {
    this.#link?.client.connection.stream.pause();
  }

  resume(): void {
    this.#link?.client.connection.stream.resume();
  }

  /** Cuts the connection, to start again from what was acknowledged. */
  restart(reason: Error): void {
    this.#link?.fail(reason);
  }

  /** Cuts the connection for good and releases the slot. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#link?.fail(new Error("stopped"));
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopped.signal.aborted; ) {
      let streamed = false;
      try {
        const error = await this.#connectAndStream(() => (streamed = true));
        if (!this.#stopped.signal.aborted) this.#options.log.warn({ reason: error.message }, "replication stream ended");
      } catch (error) {
        if (!this.#stopped.signal.aborted) this.#options.log.warn({ reason: error instanceof Error ? error.message : String(error) }, "replication did not start");
      }
      if (this.#idle) await this.#sleep();
      failures = streamed ? 0 : failures + 1;
      await pauseFor(this.#options.random() * Math.min(retryDelayMsMax, retryDelayMs * 2 ** Math.min(failures, 10)), this.#stopped.signal);
    }
  }

  get #idle(): boolean {
    const { replicationIdleMs, nowMs } = this.#options;
    return replicationIdleMs > 0 && nowMs() - this.#lastActiveMs > replicationIdleMs && !this.#receiver.busy();
  }

  async #sleep(): Promise<void> {
    const { signal } = this.#stopped;
    if (signal.aborted) return;
    this.#options.log.info({}, "nothing happens: the database is left alone until the next request");
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    this.#wake = undefined;
  }

  async #connectAndStream(onStreaming: () => void): Promise<Error> {
    const { databaseUrl, slotName, publicationName, temporarySlot, slotEachConnection, keepAliveDelayMs, silenceMs, random } = this.#options;
    const link = new Link({ databaseUrl, name: slotName, keepAliveDelayMs, silenceMs, onSilent: () => this.#receiver.silent() });
    this.#link = link;
    try {
      await link.answered(link.client.connect());
      const named = { slotName, publicationName, temporarySlot, position: () => this.#receiver.position(), random, stopped: this.#stopped.signal };
      const claimed = slotEachConnection === true ? await claimTemporarySlot(link, slotName) : await claimNamedSlot(link, named);
      if (claimed === undefined) return new Error("stopped");
      this.#ackedLsn = claimed.slot.confirmedLsn;
      await this.#receiver.attached(claimed.slot);
      this.#stream(link, claimed.name);
      onStreaming();
      return await link.over;
    } finally {
      this.#link = undefined;
      await link.close();
      this.#receiver.detached();
    }
  }

  #stream(link: Link, slotName: string): void {
    const names = quoteIdentifier(this.#options.publicationName).replaceAll("'", "''");
    const sql = `START_REPLICATION SLOT ${quoteIdentifier(slotName)} LOGICAL 0/0 (proto_version '1', publication_names '${names}')`;
    this.#lastHeardMs = this.#lastAwakeMs = this.#lastActiveMs = this.#options.nowMs();
    const { replicationIdleMs, silenceMs } = this.#options;
    const heartbeatMs = silenceMs / heartbeatsInSilence;
    const heartbeat = setInterval(() => this.#beat(link), replicationIdleMs > 0 ? Math.min(heartbeatMs, replicationIdleMs) : heartbeatMs);
    const awake = setInterval(() => (this.#lastAwakeMs = this.#options.nowMs()), silenceMs / ticksInSilence);
    void link.over.then(() => clearInterval(heartbeat));
    void link.over.then(() => clearInterval(awake));
    link.client.query(new ReplicationStream(sql, (chunk) => this.#receive(link, chunk), (error) => link.fail(error)));
  }

  #receive(link: Link, chunk: Buffer): void {
    if (this.#link !== link) return;
    this.#lastHeardMs = this.#options.nowMs();
    if (this.#lastHeardMs - this.#lastAwakeMs > this.#options.silenceMs * sleepShareMax) link.fail(new Error("the process slept"));
    if (link.failed) return;
    const message = readStreamMessage(chunk);
    if (message?.kind === "data") {
      this.#lastActiveMs = this.#lastHeardMs;
      this.#receiver.data(message.bytes);
    }
    if (message?.kind === "keepalive") {
      this.#receiver.progressed(message.walEnd);
      if (message.replyRequested) this.#sendStatus(false);
    }
  }

  /** Asks for a keepalive: its answer proves the link and moves the slot of an idle database. */
  #beat(link: Link): void {
    if (this.#options.nowMs() - this.#lastHeardMs > this.#options.silenceMs && !link.client.connection.stream.isPaused()) link.silent();
    else if (this.#idle) link.fail(new Error("idle"));
    else this.#sendStatus(true);
  }

  #sendStatus(requestReply: boolean): void {
    const stream = this.#link?.client.connection.stream;
    if (stream?.writable === true) stream.write(statusUpdate(this.#ackedLsn, this.#options.nowMs(), requestReply));
  }
}
