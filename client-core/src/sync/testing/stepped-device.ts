import { isTableName, SaldoError, tableNames, type IdSource, type MutationName, type TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { recordMutation } from "../../mutations/record.ts";
import type { LocalDatabase } from "../../store/local-database.ts";
import { createCheckpointer, type Checkpointer, type CheckpointerOptions } from "../checkpointer.ts";
import { register, renewIdentity } from "../identity.ts";
import { jsonSlices } from "../json-slices.ts";
import { outboxState, type Settled } from "../outbox.ts";
import type { SyncPorts } from "../ports.ts";
import { failureOf } from "../relay-answer.ts";
import { beginCounting, countSlice, shapesToCount } from "../recount.ts";
import type { Relay } from "../relay.ts";
import type { Cursor } from "../shape-log.ts";
import { settledByGap, uploadOnce, type UploadOutcome } from "../upload.ts";
import { bindWorkspace, scopeOf } from "../workspace.ts";
import { bearerOf, type RelayModel } from "./relay-model.ts";

/** How one request fares. */
export type Fault = "none" | "request_lost" | "request_cut" | "response_lost" | "response_cut" | "sent_twice" | "late";

/** What a stepped device is made of. */
export interface SteppedOptions {
  readonly model: RelayModel;
  readonly database: LocalDatabase;
  readonly ids: IdSource;
  /** Whose device it is, and of which workspace; the model's first ones when left out. */
  readonly who?: { readonly userId: string; readonly workspaceId: string };
  readonly nowMs?: () => number;
  readonly messagesInMemoryMax?: number;
  /** Hands answers on as text first, as streams do with long ones, when they are at least so long. */
  readonly textBytesMin?: number;
  /** What applies checkpoints in place of the product's own, for a test that breaks it. */
  readonly apply?: CheckpointerOptions["apply"];
}

const url = "http://model.test";
const someMoment = Date.parse("2026-01-01T00:00:00.000Z");

/**
 * A device whose every step is taken by hand, one at a time: the product's own registration, recording, uploads and checkpoints without the
 * loops, the timers and the streams around them, so that a run is its seed.
 */
export class SteppedDevice {
  /** Requests that were held up on the way: delivered when called. */
  readonly late: (() => Promise<void>)[] = [];
  /** True once the server said that the person is no member. */
  isRefused = false;
  /** What comparing sums at checkpoints has found so far. */
  readonly compared: { same: number; readonly different: TableName[] } = { same: 0, different: [] };
  private readonly model: RelayModel;
  readonly database: LocalDatabase;
  private readonly who: { readonly userId: string; readonly workspaceId: string };
  private readonly ports: SyncPorts;
  private checkpointer: Checkpointer | undefined;
  private cursors = new Map<TableName, Cursor>();
  private client = "";
  private generation = "";
  private sent = 0;
  private claimed = 0;
  private checkWanted = false;

  constructor(private readonly options: SteppedOptions) {
    const { model, database, ids } = options;
    this.model = model;
    this.database = database;
    this.who = options.who ?? { userId: model.userId, workspaceId: model.workspaceId };
    const clock = { nowMs: options.nowMs ?? (() => someMoment), sleep: () => Promise.resolve() };
    this.ports = { database, serverUrl: url, fetch: model.fetch, clock, random: () => 0, ids, log: () => undefined };
  }

  /** The id it is registered with; empty before. */
  get clientId(): string {
    return this.client;
  }

  /** True while it has a session. */
  get isConnected(): boolean {
    return this.checkpointer !== undefined;
  }

  /** Binds the store, as a sign-in does. */
  async bind(): Promise<void> {
    await bindWorkspace(this.database, { ...this.who, serverUrl: url });
  }

  /** Ends the session: nothing but the store is left. */
  drop(): void {
    this.checkpointer = undefined;
    this.cursors.clear();
  }

  /** Registers and begins; also what follows a crash. */
  async begin(fault: Fault = "none"): Promise<void> {
    this.drop();
    await this.bind();
    const answer = await this.attempt(() => register(this.ports, this.relay(fault), this.who.workspaceId, new AbortController().signal));
    if (!answer) return;
    this.client = answer.clientId;
    this.generation = answer.generation;
    this.sent = this.claimed = answer.lastSeq;
    this.checkWanted = false;
    const checkpointer = await createCheckpointer({
      database: this.database,
      clientId: this.clientId,
      now: () => this.now(),
      sentThrough: () => this.sent,
      awaitsAnswer: (serverSeq) => {
        this.claimed = Math.max(this.claimed, serverSeq);
      },
      ...(this.options.messagesInMemoryMax === undefined ? {} : { messagesInMemoryMax: this.options.messagesInMemoryMax }),
      ...(this.options.textBytesMin === undefined ? {} : { textBytesMin: this.options.textBytesMin }),
      ...(this.options.apply ? { apply: this.options.apply } : {}),
      askForCheck: () => {
        this.checkWanted = true;
      },
      restart: (shape) => this.restarts.add(shape),
      reached: ({ compared }) => {
        this.compared.same += compared.same.length;
        for (const { shape } of compared.different) this.compared.different.push(shape);
      },
    });
    this.checkpointer = checkpointer;
    this.cursors = new Map([...checkpointer.cursors, ...checkpointer.loading]);
  }

  async record(name: MutationName, args: unknown): Promise<void> {
    await recordMutation(this.database, name, args, this.context());
  }

  /** What mutations are recorded with. */
  context(): { readonly workspaceId: string; readonly userId: string; readonly recordedAt: string } {
    return { ...this.who, recordedAt: this.now() };
  }

  /** Sends one batch; `ahead` leaves so many out, as one who does not wait for answers does. */
  async upload(fault: Fault, mutationsMax: number, ahead = 0): Promise<UploadOutcome["kind"] | "renewed" | "lost"> {
    if (!this.isConnected) return "lost";
    const who = { clientId: this.clientId, workspaceId: this.who.workspaceId, generation: this.generation };
    const outcome = await this.attempt(() => uploadOnce(this.ports, this.relay(fault), who, this.sent + ahead, new AbortController().signal, mutationsMax));
    if (!outcome) return "lost";
    if (outcome.kind === "sent") this.sent = outcome.throughSeq;
    if (outcome.kind === "failed" && (!outcome.failure.retryable || outcome.failure.code === "sync.server_restored")) this.refusedWith(outcome.failure);
    const settled = ahead === 0 ? await this.settledBy(outcome) : undefined;
    if (settled) {
      await renewIdentity(this.ports, settled);
      await this.begin();
      return "renewed";
    }
    if (outcome.kind === "gap") this.sent = outcome.expected - 1;
    return outcome.kind;
  }

  /** Hears the announcement a reconnecting notify stream begins with. */
  async listen(): Promise<void> {
    if (!this.checkpointer || this.isRefused) return;
    if (this.model.generation !== this.generation) return this.drop();
    const { arrivals } = this.checkpointer;
    if (arrivals.inSnapshot()) return;
    const last = this.checkWanted ? undefined : arrivals.announced();
    this.checkWanted = false;
    const { event, data } = this.model.announcement(this.clientId, last === undefined ? null : String(last));
    if (event === "check") arrivals.check(BigInt(data.lsn), data.sums);
    else arrivals.advance(BigInt(data.prev), BigInt(data.lsn), data.shapes, data.sums);
  }

  /** Makes one request of one shape, if it has something to ask. */
  async pull(shape: TableName, fault: Fault): Promise<void> {
    const { checkpointer } = this;
    if (!checkpointer || this.isRefused) return;
    const cursor = this.cursors.get(shape);
    if (cursor && !checkpointer.arrivals.isDue(shape) && !checkpointer.arrivals.inSnapshot(shape)) return;
    const scope = scopeOf(shape, { ...this.who, clientId: this.clientId });
    const offset = cursor?.offset ?? "-1";
    const query = new URLSearchParams({ scope, offset, ...(cursor?.handle ? { handle: cursor.handle } : {}) });
    checkpointer.arrivals.asked(shape);
    const response = await this.attempt(() => this.send(fault === "response_cut" ? "none" : fault, `/v1/shapes/${shape}?${query}`, {}));
    if (!response) return;
    if (response.status === 409) {
      this.cursors.delete(shape);
      await checkpointer.refetch(shape);
      return;
    }
    if (!response.ok) return this.refusedWith(await failureOf(response));
    const raw: unknown = await response.json();
    const messages: readonly unknown[] = Array.isArray(raw) ? raw : [];
    const taken = fault === "response_cut" ? messages.slice(0, Math.floor(messages.length / 2)) : messages;
    // An answer that was cut is asked for again: what came of it counts as far as its own offsets say.
    const reached = fault === "response_cut" ? (offsetAfter(taken) ?? offset) : (response.headers.get("electric-offset") ?? "-1");
    if (fault === "response_cut" && !checkpointer.arrivals.inSnapshot(shape)) return;
    const next = { handle: response.headers.get("electric-handle"), offset: reached };
    this.cursors.set(shape, next);
    if (this.options.textBytesMin === undefined) await checkpointer.batch(shape, taken, next);
    else await this.takeByCommit(checkpointer, shape, taken, next, offset);
    await this.restartShapes();
  }

  /** Hands an answer on a commit at a time, each as text where that may do, as streams do with slices of a long one. */
  private async takeByCommit(checkpointer: Checkpointer, shape: TableName, messages: readonly unknown[], next: Cursor, asked: string): Promise<void> {
    for (let from = 0, through; from < messages.length || through === undefined; from = through) {
      through = from + 1;
      while (through < messages.length && commitOf(messages[through]) === commitOf(messages[from])) through++;
      const some = messages.slice(from, through);
      const cursor = through < messages.length ? { ...next, offset: offsetAfter(some) ?? asked } : next;
      const text = `[${some.map((message) => JSON.stringify(message)).join(",\n")}]`;
      for await (const slice of jsonSlices(new Response(text))) {
        const taken = some.length === 0 ? undefined : await checkpointer.text(shape, slice, cursor);
        if (taken === undefined) await checkpointer.batch(shape, some, cursor);
      }
    }
  }

  /** Applies what may be applied now. */
  async apply(): Promise<void> {
    await this.checkpointer?.advance();
    await this.restartShapes();
  }

  /** Counts stored rows, at most so many slices; with `all` all of them anew. Returns the shapes found damaged, which are fetched again. */
  async count(slicesMax: number, all = false): Promise<readonly TableName[]> {
    await this.database.transaction((transaction) => beginCounting(transaction, all));
    const damaged: TableName[] = [];
    for (const shape of (await shapesToCount(this.database)).slice(0, slicesMax)) {
      const outcome = await countSlice(this.database, shape, this.now());
      if (outcome === "counted") this.checkpointer?.counted(shape);
      if (outcome !== "damaged") continue;
      damaged.push(shape);
      this.cursors.delete(shape);
      await this.checkpointer?.refetch(shape);
    }
    return damaged;
  }

  /** Takes every step there is until nothing moves: what a healed network allows. Returns false when it does not come to rest. */
  async settle(roundsMax: number): Promise<boolean> {
    for (let round = 0; round < roundsMax; round++) {
      if (!this.isConnected) await this.begin();
      if (this.isRefused) return true;
      let outcome = await this.upload("none", 100);
      while (outcome === "sent" || outcome === "gap" || outcome === "renewed") outcome = await this.upload("none", 100);
      for (const shape of tableNames) await this.pull(shape, "none");
      for (const shape of tableNames) await this.pull(shape, "none");
      await this.listen();
      for (const shape of tableNames) await this.pull(shape, "none");
      await this.apply();
      const { pending } = await outboxState(this.database);
      if (pending === 0 && this.checkpointer?.arrivals.isCaughtUp() === true) return true;
    }
    return this.isRefused;
  }

  /** Rows of a table as a person sees them, by id. */
  async rows(table: string): Promise<Map<string, Readonly<Record<string, unknown>>>> {
    if (!isTableName(table)) throw new TypeError("no such table");
    const rows = await this.database.query(sql`select * from ${sql.identifier(table)}`);
    return new Map(rows.map((row) => [String(row["id"]), row]));
  }

  private readonly restarts = new Set<TableName>();

  private async restartShapes(): Promise<void> {
    for (const shape of this.restarts) {
      this.restarts.delete(shape);
      this.cursors.delete(shape);
      await this.checkpointer?.refetch(shape);
    }
  }

  private async settledBy(outcome: UploadOutcome): Promise<Settled | undefined> {
    if (outcome.kind === "reused") return { throughSeq: outcome.seq - 1, serverWentBack: false };
    if (outcome.kind === "gap") return settledByGap(this.database, outcome.expected);
    if (outcome.kind === "nothing" && this.claimed > this.sent) return { throughSeq: this.sent, serverWentBack: false };
    return undefined;
  }

  /** What a lost request gives is nothing; what the server refuses for good ends the session. */
  private async attempt<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof LostError) return undefined;
      if (!(error instanceof SaldoError)) throw error;
      this.refusedWith(error);
      return undefined;
    }
  }

  private refusedWith({ code }: SaldoError): void {
    if (code === "workspace.not_found") this.isRefused = true;
    this.drop();
  }

  private now(): string {
    return new Date(this.ports.clock.nowMs()).toISOString();
  }

  private relay(fault: Fault): Relay {
    const send = (path: string, init: RequestInit) => this.send(fault, path, init);
    return {
      fetch: send,
      async request(path, init) {
        const response = await send(path, init);
        if (!response.ok) throw await failureOf(response);
        return response;
      },
    };
  }

  private async send(fault: Fault, path: string, init: RequestInit): Promise<Response> {
    if (fault === "request_lost") throw new LostError();
    const headers = new Headers(init.headers);
    headers.set("authorization", bearerOf(this.who.userId));
    const request = () => this.model.fetch(url + path, { ...init, headers });
    if (fault === "late") {
      this.late.push(async () => void (await request()));
      throw new LostError();
    }
    if (fault === "request_cut" && init.body instanceof Uint8Array) {
      await this.model.fetch(url + path, { ...init, headers, body: init.body.slice(0, init.body.byteLength - 1) });
      throw new LostError();
    }
    if (fault === "sent_twice") await request();
    const response = await request();
    if (fault === "response_lost") throw new LostError();
    if (fault !== "response_cut") return response;
    const text = await response.text();
    return new Response(text.slice(0, text.length / 2), { status: response.status, headers: response.headers });
  }
}

class LostError extends Error {}

/** The commit a message is of; undefined for a row of a snapshot, and for what is no change. */
function commitOf(message: unknown): string | undefined {
  return offsetAfter([message])?.split("_")[0];
}

/** The offset after messages that end with a change of the log; undefined within a snapshot. */
function offsetAfter(messages: readonly unknown[]): string | undefined {
  const last = messages.at(-1);
  const headers = typeof last === "object" && last !== null && "headers" in last ? last.headers : undefined;
  if (typeof headers !== "object" || headers === null || !("lsn" in headers) || !("op_position" in headers)) return undefined;
  return `${String(headers.lsn)}_${String(headers.op_position)}`;
}
