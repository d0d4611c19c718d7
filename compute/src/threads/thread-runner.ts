import type { JobRunner } from "../jobs/job-work.ts";
import { startThread, type JobThread, type ThreadParts } from "./job-thread.ts";
import { createPlaces, takeWhileWanted } from "./places.ts";
import { TaskFault } from "./task-fault.ts";

/** A task that has not come to its end of computing by then is not waited for with the next: it begins in a thread of its own. */
const threadHeldMsMax = 30_000;

/** What a runner is made of. */
export interface RunnerParts extends ThreadParts {
  /** Threads in which a task is begun at once; each keeps what it has compiled for the next task. */
  readonly threadsMax: number;
}

/**
 * Runs each task in a thread beside the process's own, so that computing holds up neither the renewal of locks nor tasks that wait for others. A task that exceeds
 * its time or memory takes its thread with it and fails for good (`job.time_exceeded`, `job.memory_exceeded`); the process lives on.
 */
export function createThreadRunner({ threadsMax, ...parts }: RunnerParts): JobRunner {
  const room = createPlaces({ count: threadsMax, heldMsMax: threadHeldMsMax });
  const threads = new Set<JobThread>();
  let closed = false;
  const freeThread = (): JobThread => {
    if (closed) throw new TaskFault({ name: "ThreadEnded" });
    for (const thread of threads) if (thread.isSpent) threads.delete(thread);
    for (const thread of threads) if (thread.isFree) return thread;
    const thread = startThread(parts);
    threads.add(thread);
    return thread;
  };
  return {
    async run(task, hooks) {
      hooks.signal.throwIfAborted();
      const leave = await takeWhileWanted(room, hooks.signal);
      try {
        const thread = freeThread();
        try {
          return await thread.run(task, { ...hooks, onComputed: leave });
        } finally {
          if (thread.isSpent) await thread.end();
        }
      } finally {
        leave();
      }
    },
    async close() {
      closed = true;
      await Promise.all([...threads].map((thread) => thread.end()));
    },
  };
}
