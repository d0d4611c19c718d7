import type { WritingNote } from "@saldo/client-core/store/pglite";
import { z } from "zod";
import type { BrowserRecords } from "./browser-records.ts";

const removalsRecord = "databases to remove";
const removals = z.array(z.string());
/** What a note holds of a database in which damage was seen. */
const damaged = "damaged";
/** … and of one that was started to be read only. */
const salvaged = "salvaged";

/** That a database is being written, and what was seen of it. */
export interface PlaceNote extends WritingNote {
  /** True when Postgres was started on its files to read what can be saved of them. */
  readonly wasSalvaged: boolean;
  writeSalvaged(): Promise<void>;
}

/** The record of the place that has a name. */
export function placeRecord(name: string): string {
  return `database ${name}`;
}

function asideRecord(name: string): string {
  return `damaged ${name}`;
}

function noteRecord(place: string): string {
  return `writing ${place}`;
}

/** Where the database of a name is, or the damaged one that was kept; undefined when there is none. */
export async function placeOf(records: BrowserRecords, name: string, which: "open" | "aside" = "open"): Promise<string | undefined> {
  const place = await records.read(which === "open" ? placeRecord(name) : asideRecord(name));
  return typeof place === "string" ? place : undefined;
}

/** Keeps a damaged database, the newest of each name, until its books leave this browser. */
export async function keepAside(records: BrowserRecords, name: string, place: string): Promise<void> {
  const before = await placeOf(records, name, "aside");
  if (before !== undefined && before !== place) await noteRemoval(records, before);
  await records.write(asideRecord(name), place);
}

/** Removes the database of a name, and the damaged one that was kept. */
export async function removePlaces(records: BrowserRecords, name: string, remove: (place: string) => Promise<boolean>): Promise<void> {
  for (const record of [placeRecord(name), asideRecord(name)]) {
    const place = await records.read(record);
    if (typeof place !== "string") continue;
    await noteRemoval(records, place);
    await records.remove(record);
    await finishRemoval(records, place, remove);
  }
}

/** Finishes what was being removed when the worker before ended. */
export async function finishRemovals(records: BrowserRecords, remove: (place: string) => Promise<boolean>): Promise<void> {
  for (const place of await removalsOf(records)) await finishRemoval(records, place, remove);
}

async function removalsOf(records: BrowserRecords): Promise<readonly string[]> {
  return removals.safeParse(await records.read(removalsRecord)).data ?? [];
}

async function noteRemoval(records: BrowserRecords, place: string): Promise<void> {
  await records.write(removalsRecord, [...new Set([...(await removalsOf(records)), place])]);
}

/** `remove` answers false when it will only be done once everything of ours has ended. */
async function finishRemoval(records: BrowserRecords, place: string, remove: (place: string) => Promise<boolean>): Promise<void> {
  if (!(await remove(place))) return;
  await records.remove(noteRecord(place));
  await records.write(removalsRecord, (await removalsOf(records)).filter((known) => known !== place));
}

/** That the database in a place is being written, as a record of its own. */
export async function writingNote(records: BrowserRecords, place: string): Promise<PlaceNote> {
  const name = noteRecord(place);
  const kept = await records.read(name);
  return {
    wasThere: kept !== undefined,
    wasDamaged: kept === damaged || kept === salvaged,
    wasSalvaged: kept === salvaged,
    write: () => records.write(name, true),
    writeDamaged: () => records.write(name, damaged),
    writeSalvaged: () => records.write(name, salvaged),
    remove: () => records.remove(name),
  };
}
