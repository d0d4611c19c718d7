import { isTableName, scopeText, tableCodec, tableNames, tables, type NotifySums, type TableName } from "@saldo/schema";
import { wireOf, type ModelChange, type ModelRow, type ModelTables } from "./model-rows.ts";

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

/** The scope value a device reads each table with. */
export type Scopes = (name: TableName) => string;

interface NotifyReader {
  /** The last LSN told. */
  told: bigint;
  readonly scopes: Scopes;
  readonly send: (event: string, data: unknown) => void;
  readonly end: () => void;
}

/** What a notify stream begins with. */
export type Announcement =
  | { readonly event: "check"; readonly data: { readonly lsn: string; readonly sums: NotifySums } }
  | { readonly event: "advance"; readonly data: { readonly prev: string; readonly lsn: string; readonly shapes: readonly string[]; readonly sums: NotifySums } };

/** The part of the model that turns commits into shape logs and tells those who listen. */
export class ModelShapes {
  lsn = 100n;
  private handles = 0;
  private shapes = new Map<string, ModelShape>();
  private readonly readers = new Set<NotifyReader>();
  private waiting: (() => void)[] = [];

  constructor(private readonly data: ModelTables, private readonly sumsOf: (names: readonly TableName[], scopes: Scopes) => NotifySums) {}

  /** Logs a commit in every shape it touches; a row that changes its scope leaves one shape and enters another. */
  publish(changes: readonly ModelChange[]): void {
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

  /** Begins a shape's logs anew, as after a change of the table; tells those who read it. */
  rotate(name: TableName): void {
    for (const [key, { scope }] of [...this.shapes].filter(([, shape]) => shape.name === name)) {
      this.shapes.delete(key);
      this.shapeOf(name, scope);
    }
    for (const reader of this.readers) reader.send("advance", { prev: String(this.lsn), lsn: String(this.lsn), shapes: [name] });
    this.wake();
  }

  /** Begins every log anew, at an LSN: the slot was lost, or the database is another one now. */
  rotateAll(lsn = this.lsn): void {
    this.lsn = lsn;
    for (const name of tableNames) this.rotate(name);
  }

  /** Ends every notify stream, as a restart does. */
  endStreams(): void {
    for (const reader of [...this.readers]) reader.end();
  }

  /** The first event a notify stream begins with. */
  announcement(scopes: Scopes, last: string | null): Announcement {
    const sums = this.sumsOf(tableNames, scopes);
    if (last === null) return { event: "check", data: { lsn: String(this.lsn), sums } };
    const missed = [...this.shapes.values()].filter((shape) => shape.scope === scopes(shape.name) && (shape.bornAt >= BigInt(last) || (shape.log.at(-1)?.lsn ?? 0n) > BigInt(last)));
    return { event: "advance", data: { prev: last, lsn: String(this.lsn), shapes: missed.map((shape) => shape.name), sums } };
  }

  /** The body of a notify stream. */
  listen(scopes: Scopes, last: string | null, signal: AbortSignal): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    return new ReadableStream<Uint8Array>({
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
        const { event, data } = this.announcement(scopes, last);
        reader.send(event, data);
      },
    });
  }

  /** The answer to a request of a shape. */
  async answer(name: TableName, scope: string, query: URLSearchParams, signal: AbortSignal): Promise<Response> {
    const offset = query.get("offset") ?? "-1";
    const live = query.get("live") === "true";
    for (;;) {
      const shape = this.shapeOf(name, scope);
      const headers = { "electric-handle": shape.handle, "electric-schema": "{}", ...(live ? { "electric-cursor": "1" } : {}) };
      if (offset === "-1") return Response.json(shape.snapshot, { headers: { ...headers, "electric-offset": "0_0" } });
      if (query.get("handle") !== shape.handle) {
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

  private messageOf(shape: ModelShape, { table, before, after }: ModelChange, position: number): unknown {
    if (table !== shape.name) return undefined;
    const was = before !== undefined && scopeValue(table, before) === shape.scope;
    const is = after !== undefined && scopeValue(table, after) === shape.scope;
    const row = is ? after : was ? before : undefined;
    if (!row) return undefined;
    const codec = tableCodec(tables[table]);
    const key = codec.columns.filter((column) => column.key === "id" || column.key === "workspaceId");
    const operation = !was ? "insert" : is ? "update" : "delete";
    const columns =
      operation === "insert" ? codec.columns : operation === "delete" ? key : codec.columns.filter((column) => key.includes(column) || before?.[column.key] !== after?.[column.key]);
    const value = wireOf(table, row, columns);
    return { key: keyOf(table, row), value, headers: { operation, relation: ["public", table], lsn: String(this.lsn), op_position: position } };
  }

  private shapeOf(name: TableName, scope: string): ModelShape {
    const key = `${name} ${scope}`;
    let shape = this.shapes.get(key);
    if (!shape) {
      const codec = tableCodec(tables[name]);
      const snapshot = [...this.data.table(name).values()]
        .filter((row) => scopeValue(name, row) === scope)
        .map((row) => ({ key: keyOf(name, row), value: wireOf(name, row, codec.columns), headers: { operation: "insert", relation: ["public", name] } }));
      this.shapes.set(key, (shape = { handle: `handle-${++this.handles}`, name, scope, snapshot, bornAt: this.lsn, log: [] }));
    }
    return shape;
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

/** The scope of the shape a row is in. */
export function scopeValue(name: TableName, row: ModelRow): string {
  return scopeText(tables[name].scope.columns.map((column) => String(row[column])));
}

/** The shapes a request names. */
export function namedShapes(list: string | null): TableName[] {
  return (list ?? "").split(",").filter(isTableName);
}

function keyOf(table: TableName, row: ModelRow): string {
  return `"public"."${table}"/"${String(row["id"])}"`;
}

function isAfter(entry: LogEntry, offset: string): boolean {
  const [lsn = "0", position = "0"] = offset.split("_");
  if (BigInt(lsn) === entry.lsn) return position !== "inf" && entry.position > Number(position);
  return entry.lsn > BigInt(lsn);
}
