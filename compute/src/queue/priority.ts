import { jobPriorities, type JobPriority, type Row } from "@saldo/schema";

type Plan = Row<"workspace">["plan"];

/** One step of priority is five minutes of waiting; the queue's 2,097,151 steps last for twenty years from the first one. */
const stepMs = 5 * 60_000;
const firstStepMs = Date.UTC(2026, 0, 1);
const stepsMax = 2_097_151;

/** How many steps later than the most urgent work of its age a job may start. */
const stepsByPriority: Readonly<Record<JobPriority, number>> = { high: 0, medium: 2, low: 6 };
const stepsByPlan: Readonly<Record<Plan, number>> = { paid: 0, trial: 1, expired: 3 };

const kindPriorities: ReadonlyMap<string, JobPriority> = new Map(Object.entries(jobPriorities));

/**
 * The place of a job in the queue, lower first: a virtual start time, which is its request's arrival plus what its kind and plan can wait.
 * Newer work never overtakes older work by more than that, so nothing starves (earliest deadline first, Liu and Layland 1973).
 * `arrivedMs` is the server's time: devices' clocks decide nothing.
 */
export function queuePriority(kind: string, plan: Plan, arrivedMs: number): number {
  const arrived = Math.floor((arrivedMs - firstStepMs) / stepMs) + 1;
  const steps = arrived + stepsByPriority[kindPriorities.get(kind) ?? "low"] + stepsByPlan[plan];
  return Math.min(stepsMax, Math.max(1, steps));
}

/** How much later than its arrival a job may start for its kind; kinds not named may wait as long as the last. */
export const waitMsByKind: Readonly<Record<string, number>> = Object.fromEntries(
  [...kindPriorities].map(([kind, priority]) => [kind, stepsByPriority[priority] * stepMs]),
);
/** The same for the plan of its workspace. */
export const waitMsByPlan: Readonly<Record<Plan, number>> = { paid: 0, trial: stepsByPlan.trial * stepMs, expired: stepsByPlan.expired * stepMs };
