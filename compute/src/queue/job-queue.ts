import { z } from "zod";

/**
 * One attempt at a job on its way through the queue. It names the row; everything else is read from the row when the work starts.
 */
export const queueEntry = z.strictObject({
  workspaceId: z.string().min(1),
  jobId: z.string().min(1),
  /** Which request of the row this is: a person who asks again starts the next one. */
  attempt: z.int().min(1),
  kind: z.string().min(1),
});

/** See {@link queueEntry}. */
export type QueueEntry = z.infer<typeof queueEntry>;

/** An entry with its place in the queue: 1 to 2,097,151, lower goes first, equal ones in the order they came. */
export interface PlacedEntry {
  readonly entry: QueueEntry;
  readonly priority: number;
}

/** What the queue knows of an entry: on its way, given up with a reason, or nothing (never came, finished, or lost with the queue's memory). */
export type EntryState = { readonly state: "live" } | { readonly state: "dead"; readonly reason: string } | { readonly state: "gone" };

/** How one run of an entry ended: the row is settled, or it failed for good with a code. A thrown error asks for another run later. */
export type RunOutcome = { readonly outcome: "settled" } | { readonly outcome: "dead"; readonly code: string };

/** Runs an entry. `lastRun` is true when a thrown error would be the end of it. */
export type RunEntry = (entry: QueueEntry, lastRun: boolean) => Promise<RunOutcome>;

/**
 * The queue between rows and workers. It delivers at least once and may forget everything: rows are the truth, and running an entry twice
 * is harmless.
 */
export interface JobQueue {
  /** Adds entries; one that is there already stays as it is. */
  add(entries: readonly PlacedEntry[]): Promise<void>;
  /** What is known of each entry, in the order given. */
  states(entries: readonly QueueEntry[]): Promise<EntryState[]>;
  /** How many entries wait for a worker or for their next run. */
  waitingCount(): Promise<number>;
  /** Starts taking entries, at most `concurrency` at a time. */
  work(run: RunEntry, concurrency: number): Promise<void>;
  /** Stops taking entries and waits for those under way, at most `drainMsMax`; then leaves them to other workers. Idempotent. */
  close(drainMsMax: number): Promise<void>;
}

/** The id of an entry in the queue: row (ids are unique within a workspace) and attempt. The queue takes neither a colon nor a bare number for an id. */
export function entryId({ workspaceId, jobId, attempt }: QueueEntry): string {
  return [workspaceId, jobId, attempt].map(encodeURIComponent).join(",");
}
