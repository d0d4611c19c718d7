import {
  decodeUpload,
  errorBody,
  errorEntry,
  generationHeader,
  idsOfScope,
  isMutationName,
  isPermitted,
  mutations,
  rowHasher,
  runningSum,
  SaldoError,
  scopeOfDevice,
  tableCodec,
  tableNames,
  tables,
  toBound,
  type ErrorCode,
  type NotifySums,
  type Permission,
  type Role,
  type RowStore,
  type TableName,
  type UploadMutation,
} from "@saldo/schema";
import { thawBody } from "../../mutations/body.ts";
import { logicalValue } from "../../mutations/row-image.ts";
import { modelRowStore, ModelTables, type ModelChange, type ModelRow } from "./model-rows.ts";
import { ModelShapes, namedShapes, scopeValue, type Announcement, type Scopes } from "./model-shapes.ts";

const createdAt = "2026-01-01T00:00:00.000Z";

/** A mutation the model knows beside the product's own. */
export interface ModelMutation {
  readonly permission: Permission;
  run(rows: RowStore, args: unknown): Promise<void>;
}

/** One mutation the model ran. */
export interface Execution {
  readonly clientId: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly sha256: string;
  readonly args: unknown;
  /** Code it was refused with; null when it was applied. */
  readonly code: ErrorCode | null;
  readonly lsn: bigint;
  readonly changes: readonly ModelChange[];
}

interface Member {
  readonly workspaceId: string;
  readonly userId: string;
  readonly role: Role;
}

/** The model as a backup holds it. */
export interface ModelBackup {
  readonly rows: ReturnType<ModelTables["copy"]>;
  readonly hashes: ReadonlyMap<string, ReadonlyMap<number, { sha256: string; code: ErrorCode | null }>>;
  readonly executions: number;
  readonly lsn: bigint;
}

/**
 * A small server that speaks the relay's wire from memory: tokens, registration, uploads exactly once, shapes, the notify stream. It runs
 * the product's own mutations. For tests: any number of workspaces, people and devices; it begins with one workspace and its owner.
 */
export class RelayModel {
  readonly workspaceId = "workspace-1";
  readonly userId = "user-1";
  readonly data = new ModelTables();
  readonly shapes = new ModelShapes(this.data, (names, scopes) => this.sumsOf(names, scopes));
  generation = "generation-1";
  isMember = true;
  isSignedIn = true;
  /** Requests served, by kind. */
  readonly served = { uploads: 0, shapes: 0, notify: 0 };
  /** Every mutation run, in order. */
  readonly executions: Execution[] = [];
  /** What each commit changed, by its LSN. */
  readonly history: { readonly lsn: bigint; readonly changes: readonly ModelChange[] }[] = [];
  private readonly hashes = new Map<string, Map<number, { sha256: string; code: ErrorCode | null }>>();
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly extra: ReadonlyMap<string, ModelMutation> = new Map()) {
    this.found(this.workspaceId, this.userId);
  }

  /** Adds a workspace with its owner. */
  found(workspaceId: string, userId: string): void {
    this.data.write("workspace", workspaceId, { id: workspaceId, name: "Model", currency: "EUR", locale: "en", plan: "trial", createdAt, aiNames: false });
    this.setRole(workspaceId, userId, "owner");
  }

  /** Makes a person a member with a role; null takes them out. */
  setRole(workspaceId: string, userId: string, role: Role | null): void {
    const id = `member-${workspaceId}-${userId}`;
    this.data.write("member", id, role === null ? undefined : { id, workspaceId, userId, role, createdAt });
    this.publish();
  }

  /** Rows of a table, as the server has them. */
  rows(table: TableName): ModelRow[] {
    return [...this.data.table(table).values()];
  }

  /** Rows of a table in the scope a device reads it with. */
  rowsFor(clientId: string, table: TableName): ModelRow[] {
    const scope = this.scopesOf(clientId)(table);
    return this.rows(table).filter((row) => scopeValue(table, row) === scope);
  }

  /** A row as it was at an LSN. */
  rowAt(table: TableName, id: string, lsn: bigint): ModelRow | undefined {
    const later = this.history.find((commit) => commit.lsn > lsn && commit.changes.some((change) => change.table === table && change.id === id));
    const change = later?.changes.find((each) => each.table === table && each.id === id);
    return change ? change.before : this.data.table(table).get(id);
  }

  /** Commits a change made on the server itself. */
  async commit(work: (data: ModelTables) => void): Promise<void> {
    await this.inTurn(async () => {
      work(this.data);
      this.publish();
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

  /** Takes a backup. */
  backup(): ModelBackup {
    const hashes = new Map([...this.hashes].map(([clientId, known]) => [clientId, new Map(known)]));
    return { rows: this.data.copy(), hashes, executions: this.executions.length, lsn: this.shapes.lsn };
  }

  /** Begins again from a backup: another generation, all logs anew, and whoever listened is cut off. */
  restore(backup: ModelBackup, generation: string): void {
    this.shapes.endStreams();
    this.data.restore(backup.rows);
    this.hashes.clear();
    for (const [clientId, known] of backup.hashes) this.hashes.set(clientId, new Map(known));
    this.executions.splice(backup.executions);
    this.history.splice(0, Infinity, ...this.history.filter(({ lsn }) => lsn <= backup.lsn));
    this.generation = generation;
    this.shapes.rotateAll(backup.lsn);
  }

  /** Begins a shape's log anew, as after a change of the table; tells those who read it. */
  rotate(name: TableName): void {
    this.shapes.rotate(name);
  }

  /** Ends every notify stream, as a restart does. */
  endStreams(): void {
    this.shapes.endStreams();
  }

  /** The wire. */
  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const signal = init?.signal ?? new AbortController().signal;
    if (signal.aborted) throw new DOMException("aborted", "AbortError");
    try {
      if (url.pathname === "/v1/token") return this.token();
      const userId = userOf(new Headers(init?.headers).get("authorization"), this.userId);
      const [, , resource, name = ""] = url.pathname.split("/");
      const body = async () => new Uint8Array(await new Response(init?.body).arrayBuffer());
      if (resource === "clients") return await this.inTurn(async () => this.register(decodeURIComponent(name), userId, await body()));
      const { generation } = this;
      if ((new Headers(init?.headers).get(generationHeader) ?? generation) !== generation) throw new SaldoError("sync.server_restored");
      if (resource === "mutations") return await this.inTurn(async () => this.upload(await body(), userId));
      if (resource === "shapes") return await this.shape(url, name, userId, signal);
      if (resource === "sums") return this.sums(url);
      if (resource === "notify") return this.notify(url, userId, signal);
      throw new SaldoError("relay.not_found");
    } catch (error) {
      if (!(error instanceof SaldoError)) throw error;
      return Response.json(errorBody(error), { status: errorEntry(error.code).httpStatus });
    }
  };

  /** The first event a notify stream of a device begins with. */
  announcement(clientId: string, last: string | null): Announcement {
    return this.shapes.announcement(this.scopesOf(clientId), last);
  }

  private sums(url: URL): Response {
    return Response.json({ sums: this.sumsOf(namedShapes(url.searchParams.get("shapes")), this.scopesOf(url.searchParams.get("client") ?? "")) });
  }

  /** What rows the shapes have now. */
  private sumsOf(names: readonly TableName[], scopes: Scopes): NotifySums {
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

  /** Throws `SaldoError` `workspace.not_found` for one who is no member. */
  private memberOf(workspaceId: string, userId: string): Member {
    const row = this.rows("member").find((member) => member["workspaceId"] === workspaceId && member["userId"] === userId);
    const role = (["owner", "accountant", "viewer"] as const).find((each) => each === row?.["role"]);
    if (!role || (userId === this.userId && !this.isMember)) throw new SaldoError("workspace.not_found");
    return { workspaceId, userId, role };
  }

  private register(clientId: string, userId: string, body: Uint8Array): Response {
    const asked: unknown = body.byteLength > 0 ? JSON.parse(new TextDecoder().decode(body)) : {};
    const workspaceId = typeof asked === "object" && asked !== null && "workspaceId" in asked ? String(asked.workspaceId) : this.workspaceId;
    this.memberOf(workspaceId, userId);
    const known = this.data.table("client").get(clientId);
    if (known && (known["workspaceId"] !== workspaceId || known["userId"] !== userId)) throw new SaldoError("relay.client_unknown");
    if (!known) {
      this.data.write("client", clientId, { id: clientId, workspaceId, userId, lastSeq: 0, createdAt });
      this.publish();
    }
    const lastSeq = this.lastSeq(clientId);
    return Response.json({ generation: this.generation, lastSeq, lastSha256: this.hashes.get(clientId)?.get(lastSeq)?.sha256 ?? null });
  }

  private lastSeq(clientId: string): number {
    return Number(this.data.table("client").get(clientId)?.["lastSeq"] ?? 0);
  }

  private async upload(bytes: Uint8Array, userId: string): Promise<Response> {
    this.served.uploads++;
    const { clientId, workspaceId, mutations: batch } = decodeUpload(bytes);
    const member = this.memberOf(workspaceId, userId);
    const client = this.data.table("client").get(clientId);
    if (client?.["workspaceId"] !== workspaceId || client["userId"] !== userId) throw new SaldoError("relay.client_unknown");
    const answered = this.hashes.get(clientId) ?? new Map<number, { sha256: string; code: ErrorCode | null }>();
    this.hashes.set(clientId, answered);
    const [first] = batch;
    if (batch.some(({ seq }, index) => seq !== (first?.seq ?? 0) + index)) throw new SaldoError("relay.invalid_upload", { part: "order" });
    if (first && first.seq > this.lastSeq(clientId) + 1) throw new SaldoError("relay.sequence_gap", { expected: this.lastSeq(clientId) + 1 });
    for (const { seq, sha256 } of batch) {
      const answer = answered.get(seq);
      if (answer && answer.sha256 !== sha256) throw new SaldoError("relay.sequence_reused", { seq });
    }
    const verdicts = [];
    for (const mutation of batch) {
      const { seq, sha256 } = mutation;
      let answer = answered.get(seq);
      if (!answer) {
        answer = { sha256, code: await this.apply(clientId, member, mutation) };
        answered.set(seq, answer);
      }
      verdicts.push(answer.code === null ? { seq, outcome: "applied" } : { seq, outcome: "rejected", code: answer.code });
    }
    return Response.json({ verdicts, lastSeq: this.lastSeq(clientId), txid: Number(this.shapes.lsn) });
  }

  private async apply(clientId: string, { workspaceId, userId, role }: Member, { seq, name, sha256, encoding, body }: UploadMutation): Promise<ErrorCode | null> {
    let code: ErrorCode | null = null;
    let args: unknown = null;
    try {
      args = await thawBody(encoding, new Uint8Array(body));
      await this.data.savepoint(() => this.run(name, args, { workspaceId, userId, role }));
    } catch (error) {
      if (!(error instanceof SaldoError)) throw error;
      code = error.code;
      const id = `rejection-${clientId}-${seq}`;
      this.data.write("rejection", id, { id, workspaceId, userId, clientId, seq, mutation: name, code, payload: logicalValue(args) ?? {}, status: "open", createdAt });
    }
    this.data.write("client", clientId, { ...this.data.table("client").get(clientId), lastSeq: seq });
    const changes = this.publish();
    this.executions.push({ clientId, workspaceId, name, sha256, args, code, lsn: this.shapes.lsn, changes });
    return code;
  }

  private async run(name: string, args: unknown, { workspaceId, userId, role }: Member): Promise<void> {
    const rows = modelRowStore(this.data, workspaceId);
    const extra = this.extra.get(name);
    const known = extra ?? (isMutationName(name) ? mutations[name] : undefined);
    if (!known) throw new SaldoError("mutation.unknown");
    if (!isPermitted(role, known.permission)) throw new SaldoError("mutation.not_permitted");
    if (extra) await extra.run(rows, args);
    else if (isMutationName(name)) await mutations[name].bind(args)(rows, { workspaceId, userId });
  }

  private publish(): readonly ModelChange[] {
    const changes = this.data.commit();
    this.shapes.publish(changes);
    if (changes.length > 0) this.history.push({ lsn: this.shapes.lsn, changes });
    return changes;
  }

  private async shape(url: URL, wanted: string, userId: string, signal: AbortSignal): Promise<Response> {
    this.served.shapes++;
    const name = tableNames.find((table) => table === wanted);
    const scope = url.searchParams.get("scope") ?? "";
    if (!name || !this.mayRead(name, scope, userId)) throw new SaldoError("relay.shape_unknown");
    return this.shapes.answer(name, scope, url.searchParams, signal);
  }

  private mayRead(name: TableName, scope: string, userId: string): boolean {
    if (userId === this.userId && !this.isMember) return false;
    const { kind } = tables[name].scope;
    if (kind === "user") return scope === userId;
    const [author, ofAuthor] = idsOfScope(scope);
    const client = this.data.table("client").get(scope);
    if ((kind === "device" && client?.["userId"] !== userId) || (kind === "author" && author !== userId)) return false;
    const workspaceId = kind === "workspace" ? scope : kind === "author" ? ofAuthor : client?.["workspaceId"];
    return this.rows("member").some((member) => member["workspaceId"] === workspaceId && member["userId"] === userId);
  }

  private notify(url: URL, userId: string, signal: AbortSignal): Response {
    this.served.notify++;
    const clientId = url.searchParams.get("client") ?? "";
    if (userId === this.userId && !this.isMember) throw new SaldoError("workspace.not_found");
    if (!this.data.table("client").has(clientId)) throw new SaldoError("relay.client_unknown");
    const body = this.shapes.listen(this.scopesOf(clientId), url.searchParams.get("last"), signal);
    return new Response(body, { headers: { "content-type": "text/event-stream", [generationHeader]: this.generation } });
  }

  private scopesOf(clientId: string): Scopes {
    const client = this.data.table("client").get(clientId);
    const text = (value: unknown, otherwise: string) => (typeof value === "string" ? value : otherwise);
    const device = { workspaceId: text(client?.["workspaceId"], this.workspaceId), userId: text(client?.["userId"], this.userId), clientId };
    return (name) => scopeOfDevice(tables[name].scope.kind, device);
  }
}

/** The header a person's requests bear. */
export function bearerOf(userId: string): string {
  return `Bearer model-token ${userId}`;
}

function userOf(header: string | null, owner: string): string {
  const [scheme, token, userId = owner] = (header ?? "").split(" ");
  if (scheme !== "Bearer" || token !== "model-token") throw new SaldoError("auth.required");
  return userId;
}
