import { compareBytewise, isMutationName, rowChange, type MutationName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { recordTogether, type RecordContext } from "../mutations/index.ts";
import type { LocalDatabase, LocalTransaction, SqlReader } from "../store/index.ts";

/** Most edits that can be taken back; the oldest is forgotten. */
const stepsMax = 50;
/** Longest edit kept for undo, as JSON, in UTF-16 units. */
const stepCharsMax = 2 * 1024 * 1024;
const namePrefix = "undo.";

const storedStep = z.object({
  mutation: z.custom<MutationName>(isMutationName),
  state: z.enum(["done", "undone"]),
  /** Grows with every edit, undo and redo: the last one comes first. */
  turn: z.int(),
  changes: z.array(rowChange),
});

interface Step extends z.output<typeof storedStep> {
  readonly id: string;
}

/** An edit that can be taken back or made again. */
export interface UndoStep {
  readonly id: string;
  /** Name of the edit's mutation. */
  readonly mutation: MutationName;
}

/** What Undo and Redo would do now. */
export interface UndoState {
  readonly undo: UndoStep | null;
  readonly redo: UndoStep | null;
}

/** What an undo or redo did. */
export interface Reverted extends UndoStep {
  /** Rows that were changed; 0 when others changed the same things since, and theirs stays. */
  readonly rows: number;
}

/**
 * A person's own edits of this device, to be taken back and made again in any session. Taking back is itself a mutation
 * (`edit.revert`), so it syncs, and leaves alone what others changed since.
 *
 *   edit ──► done ──undo──► undone ──redo──► done      a new edit forgets what is undone
 */
export interface EditHistory {
  /** Records edits as one step, all or none; returns its id, null when it cannot be taken back. Throws `SaldoError` `mutation.*`. */
  record(edits: readonly { readonly name: MutationName; readonly args: unknown }[]): Promise<string | null>;
  state(reader: SqlReader): Promise<UndoState>;
  /** Takes back the last edit, or the named one. Null when there is none. */
  undo(id?: string): Promise<Reverted | null>;
  /** Makes the edit again that was taken back last. Null when there is none. */
  redo(): Promise<Reverted | null>;
}

/** The edit history kept in a device's database. */
export function editHistory(database: LocalDatabase, recordContext: () => Promise<RecordContext>): EditHistory {
  /** Undo and redo one after the other: each looks for its step first. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };

  const revert = async (state: Step["state"], id?: string): Promise<Reverted | null> => {
    const step = latest(await readSteps(database), state, id);
    if (step === undefined) return null;
    let rows = 0;
    await recordTogether(database, [{ name: "edit.revert", args: { changes: step.changes } }], await recordContext(), async (transaction, { changes }) => {
      rows = new Set(changes?.map((change) => `${change.table} ${change.id}`)).size;
      if (changes === null || rows === 0) await forget(transaction, [step.id]);
      else await save(transaction, { ...step, state: state === "done" ? "undone" : "done", turn: nextTurn(await readSteps(transaction)), changes: [...changes] });
    });
    return { id: step.id, mutation: step.mutation, rows };
  };

  return {
    record: (edits) =>
      inTurn(async () => {
        const [first] = edits;
        if (first === undefined) return null;
        let id: string | null = null;
        await recordTogether(database, edits, await recordContext(), async (transaction, { changes }) => {
          const steps = await readSteps(transaction);
          await forget(transaction, steps.filter((step) => step.state === "undone").map((step) => step.id));
          if (changes === null || changes.length === 0 || JSON.stringify(changes).length > stepCharsMax) return;
          const turn = nextTurn(steps);
          id = String(turn);
          await save(transaction, { id, mutation: first.name, state: "done", turn, changes: [...changes] });
          const done = steps.filter((step) => step.state === "done").toSorted((a, b) => a.turn - b.turn);
          await forget(transaction, done.slice(0, Math.max(0, done.length + 1 - stepsMax)).map((step) => step.id));
        });
        return id;
      }),
    async state(reader) {
      const steps = await readSteps(reader);
      return { undo: named(latest(steps, "done")), redo: named(latest(steps, "undone")) };
    },
    undo: (id) => inTurn(() => revert("done", id)),
    redo: () => inTurn(() => revert("undone")),
  };
}

function named(step: Step | undefined): UndoStep | null {
  return step === undefined ? null : { id: step.id, mutation: step.mutation };
}

function latest(steps: readonly Step[], state: Step["state"], id?: string): Step | undefined {
  return steps.filter((step) => step.state === state && (id === undefined || step.id === id)).toSorted((a, b) => b.turn - a.turn || compareBytewise(a.id, b.id))[0];
}

function nextTurn(steps: readonly Step[]): number {
  return Math.max(0, ...steps.map((step) => step.turn)) + 1;
}

/** Steps this version understands; another version's are left alone. */
async function readSteps(reader: SqlReader): Promise<Step[]> {
  const rows = await reader.query(sql`select "name", "value" from "device_setting" where "name" >= ${namePrefix} and "name" < ${`${namePrefix}~`}`);
  return rows.flatMap(({ name, value }) => {
    const parsed = typeof name === "string" && typeof value === "string" ? storedStep.safeParse(JSON.parse(value)) : undefined;
    return parsed?.success === true && typeof name === "string" ? [{ ...parsed.data, id: name.slice(namePrefix.length) }] : [];
  });
}

async function save(transaction: LocalTransaction, { id, ...step }: Step): Promise<void> {
  await transaction.insertRows("device_setting", ["name", "value"], [[namePrefix + id, JSON.stringify(step)]], "replace");
}

async function forget(transaction: LocalTransaction, ids: readonly string[]): Promise<void> {
  for (const id of ids) await transaction.execute(sql`delete from "device_setting" where "name" = ${namePrefix + id}`, ["device_setting"]);
}
