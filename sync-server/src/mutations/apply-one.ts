import {
  isMutationName,
  isPermitted,
  mutations,
  SaldoError,
  type ErrorCode,
  type JsonValue,
  type Role,
  type RowStore,
  type UploadMutation,
} from "@saldo/schema";
import { errorCode } from "../http/errors.ts";
import { createPgRowStore, type Queryable, type ServerMutationContext } from "./pg-row-store.ts";

/** What became of one mutation; the arguments go with a refusal so that its author can decide. */
export type Applied = { readonly outcome: "applied" } | { readonly outcome: "rejected"; readonly code: ErrorCode; readonly args: JsonValue };

/** Two runs at most: the second sees what another device committed while the first was on its way. */
const runsMax = 2;

/**
 * Runs one mutation inside the caller's transaction, between savepoints: a refusal leaves nothing of it. `text` is its body, null when the
 * body could not be read. Throws what is neither a refusal nor the mutation's own fault.
 */
export async function applyOne(
  connection: Queryable,
  context: ServerMutationContext,
  role: Role,
  mutation: Pick<UploadMutation, "name" | "version">,
  text: string | null,
): Promise<Applied> {
  const parsed = parseArguments(text);
  if (parsed === undefined) return { outcome: "rejected", code: "mutation.invalid_arguments", args: null };
  const refuse = (code: ErrorCode): Applied => ({ outcome: "rejected", code, args: parsed.args });
  if (!isMutationName(mutation.name) || mutations[mutation.name].version !== mutation.version) return refuse("mutation.unknown");
  const declared = mutations[mutation.name];
  if (!isPermitted(role, declared.permission)) return refuse("mutation.not_permitted");
  const bound = bind(declared, parsed.args);
  if (bound === undefined) return refuse("mutation.invalid_arguments");
  const rows = createPgRowStore(connection, context);
  for (let run = 1; ; run++) {
    const code = await attempt(connection, () => bound(rows, context));
    if (code === undefined) return { outcome: "applied" };
    if (code !== "mutation.row_exists" || run === runsMax) return refuse(code);
  }
}

async function attempt(connection: Queryable, run: () => Promise<void>): Promise<ErrorCode | undefined> {
  await connection.query("savepoint mutation");
  try {
    await run();
    await connection.query("release savepoint mutation");
    return undefined;
  } catch (error) {
    const code = refusalCode(error);
    if (code === undefined) throw error;
    await connection.query("rollback to savepoint mutation");
    await connection.query("release savepoint mutation");
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
