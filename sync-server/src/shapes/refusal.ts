/** What {@link RequestRefused} may say besides status and body. */
export interface RefusalDetail {
  /** The client comes back after this long. */
  readonly retryAfterSeconds?: number;
  /** Sent as `electric-internal-known-error`: expected under load or while the database is away, so not worth an alarm. */
  readonly knownError?: boolean;
}

/** A request that is answered with an error status; `body` is sent as JSON. */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;
  readonly knownError: boolean | undefined;

  constructor(status: number, body: Readonly<Record<string, unknown>>, detail: RefusalDetail = {}) {
    super(typeof body["message"] === "string" ? body["message"] : `refused with ${status}`);
    this.status = status;
    this.body = body;
    this.retryAfterSeconds = detail.retryAfterSeconds;
    this.knownError = detail.knownError;
  }
}

/** The protocol's 400: which request field is wrong, and why. */
export function invalidRequest(field: string, reason: string): RequestRefused {
  return new RequestRefused(400, { message: "Invalid request", errors: { [field]: [reason] } });
}

/** The protocol's 503: the client comes back after `retryAfterSeconds`. */
export function notReady(reason: string, retryAfterSeconds: number): RequestRefused {
  return new RequestRefused(503, { message: reason }, { retryAfterSeconds });
}
