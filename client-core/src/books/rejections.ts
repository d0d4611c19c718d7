import { fromStored, isMutationName, mutations, SaldoError, type JsonValue, type MutationName, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { thawBody } from "../mutations/body.ts";
import { recordTogether } from "../mutations/index.ts";
import { readRows, type SqlReader } from "../store/index.ts";
import type { Books } from "./books.ts";
import { subjectOf, type RejectionSubject } from "./rejected-rows.ts";

/** Most refused changes one answer lists. */
const rejectionsMax = 100;

/** A part of a refused change its author may correct before trying again. */
export interface RejectedField {
  readonly key: string;
  readonly kind: "text" | "date" | "category";
  readonly value: string | null;
}

/** A change the server refused, still open. */
export interface OpenRejection {
  readonly id: string;
  readonly at: string;
  readonly code: string;
  readonly mutation: string;
  /** False when its values are not here, or it is one part of an import: then the file is imported again. */
  readonly canRetry: boolean;
  readonly fields: readonly RejectedField[];
  readonly about: RejectionSubject;
}

const kindOfField: Readonly<Record<string, RejectedField["kind"]>> = {
  name: "text",
  title: "text",
  note: "text",
  number: "text",
  taxNumber: "text",
  accountNumber: "text",
  companyName: "text",
  comment: "text",
  asOf: "date",
  firstOn: "date",
  lastOn: "date",
  categoryId: "category",
};

/** Refused changes that wait for a decision, the latest first. */
export async function openRejections(reader: SqlReader, workspaceId: string): Promise<OpenRejection[]> {
  const rows = await readRows(
    reader,
    "rejection",
    sql`where "workspace_id" = ${workspaceId} and "status" = 'open' order by "created_at" desc, "id" desc limit ${sql.raw(String(rejectionsMax))}`,
  );
  return Promise.all(rows.map((row) => describe(reader, row)));
}

async function describe(reader: SqlReader, row: Row<"rejection">): Promise<OpenRejection> {
  const { id, workspaceId, mutation, code, createdAt: at } = row;
  const canBeMade = isRetryable(mutation);
  // Of a part of an import, which may be large, what came with the rejection is enough.
  const args = canBeMade ? await argumentsOf(reader, row) : sentArguments(row);
  const canRetry = canBeMade && args !== undefined;
  return { id, at, code, mutation, canRetry, fields: canRetry ? fieldsOf(mutation, args) : [], about: await subjectOf(reader, workspaceId, mutation, args ?? {}) };
}

/** Of a category that was moved or renamed `categoryId` says which one it is; elsewhere it is a choice. */
function fieldsOf(mutation: string, args: Readonly<Record<string, JsonValue>>): RejectedField[] {
  return Object.entries(args).flatMap(([key, value]) => {
    const kind = mutation.startsWith("category.") && key === "categoryId" ? undefined : kindOfField[key];
    return kind === undefined || (typeof value !== "string" && value !== null) ? [] : [{ key, kind, value }];
  });
}

function isRetryable(mutation: string): mutation is MutationName {
  return isMutationName(mutation) && !mutation.startsWith("import.") && mutation !== mutations["rejection.resolve"].name;
}

/** The arguments as they were sent: from the rejection, or from this device's outbox when they were too large to keep there. */
async function argumentsOf(reader: SqlReader, row: Row<"rejection">): Promise<Readonly<Record<string, JsonValue>> | undefined> {
  const sent = sentArguments(row);
  if (sent) return sent;
  const { clientId, seq } = row;
  const [own] = await reader.query(sql`select 1 as "own" from "client" where "id" = ${clientId}`);
  const [entry] = own ? await reader.query(sql`select "encoding", "body" from "sync_outbox" where "seq" = ${seq} and "status" = 'rejected'`) : [];
  const body = entry === undefined ? null : fromStored("bytes", entry["body"]);
  if (!(body instanceof Uint8Array)) return undefined;
  const args = await thawBody(entry?.["encoding"] === "deflate" ? "deflate" : "json", new Uint8Array(body));
  return isRecord(args) ? args : undefined;
}

function sentArguments({ payload }: Row<"rejection">): Readonly<Record<string, JsonValue>> | undefined {
  return isRecord(payload) && payload["omitted"] !== true ? payload : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, JsonValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Makes a refused change again, with corrected fields, and settles its entry: both or neither. Throws `SaldoError` `mutation.*` when this
 * device refuses it already; the entry stays open then.
 */
export async function retryRejection(books: Books, id: string, corrections: Readonly<Record<string, string | null>>): Promise<void> {
  const [row] = await readRows(books.database, "rejection", sql`where "id" = ${id}`);
  const name = row?.mutation;
  const args = row === undefined ? undefined : await argumentsOf(books.database, row);
  if (name === undefined || !isRetryable(name) || args === undefined) throw new SaldoError("mutation.row_missing", { table: "rejection" });
  const open = new Set(fieldsOf(name, args).map(({ key }) => key));
  const corrected = Object.fromEntries(Object.entries(corrections).filter(([key]) => open.has(key)));
  const settle = { name: "rejection.resolve", args: { id, status: "retried" } } as const;
  await recordTogether(books.database, [settle, { name, args: { ...args, ...corrected } }], await books.recordContext(), () => Promise.resolve());
}

/** Settles entries without making their changes again. */
export async function discardRejections(books: Books, ids: readonly string[]): Promise<void> {
  const edits = ids.map((id) => ({ name: "rejection.resolve", args: { id, status: "discarded" } }) as const);
  await recordTogether(books.database, edits, await books.recordContext(), () => Promise.resolve());
}
