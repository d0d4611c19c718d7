import { parseOffset, type RequestedOffset } from "../offset.ts";
import { invalidRequest } from "../refusal.ts";

/** The part of a request's URL that belongs to the protocol rather than to the shape's definition. */
export interface ProtocolParams {
  readonly requested: RequestedOffset;
  /** The offset as written, for the etag. */
  readonly offsetText: string;
  /** `undefined` for the offsets that need none. */
  readonly handle: string | undefined;
  readonly live: boolean;
  readonly sse: boolean;
  readonly cursor: string | null;
}

const truthy = (value: string | null): boolean => value !== null && value !== "false";

/** Reads the protocol parameters; throws `RequestRefused` (400) naming the wrong one. */
export function readProtocolParams(params: URLSearchParams): ProtocolParams {
  const offsetText = params.get("offset");
  if (offsetText === null || offsetText === "") throw invalidRequest("offset", "can't be blank");
  const requested = parseOffset(offsetText);
  if (requested === undefined) throw invalidRequest("offset", "has invalid format");
  const live = truthy(params.get("live"));
  const sse = truthy(params.get("live_sse")) || truthy(params.get("experimental_live_sse"));
  if (sse && !live) throw invalidRequest("live_sse", "can't be true unless live is also true");
  if (live && requested.kind !== "after") throw invalidRequest("live", requested.kind === "now" ? "can't be true when offset is 'now'" : "can't be true when offset == -1");
  const handle = params.get("handle") ?? "";
  if (requested.kind === "after" && handle === "") throw invalidRequest("handle", "can't be blank when offset != -1");
  return { requested, offsetText, handle: requested.kind === "after" ? handle : undefined, live, sse, cursor: params.get("cursor") };
}
