import { SaldoError, type ErrorCode, type ErrorDetail } from "@saldo/schema";
import { z } from "zod";
import { makeBatches, type MadeEnd, type MadeStep, type OpenFile, type ReadingJob } from "./made-batches.ts";

/**
 * A thread that reads files for the thread of the books:
 *
 *   books                                  thread
 *    | ---- job ---------------------------> |   reads ahead at most `stepsAheadMax` steps
 *    | <--- step --------------------------- |   bytes change hands, nothing is copied
 *    | ---- more --------------------------> |   room for one step
 *    | <--- end, or failed ----------------- |
 *    | ---- (ended) -----------------------> |   whatever happened
 */
export interface ReadingThread {
  post(message: ToThread): void;
  /** One listener; hears messages as they were sent, and a thread that ended by itself as {@link threadGone}. */
  listen(listener: (message: unknown) => void): void;
  /** Ends the thread at once. */
  end(): void;
}

/** Steps read before they are asked for, each of 5,000 rows. */
const stepsAheadMax = 3;

type ToThread = { readonly kind: "job"; readonly job: ReadingJob } | { readonly kind: "more" };
type FromThread =
  | { readonly kind: "step"; readonly step: MadeStep }
  | { readonly kind: "end"; readonly end: MadeEnd }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly detail: ErrorDetail };

/** What a listener hears of a thread that ended by itself. */
export const threadGone: FromThread = { kind: "failed", code: "bridge.internal", detail: {} };

const isMessage = (value: unknown): value is { readonly kind: unknown } => typeof value === "object" && value !== null && "kind" in value;
const fromThread = z.custom<FromThread>((value) => isMessage(value) && ["step", "end", "failed"].includes(String(value.kind)));
const toThread = z.custom<ToThread>((value) => isMessage(value) && ["job", "more"].includes(String(value.kind)));

/** Has a file read by a thread, which whoever started it ends. Throws as {@link makeBatches} does. */
export async function* readByThread(thread: ReadingThread, job: ReadingJob): AsyncGenerator<MadeStep, MadeEnd, void> {
  const arrived: FromThread[] = [];
  let wake: () => void = () => undefined;
  thread.listen((message) => {
    arrived.push(fromThread.parse(message));
    wake();
  });
  thread.post({ kind: "job", job });
  for (;;) {
    const message = arrived.shift();
    if (message === undefined) await new Promise<void>((resolve) => (wake = resolve));
    else if (message.kind === "end") return message.end;
    else if (message.kind === "failed") throw new SaldoError(message.code, message.detail);
    else {
      thread.post({ kind: "more" });
      yield message.step;
    }
  }
}

/** The thread's side: what hears the messages of {@link readByThread}. */
export function serveReading(openFile: OpenFile, post: (message: FromThread, transfer: readonly ArrayBuffer[]) => void): (message: unknown) => void {
  let room = stepsAheadMax;
  let wake: () => void = () => undefined;
  const run = async (job: ReadingJob) => {
    const steps = makeBatches(job, openFile);
    for (;;) {
      while (room === 0) await new Promise<void>((resolve) => (wake = resolve));
      const next = await steps.next();
      if (next.done === true) return post({ kind: "end", end: next.value }, []);
      room--;
      post({ kind: "step", step: next.value }, next.value.batches.flatMap(({ frozen, rows }) => [frozen.body.buffer, rows.bytes.buffer]));
    }
  };
  return (received) => {
    const message = toThread.parse(received);
    if (message.kind === "more") {
      room++;
      return wake();
    }
    run(message.job).catch((error: unknown) => post(error instanceof SaldoError ? { kind: "failed", code: error.code, detail: error.detail } : threadGone, []));
  };
}
