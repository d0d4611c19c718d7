import { errorBody, errorEntry, SaldoError } from "@saldo/schema";
import type { Logger } from "pino";
import type { RelayContext } from "./route.ts";

/** SQLSTATE classes that mean the database is away or busy, not that we are wrong. */
const unavailableStates = /^(?:08|53|55P03|57|40|25P03)/;
const causesMax = 5;
const unavailableCodes = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOENT"]);

/** The answer to an error: the catalogue's status, code and remedy; never a stack, an SQL text or a value. */
export function errorResponse(error: SaldoError): Response {
  const retryAfterSeconds = error.detail["retryAfterSeconds"];
  return Response.json(errorBody(error), {
    status: errorEntry(error.code).httpStatus,
    headers: {
      "cache-control": "no-store",
      ...(typeof retryAfterSeconds === "number" ? { "retry-after": String(retryAfterSeconds) } : {}),
      // What is left of the body is not read: the connection cannot carry another request.
      ...(error.code === "relay.too_large" ? { connection: "close" } : {}),
    },
  });
}

/** Turns whatever a handler threw into an answer; faults of ours are logged under the request's id, with the stack but no message from outside. */
export function onError(log: Logger): (error: unknown, context: RelayContext) => Response {
  return (error, context) => {
    const known = error instanceof SaldoError ? error : asUnavailable(error);
    if (known) {
      context.set("refusal", known.code);
      return errorResponse(known);
    }
    log.error({ requestId: context.get("requestId"), fault: describeFault(error) }, "request failed");
    return errorResponse(new SaldoError("relay.internal", { requestId: context.get("requestId") }));
  };
}

function asUnavailable(error: unknown, depth = 0): SaldoError | undefined {
  // Query builders wrap what the driver threw.
  const cause = error instanceof Error && depth < causesMax ? error.cause : undefined;
  if (cause !== undefined) {
    const found = asUnavailable(cause, depth + 1);
    if (found) return found;
  }
  const code = errorCode(error);
  if (code !== undefined && (unavailableCodes.has(code) || (code.length === 5 && unavailableStates.test(code)))) {
    return new SaldoError("relay.unavailable", { retryAfterSeconds: 2 }, { cause: error });
  }
  const message = error instanceof Error ? error.message : "";
  const poolIsAway = ["Connection terminated", "timeout exceeded when trying to connect", "Query read timeout"].some((begin) => message.startsWith(begin));
  return poolIsAway ? new SaldoError("relay.unavailable", { retryAfterSeconds: 2 }, { cause: error }) : undefined;
}

/** The `code` of a Node or Postgres error, if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** What a log may tell of a fault: its kind, its code and where it arose. Messages of Postgres and zod can quote values, so they stay out. */
export function describeFault(error: unknown): Readonly<Record<string, string | undefined>> {
  if (!(error instanceof Error)) return { name: typeof error };
  const frames = error.stack?.split("\n").filter((line) => line.trimStart().startsWith("at ")).slice(0, 8).join("\n");
  return { name: error.name, code: errorCode(error), frames };
}
