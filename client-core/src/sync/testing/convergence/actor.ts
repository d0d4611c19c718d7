import { seededIds, type MutationName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { editHistory, type EditHistory } from "../../../books/undo.ts";
import { recordTyped } from "../../../mutations/record.ts";
import { crashingDatabase, CrashError, type CrashingDatabase } from "../crashing-database.ts";
import type { LocalDatabase } from "../../../store/local-database.ts";
import type { RelayModel } from "../relay-model.ts";
import { SteppedDevice } from "../stepped-device.ts";
import { increment, probeId, probeOf, textOf, type ProbeEdit, type ProbeEffect } from "./probe.ts";

const beginsAtMs = Date.parse("2026-01-01T00:00:00.000Z");

/** One person at one device, and what the run knows of what they did. */
export interface Actor {
  readonly name: string;
  readonly userId: string;
  readonly workspaceId: string;
  readonly device: SteppedDevice;
  readonly database: CrashingDatabase;
  readonly history: EditHistory;
  /** Hashes of all mutations recorded here, in order. */
  readonly recorded: string[];
  readonly probeEdits: ProbeEdit[];
  isOnline: boolean;
  /** Moves the device's clock. */
  passMs(ms: number): void;
  nowMs(): number;
}

/** What an actor is made of. */
export interface ActorOptions {
  readonly model: RelayModel;
  readonly store: LocalDatabase;
  readonly name: string;
  readonly userId: string;
  readonly workspaceId: string;
  readonly seed: number;
  readonly messagesInMemoryMax: number;
  readonly textBytesMin?: number;
}

/** Makes an actor over an open store; it is not connected yet. */
export async function makeActor({ model, store, name, userId, workspaceId, seed, ...limits }: ActorOptions): Promise<Actor> {
  let nowMs = beginsAtMs;
  const database = crashingDatabase(store);
  const ids = seededIds(seed, () => beginsAtMs);
  const device = new SteppedDevice({ model, database, ids, who: { userId, workspaceId }, nowMs: () => nowMs, ...limits });
  await device.bind();
  return {
    name,
    userId,
    workspaceId,
    device,
    database,
    history: editHistory(database, () => Promise.resolve(device.context())),
    recorded: [],
    probeEdits: [],
    isOnline: true,
    passMs: (ms) => void (nowMs += ms),
    nowMs: () => nowMs,
  };
}

/** Runs what may record mutations and may die in the middle; notes what the outbox has of it afterwards. Returns the hashes it recorded. */
export async function noting(actor: Actor, work: () => Promise<void>): Promise<readonly string[]> {
  const [before] = await actor.database.query(sql`select max("seq") as "seq" from "sync_outbox"`);
  try {
    await work();
  } catch (error) {
    if (!isRefusal(error) && !(error instanceof CrashError)) throw error;
    if (error instanceof CrashError) restart(actor);
  }
  const rows = await actor.database.query(sql`select "sha256" from "sync_outbox" where "seq" > ${Number(before?.["seq"] ?? 0)} order by "seq"`);
  const hashes = rows.map((row) => String(row["sha256"]));
  actor.recorded.push(...hashes);
  return hashes;
}

/** Another process opens the store of one that died. */
export function restart(actor: Actor): void {
  actor.database.revive();
  actor.device.drop();
}

/** Records a product's mutation. */
export async function record(actor: Actor, name: MutationName, args: unknown): Promise<readonly string[]> {
  return noting(actor, () => actor.device.record(name, args));
}

/** Adds to the probe. */
export async function addToProbe(actor: Actor, add: number, mark: string): Promise<void> {
  const args = { accountId: probeId(actor.workspaceId), add, mark };
  const hashes = await noting(actor, async () => void (await recordTyped(actor.database, increment, args, actor.device.context())));
  for (const sha256 of hashes) actor.probeEdits.push({ sha256, effect: { add } });
}

/** Puts a value into a column of the probe, as an edit that can be taken back. */
export async function setProbe(actor: Actor, column: "name" | "number", value: string): Promise<void> {
  const accountId = probeId(actor.workspaceId);
  const edit = column === "name" ? ({ name: "account.rename", args: { accountId, name: value } } as const) : ({ name: "account.setNumber", args: { accountId, number: value } } as const);
  const hashes = await noting(actor, async () => void (await actor.history.record([edit])));
  for (const sha256 of hashes) actor.probeEdits.push({ sha256, effect: { column, value } });
}

/** Takes the last edit back, or makes it again; what the probe then shows is what was done to it. */
export async function revert(actor: Actor, how: "undo" | "redo"): Promise<void> {
  const before = await probeOf(actor.database, actor.workspaceId);
  const hashes = await noting(actor, async () => void (await actor.history[how]()));
  const after = await probeOf(actor.database, actor.workspaceId);
  const column = (["name", "number"] as const).find((each) => before?.[each] !== after?.[each]);
  const effect: ProbeEffect | null = column === undefined ? null : { column, value: textOf(after?.[column]) };
  for (const sha256 of hashes) actor.probeEdits.push({ sha256, effect });
}

/** A change the device itself refuses is no step. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("mutation.");
}
