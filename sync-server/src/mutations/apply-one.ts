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
import { createPgRowStore, type Queryable, type ServerMutationContext } from "./pg-row-store.ts";

/** What became of one mutation; the arguments go with a refusal so that its author can decide. */
export type Applied = { readonly outcome: "applied" } | { readonly outcome: "rejected"; readonly code: ErrorCode; readonly args: JsonValue };

/** Opens the savepoint that {@link applyOne} needs; each run leaves a fresh one behind, in one round trip. */
export const openSavepoint = "savepoint mutation";
const keepAndStartAnew = "release savepoint mutation; savepoint mutation";

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
 * Runs one mutation inside the caller's transaction, on the savepoint open there: a refusal leaves nothing of it.
 * Throws what is neither a refusal nor the mutation's own fault.
 */
export async function applyOne(connection: Queryable, context: ServerMutationContext, role: Role, prepared: Prepared): Promise<Applied> {
  const refuse = (code: ErrorCode): Applied => ({ outcome: "rejected", code, args: prepared.args });
  if (!prepared.ok) return refuse(prepared.code);
  if (!isPermitted(role, prepared.permission)) return refuse("mutation.not_permitted");
  const rows = createPgRowStore(connection, context);
  for (let run = 1; ; run++) {
    const code = await attempt(connection, () => prepared.run(rows, context));
    if (code === undefined) return { outcome: "applied" };
    if (code !== "mutation.row_exists" || run === runsMax) return refuse(code);
  }
}

/**
 * Runs several mutations on the savepoint open there with no savepoint between them, and without waiting for one write before the next is sent. Returns
 * false when one of them would be refused: then nothing of any is left, and each has to be run by itself. Throws as {@link applyOne} does.
 */
export async function applyTogether(connection: Queryable, context: ServerMutationContext, role: Role, group: readonly Prepared[]): Promise<boolean> {
  const runs = group.flatMap((prepared) => (prepared.ok && isPermitted(role, prepared.permission) ? [prepared] : []));
  if (runs.length < group.length) return false;
  const sent: Promise<void>[] = [];
  const rows = createPgRowStore(connection, context, sent);
  const runAll = async () => {
    for (const prepared of runs) await prepared.run(rows, context);
  };
  const code = await attempt(connection, async () => {
    const [ran] = await Promise.allSettled([runAll()]);
    // The first write that failed is why, whatever came of that in what ran after it.
    for (const outcome of [...(await Promise.allSettled(sent)), ran]) if (outcome.status === "rejected") throw outcome.reason;
  });
  return code === undefined;
}

async function attempt(connection: Queryable, run: () => Promise<void>): Promise<ErrorCode | undefined> {
  try {
    await run();
    await connection.query(keepAndStartAnew);
    return undefined;
  } catch (error) {
    const code = refusalCode(error);
    if (code === undefined) throw error;
    await connection.query("rollback to savepoint mutation");
    return code;
  }
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
