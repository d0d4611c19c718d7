import { canonicalJson, type ErrorCode, type JsonValue } from "@saldo/schema";
import type { Queryable, ServerMutationContext } from "./pg-row-store.ts";

/** Longest payload kept with a rejection, in UTF-16 units; the device has the whole body. */
const payloadCharsMax = 64 * 1024;

/** A mutation that was refused. */
export interface Rejection {
  readonly seq: number;
  readonly mutation: string;
  readonly code: ErrorCode;
  readonly args: JsonValue;
}

/** Writes refusals to their author's "needs attention" list, in the transaction that refused them. */
export async function writeRejections(
  connection: Queryable,
  { workspaceId, userId }: ServerMutationContext,
  clientId: string,
  rejections: readonly Rejection[],
  parts: { readonly nextId: () => string; readonly createdAt: string },
): Promise<void> {
  for (const { seq, mutation, code, args } of rejections) {
    await connection.query(
      `insert into rejection (id, workspace_id, user_id, client_id, seq, mutation, code, payload, status, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9)`,
      [parts.nextId(), workspaceId, userId, clientId, seq, mutation.replaceAll("\0", ""), code, payloadText(args), parts.createdAt],
    );
  }
}

function payloadText(args: JsonValue): string {
  const text = serialised(args);
  return text === undefined || text.length > payloadCharsMax || text.includes("\0") ? canonicalJson({ omitted: true }) : text;
}

/** Undefined for what is nested too deep to write down. */
function serialised(args: JsonValue): string | undefined {
  try {
    return canonicalJson(args);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
}
