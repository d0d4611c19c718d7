import type { JobOutput } from "../jobs/job-work.ts";

/**
 * True when a value's JSON text would be longer than a limit, give or take escapes; stops counting there. Writing such a text first could take all
 * memory of the process at once, which no limit of a thread holds back.
 */
export function isLongerThan(output: JobOutput, lengthMax: number): boolean {
  const open: unknown[] = [output];
  let length = 0;
  while (open.length > 0 && length <= lengthMax) {
    const value = open.pop();
    if (typeof value === "string") length += value.length + 2;
    else if (typeof value !== "object" || value === null) length += 4;
    else if (Array.isArray(value)) {
      length += 2 + value.length;
      for (const member of value) open.push(member);
    } else {
      for (const [key, member] of Object.entries(value)) {
        length += key.length + 4;
        open.push(member);
      }
    }
  }
  return length > lengthMax;
}
