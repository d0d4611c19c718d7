import { isTableName, tableNames, type MutationName, type TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { recordMutation } from "../../mutations/record.ts";
import type { LocalDatabase } from "../../store/local-database.ts";
import type { Checkpoint, CheckpointResult } from "../checkpoint.ts";
import { createCheckpointer, type Checkpointer } from "../checkpointer.ts";
import { outboxState } from "../outbox.ts";
import { beginCounting, countSlice, shapesToCount } from "../recount.ts";
import type { Relay } from "../relay.ts";
import type { Cursor } from "../shape-log.ts";
import { uploadOnce, type UploadOutcome } from "../upload.ts";
import { bindWorkspace, scopeOf } from "../workspace.ts";
import type { RelayModel } from "./relay-model.ts";

/** How one request fares. */
export type Fault = "none" | "request_lost" | "response_lost" | "sent_twice";

/** What a planted bug replaces. */
export interface Plant {
  readonly database?: (database: LocalDatabase) => LocalDatabase;
  readonly apply?: (database: LocalDatabase, checkpoint: Checkpoint) => Promise<CheckpointResult>;
  readonly afterUpload?: (database: LocalDatabase, outcome: UploadOutcome) => Promise<void>;
}

const recordedAt = "2026-01-01T00:00:00.000Z";
const url = "http://model.test";

/**
 * A device whose every step is taken by hand, one at a time: the product's own recording, uploads and checkpoints without the loops, the
 * timers and the streams around them, so that a run is its seed.
 */
export class SteppedDevice {
  private checkpointer: Checkpointer | undefined;
  private cursors = new Map<TableName, Cursor>();
  private sent = 0;
  private checkWanted = false;
  /** What comparing sums at checkpoints has found so far. */
  readonly compared: { same: number; readonly different: TableName[] } = { same: 0, different: [] };

  constructor(
    readonly model: RelayModel,
    readonly database: LocalDatabase,
    readonly clientId: string,
    private readonly plant: Plant = {},
    private readonly messagesInMemoryMax = 5_000,
  ) {}

  /** Registers and begins; also what follows a crash: nothing but the store is left. */
  async begin(): Promise<void> {
    const { workspaceId, userId } = this.model;
    await bindWorkspace(this.database, { workspaceId, userId, serverUrl: url });
    const answer: unknown = await (await this.send("none", `/v1/clients/${this.clientId}`, { method: "PUT" })).json();
    this.sent = typeof answer === "object" && answer !== null && "lastSeq" in answer ? Number(answer.lastSeq) : 0;
    this.checkWanted = false;
    this.checkpointer = await createCheckpointer({
      database: this.database,
      clientId: this.clientId,
      now: () => recordedAt,
      sentThrough: () => this.sent,
      messagesInMemoryMax: this.messagesInMemoryMax,
      ...(this.plant.apply ? { apply: this.plant.apply } : {}),
      askForCheck: () => {
        this.checkWanted = true;
      },
      restart: (shape) => {
        this.cursors.delete(shape);
        void this.parts().refetch(shape);
      },
      reached: ({ compared }) => {
        this.compared.same += compared.same.length;
        for (const { shape } of compared.different) this.compared.different.push(shape);
      },
    });
    this.cursors = new Map([...this.checkpointer.cursors, ...this.checkpointer.loading]);
  }

  async record(name: MutationName, args: unknown): Promise<void> {
    const { workspaceId, userId } = this.model;
    await recordMutation(this.database, name, args, { workspaceId, userId, recordedAt });
  }

  async upload(fault: Fault, mutationsMax: number): Promise<UploadOutcome["kind"]> {
    const relay: Relay = { fetch: (path, init) => this.send(fault, path, init), request: (path, init) => this.send(fault, path, init) };
    const who = { clientId: this.clientId, workspaceId: this.model.workspaceId };
    try {
      const outcome = await uploadOnce({ database: this.database }, relay, who, this.sent, new AbortController().signal, mutationsMax);
      if (outcome.kind === "sent") this.sent = outcome.throughSeq;
      await this.plant.afterUpload?.(this.database, outcome);
      return outcome.kind;
    } catch (error) {
      if (error instanceof LostError) return "failed";
      throw error;
    }
  }

  /** Hears the announcement a reconnecting notify stream begins with. */
  listen(): void {
    const { arrivals } = this.parts();
    if (arrivals.inSnapshot()) return;
    const last = this.checkWanted ? undefined : arrivals.announced();
    this.checkWanted = false;
    const { event, data } = this.model.announcement(this.clientId, last === undefined ? null : String(last));
    if (event === "check") arrivals.check(BigInt(data.lsn), data.sums);
    else arrivals.advance(BigInt(data.prev), BigInt(data.lsn), data.shapes, data.sums);
  }

  /** Makes one request of one shape, if it has something to ask. */
  async pull(shape: TableName, fault: Fault): Promise<void> {
    const checkpointer = this.parts();
    const cursor = this.cursors.get(shape);
    if (cursor && !checkpointer.arrivals.isDue(shape) && !checkpointer.arrivals.inSnapshot(shape)) return;
    const ids = { workspaceId: this.model.workspaceId, userId: this.model.userId, clientId: this.clientId };
    const query = new URLSearchParams({ scope: scopeOf(shape, ids), offset: cursor?.offset ?? "-1", ...(cursor?.handle ? { handle: cursor.handle } : {}) });
    checkpointer.arrivals.asked(shape);
    const response = await this.send(fault, `/v1/shapes/${shape}?${query}`, {}).catch(() => undefined);
    if (!response) return;
    if (response.status === 409) {
      this.cursors.delete(shape);
      await checkpointer.refetch(shape);
      return;
    }
    const raw: unknown = await response.json();
    const next = { handle: response.headers.get("electric-handle"), offset: response.headers.get("electric-offset") ?? "-1" };
    this.cursors.set(shape, next);
    await checkpointer.batch(shape, Array.isArray(raw) ? raw : [], next);
  }

  async apply(): Promise<void> {
    await this.parts().advance();
  }

  /** Counts stored rows, at most so many slices; with `all` all of them anew. Returns the shapes found damaged, which are fetched again. */
  async count(slicesMax: number, all = false): Promise<readonly TableName[]> {
    await this.database.transaction((transaction) => beginCounting(transaction, all));
    const damaged: TableName[] = [];
    for (const shape of (await shapesToCount(this.database)).slice(0, slicesMax)) {
      const outcome = await countSlice(this.database, shape, recordedAt);
      if (outcome === "counted") this.parts().counted(shape);
      if (outcome !== "damaged") continue;
      damaged.push(shape);
      this.cursors.delete(shape);
      await this.parts().refetch(shape);
    }
    return damaged;
  }

  /** Takes every step there is until nothing moves: what a healed network allows. Returns false when it does not come to rest. */
  async settle(roundsMax: number): Promise<boolean> {
    for (let round = 0; round < roundsMax; round++) {
      while ((await this.upload("none", 100)) === "sent");
      for (const shape of tableNames) await this.pull(shape, "none");
      for (const shape of tableNames) await this.pull(shape, "none");
      this.listen();
      for (const shape of tableNames) await this.pull(shape, "none");
      await this.apply();
      const { pending } = await outboxState(this.database);
      if (pending === 0 && this.parts().arrivals.isCaughtUp()) return true;
    }
    return false;
  }

  /** Rows of a table as a person sees them, by id. */
  async rows(table: string): Promise<Map<string, Readonly<Record<string, unknown>>>> {
    if (!isTableName(table)) throw new TypeError("no such table");
    const rows = await this.database.query(sql`select * from ${sql.identifier(table)}`);
    return new Map(rows.map((row) => [String(row["id"]), row]));
  }

  private parts(): Checkpointer {
    if (!this.checkpointer) throw new Error("the device has not begun");
    return this.checkpointer;
  }

  private async send(fault: Fault, path: string, init: RequestInit): Promise<Response> {
    if (fault === "request_lost") throw new LostError();
    const headers = new Headers(init.headers);
    headers.set("authorization", "Bearer model-token");
    const request = () => this.model.fetch(url + path, { ...init, headers });
    if (fault === "sent_twice") await request();
    const response = await request();
    if (fault === "response_lost") throw new LostError();
    return response;
  }
}

class LostError extends Error {}
