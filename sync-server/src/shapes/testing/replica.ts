import { isChangeMessage, type Message, type Row, ShapeStream, type ShapeStreamOptions } from "@electric-sql/client";

/** What one client of the official package made of a shape. */
export interface Replica {
  readonly rows: Map<string, Row>;
  /** Every message, in order. */
  readonly messages: Message[];
  readonly stream: ShapeStream;
  /** Inserts of keys that were there and other impossible changes. */
  readonly faults: string[];
  /** Resolves when the condition holds after an up-to-date; checked at once. */
  until(condition: () => boolean): Promise<void>;
  stop(): void;
}

/** Follows a shape with `@electric-sql/client` and applies its messages strictly. */
export function followShape(url: string, params: NonNullable<ShapeStreamOptions["params"]>, options: Partial<ShapeStreamOptions> = {}): Replica {
  const aborter = new AbortController();
  const stream = new ShapeStream({ url, params, signal: aborter.signal, ...options });
  const rows = new Map<string, Row>();
  const messages: Message[] = [];
  const faults: string[] = [];
  const checks = new Set<() => void>();
  let failure: Error | undefined;
  const recheck = (): void => {
    for (const check of checks) check();
  };
  stream.subscribe(
    (batch) => {
      for (const message of batch) {
        messages.push(message);
        if (!isChangeMessage(message)) {
          if (message.headers.control === "must-refetch") rows.clear();
          continue;
        }
        const { operation } = message.headers;
        const existing = rows.get(message.key);
        if (operation === "insert" ? existing !== undefined : existing === undefined) faults.push(`${operation} of ${message.key}`);
        if (operation === "delete") rows.delete(message.key);
        else rows.set(message.key, { ...existing, ...message.value });
      }
      recheck();
    },
    (error) => {
      failure = error;
      recheck();
    },
  );
  return {
    rows,
    messages,
    stream,
    faults,
    until: (condition) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (failure !== undefined) reject(failure);
          else if (condition()) resolve();
          else return;
          checks.delete(check);
        };
        checks.add(check);
        check();
      }),
    stop: () => aborter.abort(),
  };
}
