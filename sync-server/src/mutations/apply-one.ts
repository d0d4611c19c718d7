import {
  isMutationName,
  isPermitted,
  mutations,
  SaldoError,
  type ErrorCode,
  type JsonValue,
  type Permission,
  type Role,
  type RowStore,
  type UploadMutation,
} from "@saldo/schema";
import { errorCode } from "../http/errors.ts";
import { isNoteAppendReadable } from "../notes/note-update.ts";
import { createGroupedRows } from "./grouped-rows.ts";
import { createPgRowStore, type Queryable, type ServerMutationContext } from "./pg-row-store.ts";

/** What became of one mutation; the arguments go with a refusal so that its author can decide. */
export type Applied = { readonly outcome: "applied" } | { readonly outcome: "rejected"; readonly code: ErrorCode; readonly args: JsonValue };

// Named, so that it is gathered with what runs on it.
const openSavepoint = { name: "savepoint", text: "savepoint mutation" };
const keepAndStartAnew = "release savepoint mutation; savepoint mutation";

/** The savepoint mutations of an upload run on. */
export interface Savepoint {
  /** A fresh one has nothing behind it that would go with it. */
  state: "none" | "fresh" | "used";
}

/** What mutations are applied with. */
export interface ApplyParts {
  readonly connection: Queryable;
  readonly context: ServerMutationContext;
  readonly role: Role;
  readonly savepoint: Savepoint;
}

/** Two runs at most: the second sees what another device committed while the first was on its way. */
const runsMax = 2;

/** A mutation read and checked as far as it can be without the database. */
export type Prepared =
  | { readonly ok: true; readonly args: JsonValue; readonly permission: Permission; run(rows: RowStore, context: ServerMutationContext): Promise<void> }
  | { readonly ok: false; readonly args: JsonValue; readonly code: ErrorCode };

/** Reads a mutation's body; `text` is null when there is none to read. */
export function prepare(mutation: Pick<UploadMutation, "name" | "version">, text: string | null): Prepared {
  const parsed = parseArguments(text);
  if (parsed === undefined) return { ok: false, args: null, code: "mutation.invalid_arguments" };
  const { args } = parsed;
  if (!isMutationName(mutation.name)) return { ok: false, args, code: "mutation.unknown" };
  const declared = mutations[mutation.name];
  if (declared.version !== mutation.version) return { ok: false, args, code: "mutation.unknown" };
  // Devices make their updates with Yjs, so the mutation itself need not know it; here is where bytes of any origin arrive.
  if (mutation.name === "note.append" && !isNoteAppendReadable(args)) return { ok: false, args, code: "mutation.invalid_arguments" };
  const run = bind(declared, args);
  return run === undefined ? { ok: false, args, code: "mutation.invalid_arguments" } : { ok: true, args, permission: declared.permission, run };
}

/**
 * Runs one mutation inside the caller's transaction: a refusal leaves nothing of it.
 * Throws what is neither a refusal nor the mutation's own fault.
 */
export async function applyOne(parts: ApplyParts, prepared: Prepared): Promise<Applied> {
  const refuse = (code: ErrorCode): Applied => ({ outcome: "rejected", code, args: prepared.args });
  if (!prepared.ok) return refuse(prepared.code);
  if (!isPermitted(parts.role, prepared.permission)) return refuse("mutation.not_permitted");
  const rows = createPgRowStore(parts.connection, parts.context);
  for (let run = 1; ; run++) {
    const code = await attempt(parts, () => prepared.run(rows, parts.context));
    if (code === undefined) return { outcome: "applied" };
    if (code !== "mutation.row_exists" || run === runsMax) return refuse(code);
  }
}

/**
 * Runs several mutations with no savepoint between them, and without waiting for one write before the next is sent. Returns false when one of them
 * would be refused: then nothing of any is left, and each has to be run by itself. Throws as {@link applyOne} does.
 */
export async function applyTogether(parts: ApplyParts, group: readonly Prepared[]): Promise<boolean> {
  const runs = group.flatMap((prepared) => (prepared.ok && isPermitted(parts.role, prepared.permission) ? [prepared] : []));
  if (runs.length < group.length) return false;
  const { rows, settle } = createGroupedRows(parts.connection, parts.context);
  const code = await attempt(parts, () =>
    settle(async () => {
      for (const prepared of runs) await prepared.run(rows, parts.context);
    }),
  );
  return code === undefined;
}

async function attempt({ connection, savepoint }: ApplyParts, run: () => Promise<void>): Promise<ErrorCode | undefined> {
  try {
    await Promise.all([setSavepoint(connection, savepoint), run()]);
    return undefined;
  } catch (error) {
    const code = refusalCode(error);
    if (code === undefined) throw error;
    await connection.query("rollback to savepoint mutation");
    savepoint.state = "fresh";
    return code;
  }
}

async function setSavepoint(connection: Queryable, savepoint: Savepoint): Promise<void> {
  const { state } = savepoint;
  savepoint.state = "used";
  if (state === "none") await connection.query(openSavepoint);
  if (state === "used") await connection.query(keepAndStartAnew);
}

/** The code a failed run is refused with; undefined when it is not the mutation's fault. SQLSTATE 22 and 23: values that cannot be stored. */
function refusalCode(error: unknown): ErrorCode | undefined {
  if (error instanceof SaldoError) return error.code.startsWith("mutation.") ? error.code : undefined;
  const state = errorCode(error) ?? "";
  if (state === "23505") return "mutation.row_exists";
  return /^2[23][0-9A-Z]{3}$/.test(state) ? "mutation.invalid_arguments" : undefined;
}

interface Runnable {
  bind(args: unknown): (rows: RowStore, context: ServerMutationContext) => Promise<void>;
}

/** Arguments nested so deep that checking them exhausts the stack are as invalid as any. */
function bind(declared: Runnable, args: JsonValue) {
  try {
    return declared.bind(args);
  } catch (error) {
    if (error instanceof RangeError || (error instanceof SaldoError && error.code === "mutation.invalid_arguments")) return undefined;
    throw error;
  }
}

function parseArguments(text: string | null): { readonly args: JsonValue } | undefined {
  if (text === null) return undefined;
  try {
    return { args: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
