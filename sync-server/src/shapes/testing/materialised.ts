import { z } from "zod";

const row = z.record(z.string(), z.string().nullable());
const messages = z.array(
  z.object({
    key: z.string().optional(),
    value: row.optional(),
    old_value: row.optional(),
    headers: z.object({ operation: z.string().optional(), control: z.string().optional(), last: z.boolean().optional(), lsn: z.string().optional(), global_last_seen_lsn: z.string().optional() }),
  }),
);

/** Values of one row, as texts. */
export type TextRow = z.infer<typeof row>;
type ShapeMessage = z.infer<typeof messages>[number];

const retryMs = 20;
const requestsMax = 3_000;

/** What a shape request that was refused answers. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, body: string) {
    super(`${status} ${body}`);
    this.status = status;
  }
}

/**
 * A small strict client of the protocol: goes on over anything a well-behaved client must survive (no connection, 503, 409), and throws at
 * whatever must not be: a change that does not fit the rows, half a transaction called complete, an offset that does not move.
 */
export class Materialised {
  rows = new Map<string, TextRow>();
  /** How often the shape was begun anew because the service said so. */
  rotations = 0;
  readonly #url: string;
  readonly #params: Readonly<Record<string, string>>;
  #handle = "";
  #offset = "-1";
  #seenLsn = 0n;
  #whole = true;

  constructor(url: string, params: Readonly<Record<string, string>>) {
    this.#url = url;
    this.#params = params;
  }

  get handle(): string {
    return this.#handle;
  }

  /** Reads on until the shape says that it is complete through `lsn`. Throws {@link Refused} on 4xx other than 409, and when it never ends. */
  async catchUp(lsn: bigint): Promise<void> {
    for (let request = 0; request < requestsMax; request++) {
      if (!(await this.#step())) continue;
      if (this.#seenLsn >= lsn) return;
      await pause();
    }
    throw new Error(`not up to date after ${requestsMax} requests, ${this.#describe()}`);
  }

  /** One request; true when its answer was up to date. */
  async #step(): Promise<boolean> {
    const query = new URLSearchParams({ ...this.#params, offset: this.#offset, ...(this.#offset === "-1" ? {} : { handle: this.#handle }) });
    const response = await fetch(`${this.#url}?${query.toString()}`).catch(() => undefined);
    const text = await response?.text().catch(() => undefined);
    if (response === undefined || text === undefined || response.status === 503) {
      await pause();
      return false;
    }
    if (response.status === 409) {
      this.#beginAnew();
      return false;
    }
    if (response.status !== 200) throw new Refused(response.status, `${text} for ${query.toString()}`);
    const before = this.#offset;
    const parsed = messages.parse(JSON.parse(text));
    for (const message of parsed) this.#take(message);
    const upToDate = response.headers.has("electric-up-to-date");
    if (upToDate && !this.#whole) throw new Error(`up to date in the middle of a transaction, ${this.#describe()}`);
    this.#handle = response.headers.get("electric-handle") ?? "";
    this.#offset = response.headers.get("electric-offset") ?? "";
    if (!upToDate && this.#offset === before) throw new Error(`an offset that does not move, ${this.#describe()}`);
    return upToDate;
  }

  #beginAnew(): void {
    this.rotations += 1;
    this.rows = new Map();
    this.#offset = "-1";
    this.#seenLsn = 0n;
    this.#whole = true;
  }

  #take(message: ShapeMessage): void {
    const { key, value, headers } = message;
    if (headers.control === "up-to-date") {
      const seen = BigInt(headers.global_last_seen_lsn ?? 0);
      if (seen > this.#seenLsn) this.#seenLsn = seen;
    }
    if (key === undefined || value === undefined) return;
    this.#whole = headers.lsn === undefined || headers.last === true;
    const existing = this.rows.get(key);
    if ((headers.operation === "insert") !== (existing === undefined)) throw new Error(`${headers.operation ?? "nothing"} of ${key}, ${this.#describe()}`);
    for (const [name, old] of Object.entries(message.old_value ?? {})) {
      if (existing?.[name] !== old) throw new Error(`old value of ${name} in ${key}, ${this.#describe()}`);
    }
    if (headers.operation === "delete") this.rows.delete(key);
    else this.rows.set(key, { ...existing, ...value });
  }

  #describe(): string {
    return JSON.stringify({ params: this.#params, handle: this.#handle, offset: this.#offset });
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, retryMs));
}
