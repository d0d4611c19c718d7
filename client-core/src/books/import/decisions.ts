import type { RowGroup } from "./match-rows.ts";
import type { ImportPlan } from "./plan-import.ts";

/** What is done with a row of the file. */
export type RowChoice = "add" | "skip";

/** What is done with the rows of a file that the books have, or may have. Rows that are new are added unless said otherwise. */
export interface ImportDecisions {
  /** Rows that are in the books; left where they are by default. */
  readonly there?: RowChoice;
  /** Rows that look like others of the books; left out by default. */
  readonly look?: RowChoice;
  /** What was said of single rows, by their number in the plan. */
  readonly rows?: ReadonlyMap<number, RowChoice>;
}

/** How many rows of a planned file are added; at least one for a file without any readable row, which is told as such further on. */
export function countAdded(plan: ImportPlan, decisions: ImportDecisions | undefined): number {
  const { there, look, rows } = decisions ?? {};
  let count = plan.groups.new + (there === "add" ? plan.groups.there : 0) + (look === "add" ? plan.groups.look : 0);
  for (const [index, choice] of rows ?? []) {
    const usual = choiceOf(plan.groupOf(index), { ...(there === undefined ? {} : { there }), ...(look === undefined ? {} : { look }) }, index);
    if (usual !== choice) count += choice === "add" ? 1 : -1;
  }
  return plan.rowsRead === 0 ? 1 : count;
}

/** What is done with one row. */
export function choiceOf(group: RowGroup, { there = "skip", look = "skip", rows }: ImportDecisions, index: number): RowChoice {
  return rows?.get(index) ?? (group === "new" ? "add" : group === "there" ? there : look);
}
