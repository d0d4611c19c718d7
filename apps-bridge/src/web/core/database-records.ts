import type { WritingNote } from "@saldo/client-core/store/pglite";
import { z } from "zod";
import type { BrowserRecords } from "./browser-records.ts";

const removalsRecord = "databases to remove";
const removals = z.array(z.string());
/** A record of one place, or of several. */
const places = z.union([z.string().transform((place) => [place]), z.array(z.string())]);
/** Damaged databases that are kept of each name: each is as large as the books. */
const asideMax = 2;
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

/** Where the database of a name is; undefined when there is none. */
export async function placeOf(records: BrowserRecords, name: string): Promise<string | undefined> {
  const place = await records.read(placeRecord(name));
  return typeof place === "string" ? place : undefined;
}

/** Where a damaged database of a name is kept: in this place, or the newest of them where nothing tells; undefined when it is no longer. */
export async function asidePlaceOf(records: BrowserRecords, name: string, place: string | undefined): Promise<string | undefined> {
  const kept = await asidePlaces(records, name);
  return place === undefined ? kept.at(-1) : kept.find((known) => known === place);
}

/** Damaged databases of a name, the newest last. */
async function asidePlaces(records: BrowserRecords, name: string): Promise<readonly string[]> {
  return places.safeParse(await records.read(asideRecord(name))).data ?? [];
}

/** Keeps a damaged database, the newest {@link asideMax} of each name, until its books leave this browser. */
export async function keepAside(records: BrowserRecords, name: string, place: string): Promise<void> {
  const kept = [...(await asidePlaces(records, name)).filter((known) => known !== place), place];
  for (const oldest of kept.slice(0, -asideMax)) await noteRemoval(records, oldest);
  await records.write(asideRecord(name), kept.slice(-asideMax));
}

/** Removes the database of a name, and the damaged ones that were kept. */
export async function removePlaces(records: BrowserRecords, name: string, remove: (place: string) => Promise<boolean>): Promise<void> {
  for (const record of [placeRecord(name), asideRecord(name)]) {
    const found = places.safeParse(await records.read(record)).data ?? [];
    for (const place of found) await noteRemoval(records, place);
    await records.remove(record);
    for (const place of found) await finishRemoval(records, place, remove);
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
