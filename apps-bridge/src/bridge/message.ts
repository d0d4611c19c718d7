import { errorBody, isErrorCode, SaldoError, type ErrorBody, type ErrorCode } from "@saldo/schema";
import { z } from "zod";

/**
 * The wire of a bridge: JSON-RPC 2.0, with notifications of our own whose names begin with `$/`.
 *
 *   screen                                core
 *     | -- request id ----------------->   |
 *     | <-- $/progress id, value --------  |   long calls
 *     | <-- $/next id, value ------------  |   live values: one on the way at a time, the newest waits
 *     | --- $/ack id ------------------->  |   "send me the newest you have"
 *     | --- $/cancel id ---------------->  |   also ends a live value
 *     | <-- response id -----------------  |
 */
const version = z.literal("2.0");
const messageId = z.int().nonnegative();

const requestSchema = z.object({ jsonrpc: version, id: messageId, method: z.string(), params: z.unknown() });
const controlSchema = z.object({ jsonrpc: version, method: z.enum(["$/cancel", "$/ack"]), params: z.object({ id: messageId }) });
const pushSchema = z.object({
  jsonrpc: version,
  method: z.enum(["$/progress", "$/next"]),
  params: z.object({ id: messageId, value: z.unknown() }),
});

const errorCode = z.string().transform((text): ErrorCode => (isErrorCode(text) ? text : "bridge.internal"));
const errorBodySchema = z.object({
  code: errorCode,
  message: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
const errorResponseSchema = z.object({
  jsonrpc: version,
  id: messageId,
  error: z.object({ code: z.int(), message: z.string(), data: errorBodySchema }),
});
const resultResponseSchema = z.object({ jsonrpc: version, id: messageId, result: z.unknown() });

/** What a core may hear. Control messages come first: a request needs an id, they have none. */
export const toServerSchema = z.union([controlSchema, requestSchema]);
/** What a screen may hear. */
export const toClientSchema = z.union([pushSchema, errorResponseSchema, resultResponseSchema]);

/** A message to the core. */
export type ToServer = z.output<typeof toServerSchema>;
/** A message to the screen. */
export type ToClient = z.output<typeof toClientSchema>;

/** JSON-RPC 2.0 section 5.1 numbers; everything of ours is −32000 and told apart by `data.code`. */
const rpcNumberByCode: Partial<Record<ErrorCode, number>> = {
  "bridge.invalid_message": -32602,
  "bridge.unknown_method": -32601,
  "bridge.internal": -32603,
};

/** The response to a request that failed. */
export function errorResponse(id: number, body: ErrorBody): ToClient {
  const number = rpcNumberByCode[body.code] ?? -32000;
  return { jsonrpc: "2.0", id, error: { code: number, message: body.message, data: { ...body, detail: { ...body.detail } } } };
}

/** The body of whatever was thrown: a catalogued error as it is, anything else without its text, which may hold data. */
export function errorBodyOf(thrown: unknown): ErrorBody {
  return errorBody(thrown instanceof SaldoError ? thrown : new SaldoError("bridge.internal", {}, { cause: thrown }));
}

/** The error a screen throws for a body that came over the wire. */
export function errorFromBody(body: ErrorBody): SaldoError {
  return new SaldoError(body.code, body.detail);
}
