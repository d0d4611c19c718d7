import type { AdmissionLimits } from "../options.ts";
import { RequestRefused } from "../refusal.ts";

/** Requests without a known handle may have a snapshot taken; those with one only read a log or wait for it. */
export type RequestKind = "initial" | "existing";

/** One admitted request. */
export interface Permit {
  /** The answer has begun: what is left is sending, so the request no longer counts as initial when there is room elsewhere. */
  answered(): void;
  /** The request is over. Idempotent. */
  leave(): void;
}

const retrySecondsMin = 6;
const retrySecondsMax = 10;

/** Counts requests from their start to the last byte of their answer, live ones while they wait too, and refuses those above the limits. */
export class Admission {
  readonly #limits: Readonly<Record<RequestKind, number>>;
  readonly #random: () => number;
  readonly #current: Record<RequestKind, number> = { initial: 0, existing: 0 };

  constructor(limits: AdmissionLimits, random: () => number) {
    this.#limits = { initial: limits.initialMax, existing: limits.existingMax };
    this.#random = random;
  }

  /** Requests under way. */
  get current(): Readonly<Record<RequestKind, number>> {
    return { ...this.#current };
  }

  /** Admits a request; throws `RequestRefused` (503) when its kind is at its limit. */
  enter(kind: RequestKind): Permit {
    const limit = this.#limits[kind];
    if (this.#current[kind] >= limit) throw this.#full(kind, limit);
    this.#current[kind] += 1;
    let held: RequestKind | undefined = kind;
    return {
      answered: () => {
        if (held !== "initial" || this.#current.existing >= this.#limits.existing) return;
        this.#current.initial -= 1;
        this.#current.existing += 1;
        held = "existing";
      },
      leave: () => {
        if (held !== undefined) this.#current[held] -= 1;
        held = undefined;
      },
    };
  }

  /** Clients are told different times, so that they do not all come back at once. */
  #full(kind: RequestKind, limit: number): RequestRefused {
    const retryAfterSeconds = retrySecondsMin + Math.floor(this.#random() * (retrySecondsMax - retrySecondsMin + 1));
    const body = { code: "concurrent_request_limit_exceeded", message: `Concurrent ${kind} request limit exceeded (limit: ${limit}), please retry` };
    return new RequestRefused(503, body, { retryAfterSeconds, knownError: true });
  }
}
