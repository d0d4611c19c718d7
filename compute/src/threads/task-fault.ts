import type { FaultDescription } from "../database.pg.ts";

/** An error of a task without a code of ours, as far as it may be told. */
export class TaskFault extends Error {
  constructor({ name, code, at }: FaultDescription) {
    super("the task failed");
    this.name = name;
    if (code !== undefined) Object.assign(this, { code });
    this.stack = `${name}\n    ${at ?? "at an unknown place"}`;
  }
}

/** What was thrown, as an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new TaskFault({ name: typeof thrown });
}
