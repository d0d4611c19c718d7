import {
  decodeUpload,
  errorBody,
  errorEntry,
  generationHeader,
  isMutationName,
  isTableName,
  mutations,
  rowHasher,
  runningSum,
  SaldoError,
  tableCodec,
  tableNames,
  tables,
  toBound,
  type MutationContext,
  type NotifySums,
  type TableName,
} from "@saldo/schema";
import { thawBody } from "../../mutations/body.ts";
import { logicalValue } from "../../mutations/row-image.ts";
import { modelRowStore, ModelTables, wireOf, type ModelChange, type ModelRow } from "./model-rows.ts";

interface LogEntry {
  readonly lsn: bigint;
  readonly position: number;
  readonly message: unknown;
}

interface ModelShape {
  readonly handle: string;
  readonly name: TableName;
  readonly scope: string;
  readonly snapshot: readonly unknown[];
  /** Where its log begins. */
  readonly bornAt: bigint;
  readonly log: LogEntry[];
}

interface NotifyReader {
  /** The last LSN told. */
  told: bigint;
  readonly scopes: (name: TableName) => string;
  readonly send: (event: string, data: unknown) => void;
  readonly end: () => void;
}

/** The first event of a notify stream. */
export type Announcement =
  | { readonly event: "check"; readonly data: { readonly lsn: string; readonly sums: NotifySums } }
  | { readonly event: "advance"; readonly data: { readonly prev: string; readonly lsn: string; readonly shapes: readonly string[]; readonly sums: NotifySums } };

/**
 * A small server that speaks the relay's wire from memory: tokens, registration, uploads exactly once, shapes, the notify stream. It runs
 * the product's own mutations. For tests: one workspace, one user, any number of devices.
 */
export class RelayModel {
  readonly workspaceId = "workspace-1";
  readonly userId = "user-1";
  readonly data = new ModelTables();
  generation = "generation-1";
  isMember = true;
  isSignedIn = true;
  /** Requests served, by kind. */
  readonly served = { uploads: 0, shapes: 0, notify: 0 };
  private lsn = 100n;
  private handles = 0;
  private readonly shapes = new Map<string, ModelShape>();
  private readonly hashes = new Map<string, Map<number, { sha256: string; code: string | null }>>();
  private readonly readers = new Set<NotifyReader>();
  private waiting: (() => void)[] = [];
  private queue: Promise<unknown> = Promise.resolve();

  constructor() {
    const createdAt = "2026-01-01T00:00:00.000Z";
    const { workspaceId, userId } = this;
    this.data.write("workspace", workspaceId, { id: workspaceId, name: "Model", currency: "EUR", locale: "en", plan: "trial", createdAt });
    this.data.write("member", "member-1", { id: "member-1", workspaceId, userId, role: "owner", createdAt });
    this.data.commit();
  }

  /** Rows of a table, as the server has them. */
  rows(table: TableName): ModelRow[] {
    return [...this.data.table(table).values()];
  }

  /** Commits a change made on the server itself. */
  async commit(work: (data: ModelTables) => void): Promise<void> {
    await this.inTurn(async () => {
      work(this.data);
      this.publish(this.data.commit());
    });
  }

  /** Goes back to what it was before a client's mutations after `seq`, as a standby that takes over without them; `undo` takes their rows away. */
  async lose(clientId: string, seq: number, undo: (data: ModelTables) => void): Promise<void> {
    await this.commit((data) => {
      undo(data);
      data.write("client", clientId, { ...data.table("client").get(clientId), lastSeq: seq });
      for (const known of [...(this.hashes.get(clientId)?.keys() ?? [])]) if (known > seq) this.hashes.get(clientId)?.delete(known);
    });
  }

  /** Begins a shape's log anew, as after a change of the table; tells those who read it. */
  rotate(name: TableName): void {
    for (const [key, { scope }] of [...this.shapes].filter(([, shape]) => shape.name === name)) {
      this.shapes.delete(key);
      this.shapeOf(name, scope);
    }
    for (const reader of this.readers) reader.send("advance", { prev: String(this.lsn), lsn: String(this.lsn), shapes: [name] });
    this.wake();
  }

  /** Ends every notify stream, as a restart does. */
  endStreams(): void {
    for (const reader of [...this.readers]) reader.end();
  }

  /** The wire. */
  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const signal = init?.signal ?? new AbortController().signal;
    if (signal.aborted) throw new DOMException("aborted", "AbortError");
    try {
      if (url.pathname === "/v1/token") return this.token();
      if (new Headers(init?.headers).get("authorization") !== "Bearer model-token") throw new SaldoError("auth.required");
      const [, , resource, name = ""] = url.pathname.split("/");
      if (resource === "clients") return await this.inTurn(async () => this.register(decodeURIComponent(name)));
      if (resource === "mutations") return await this.inTurn(async () => this.upload(new Uint8Array(await new Response(init?.body).arrayBuffer())));
      if (resource === "shapes") return await this.shape(url, name, signal);
      if (resource === "sums") return this.sums(url);
      if (resource === "notify") return this.notify(url, signal);
      throw new SaldoError("relay.not_found");
    } catch (error) {
      if (!(error instanceof SaldoError)) throw error;
      return Response.json(errorBody(error), { status: errorEntry(error.code).httpStatus });
    }
  };

  private sums(url: URL): Response {
    const names = (url.searchParams.get("shapes") ?? "").split(",").filter(isTableName);
    return Response.json({ sums: this.sumsOf(names, this.scopesOf(url.searchParams.get("client") ?? "")) });
  }

  /** What rows the shapes have now. */
  private sumsOf(names: readonly TableName[], scopes: (name: TableName) => string): NotifySums {
    const sums = names.map((name) => {
      const hasher = rowHasher(tables[name]);
      const total = runningSum();
      const { columns } = tableCodec(tables[name]);
      for (const row of this.rows(name)) {
        if (scopeValue(name, row) !== scopes(name)) continue;
        total.add(hasher.ofValues(columns.map(({ key, declaration }) => toBound(declaration.type, logicalValue(row[key]), "postgres"))));
      }
      return [name, total.value()] as const;
    });
    return Object.fromEntries(sums);
  }

  private inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  private token(): Response {
    if (!this.isSignedIn) throw new SaldoError("auth.required");
    const workspaces = this.isMember ? [{ id: this.workspaceId, name: "Model", currency: "EUR", locale: "en", role: "owner" }] : [];
    const user = { id: this.userId, email: "person@example.org", name: "Person" };
    return Response.json({ token: "model-token", expiresAt: "2100-01-01T00:00:00.000Z", user, workspaces });
  }

  private register(clientId: string): Response {
    if (!this.isMember) throw new SaldoError("workspace.not_found");
    const { workspaceId, userId } = this;
    if (!this.data.table("client").has(clientId)) {
      this.data.write("client", clientId, { id: clientId, workspaceId, userId, lastSeq: 0, createdAt: "2026-01-01T00:00:00.000Z" });
      this.publish(this.data.commit());
    }
    const lastSeq = this.lastSeq(clientId);
    return Response.json({ generation: this.generation, lastSeq, lastSha256: this.hashes.get(clientId)?.get(lastSeq)?.sha256 ?? null });
  }

  private lastSeq(clientId: string): number {
    return Number(this.data.table("client").get(clientId)?.["lastSeq"] ?? 0);
  }

  private async upload(bytes: Uint8Array): Promise<Response> {
    this.served.uploads++;
    if (!this.isMember) throw new SaldoError("workspace.not_found");
    const { clientId, mutations: batch } = decodeUpload(bytes);
    if (!this.data.table("client").has(clientId)) throw new SaldoError("relay.client_unknown");
    const answered = this.hashes.get(clientId) ?? new Map<number, { sha256: string; code: string | null }>();
    this.hashes.set(clientId, answered);
    const [first] = batch;
    if (first && first.seq > this.lastSeq(clientId) + 1) throw new SaldoError("relay.sequence_gap", { expected: this.lastSeq(clientId) + 1 });
    const verdicts = [];
    for (const { seq, name, sha256, encoding, body } of batch) {
      let answer = answered.get(seq);
      if (answer && answer.sha256 !== sha256) throw new SaldoError("relay.sequence_reused", { seq });
      if (!answer) {
        answer = { sha256, code: await this.apply(clientId, seq, name, encoding, new Uint8Array(body)) };
        answered.set(seq, answer);
      }
      verdicts.push(answer.code === null ? { seq, outcome: "applied" } : { seq, outcome: "rejected", code: answer.code });
    }
    return Response.json({ verdicts, lastSeq: this.lastSeq(clientId), txid: Number(this.lsn) });
  }

  private async apply(clientId: string, seq: number, name: string, encoding: "json" | "deflate", body: Uint8Array<ArrayBuffer>): Promise<string | null> {
    const context: MutationContext = { workspaceId: this.workspaceId, userId: this.userId };
    let code: string | null = null;
    let payload: unknown = null;
    try {
      payload = await thawBody(encoding, body);
      const args = payload;
      await this.data.savepoint(async () => {
        if (!isMutationName(name)) throw new SaldoError("mutation.unknown");
        await mutations[name].bind(args)(modelRowStore(this.data), context);
      });
    } catch (error) {
      if (!(error instanceof SaldoError)) throw error;
      code = error.code;
      const id = `rejection-${clientId}-${seq}`;
      const { workspaceId, userId } = this;
      this.data.write("rejection", id, { id, workspaceId, userId, clientId, seq, mutation: name, code, payload: logicalValue(payload) ?? {}, status: "open", createdAt: "2026-01-01T00:00:00.000Z" });
    }
    this.data.write("client", clientId, { ...this.data.table("client").get(clientId), lastSeq: seq });
    this.publish(this.data.commit());
    return code;
  }

  private publish(changes: readonly ModelChange[]): void {
    if (changes.length === 0) return;
    this.lsn += 8n;
    const touched = new Set<ModelShape>();
    for (const [position, change] of changes.entries()) {
      for (const shape of this.shapes.values()) {
        const message = this.messageOf(shape, change, position);
        if (!message) continue;
        shape.log.push({ lsn: this.lsn, position, message });
        touched.add(shape);
      }
    }
    for (const reader of this.readers) {
      const named = [...touched].filter((shape) => shape.scope === reader.scopes(shape.name)).map((shape) => shape.name);
      if (named.length === 0) continue;
      reader.send("advance", { prev: String(reader.told), lsn: String(this.lsn), shapes: named, sums: this.sumsOf(named, reader.scopes) });
      reader.told = this.lsn;
    }
    this.wake();
  }

  private messageOf(shape: ModelShape, { table, before, after }: ModelChange, position: number): unknown {
    const row = after ?? before;
    if (table !== shape.name || !row || scopeValue(table, row) !== shape.scope) return undefined;
    const codec = tableCodec(tables[table]);
    const key = codec.columns.filter((column) => column.key === "id" || column.key === "workspaceId");
    const operation = !before ? "insert" : after ? "update" : "delete";
    const columns =
      operation === "insert" ? codec.columns : operation === "delete" ? key : codec.columns.filter((column) => key.includes(column) || before?.[column.key] !== after?.[column.key]);
    const value = wireOf(table, row, columns);
    return { key: `"public"."${table}"/"${String(row["id"])}"`, value, headers: { operation, relation: ["public", table], lsn: String(this.lsn), op_position: position } };
  }

  private shapeOf(name: TableName, scope: string): ModelShape {
    const key = `${name} ${scope}`;
    let shape = this.shapes.get(key);
    if (!shape) {
      const codec = tableCodec(tables[name]);
      const snapshot = this.rows(name)
        .filter((row) => scopeValue(name, row) === scope)
        .map((row) => ({ key: `"public"."${name}"/"${String(row["id"])}"`, value: wireOf(name, row, codec.columns), headers: { operation: "insert", relation: ["public", name] } }));
      this.shapes.set(key, (shape = { handle: `handle-${++this.handles}`, name, scope, snapshot, bornAt: this.lsn, log: [] }));
    }
    return shape;
  }

  private async shape(url: URL, wanted: string, signal: AbortSignal): Promise<Response> {
    this.served.shapes++;
    const name = tableNames.find((table) => table === wanted);
    const scope = url.searchParams.get("scope") ?? "";
    if (!name || !this.isMember) throw new SaldoError("relay.shape_unknown");
    const offset = url.searchParams.get("offset") ?? "-1";
    const live = url.searchParams.get("live") === "true";
    for (;;) {
      const shape = this.shapeOf(name, scope);
      const headers = { "electric-handle": shape.handle, "electric-schema": "{}", ...(live ? { "electric-cursor": "1" } : {}) };
      if (offset === "-1") return Response.json(shape.snapshot, { headers: { ...headers, "electric-offset": "0_0" } });
      if (url.searchParams.get("handle") !== shape.handle) {
        return Response.json([{ headers: { control: "must-refetch" } }], { status: 409, headers: { "electric-handle": shape.handle } });
      }
      const entries = shape.log.filter((entry) => isAfter(entry, offset));
      const last = entries.at(-1);
      if (live && !last) {
        await this.change(signal);
        continue;
      }
      const next = last ? `${last.lsn}_${last.position}` : offset === "0_0" ? "0_inf" : offset;
      const through = live && last ? last.lsn : this.lsn;
      const upToDate = { headers: { control: "up-to-date", global_last_seen_lsn: String(through) } };
      return Response.json([...entries.map((entry) => entry.message), upToDate], { headers: { ...headers, "electric-offset": next, "electric-up-to-date": "" } });
    }
  }

  private notify(url: URL, signal: AbortSignal): Response {
    this.served.notify++;
    const clientId = url.searchParams.get("client") ?? "";
    if (!this.isMember) throw new SaldoError("workspace.not_found");
    if (!this.data.table("client").has(clientId)) throw new SaldoError("relay.client_unknown");
    const last = url.searchParams.get("last");
    const scopes = this.scopesOf(clientId);
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const reader: NotifyReader = {
          told: this.lsn,
          scopes,
          send: (event, data) => controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)),
          end: () => {
            if (this.readers.delete(reader)) controller.close();
          },
        };
        this.readers.add(reader);
        signal.addEventListener("abort", () => {
          if (this.readers.delete(reader)) controller.error(new DOMException("aborted", "AbortError"));
        });
        const { event, data } = this.announcement(clientId, last);
        reader.send(event, data);
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream", [generationHeader]: this.generation } });
  }

  private scopesOf(clientId: string): (name: TableName) => string {
    return (name) => ({ workspace: this.workspaceId, user: this.userId, device: clientId })[tables[name].scope.kind];
  }

  /** The first event a notify stream of a device begins with. */
  announcement(clientId: string, last: string | null): Announcement {
    const scopes = this.scopesOf(clientId);
    const sums = this.sumsOf(tableNames, scopes);
    if (last === null) return { event: "check", data: { lsn: String(this.lsn), sums } };
    const missed = [...this.shapes.values()].filter((shape) => shape.scope === scopes(shape.name) && (shape.bornAt >= BigInt(last) || (shape.log.at(-1)?.lsn ?? 0n) > BigInt(last)));
    return { event: "advance", data: { prev: last, lsn: String(this.lsn), shapes: missed.map((shape) => shape.name), sums } };
  }

  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push(resolve);
      signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")), { once: true });
    });
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

function scopeValue(name: TableName, row: ModelRow): unknown {
  return row[tables[name].scope.column];
}

function isAfter(entry: LogEntry, offset: string): boolean {
  const [lsn = "0", position = "0"] = offset.split("_");
  if (BigInt(lsn) === entry.lsn) return position !== "inf" && entry.position > Number(position);
  return entry.lsn > BigInt(lsn);
}
