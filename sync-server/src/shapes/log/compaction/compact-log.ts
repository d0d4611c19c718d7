import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import type { LogOffset } from "../../offset.ts";
import type { ChunkEnd } from "../recover.ts";
import { type CompactedChunk, readHistories, renderChunk, type RenderedChunk, writeChunk } from "./compacted-chunk.ts";
import { type Histories, historyOf, joinHistories, lengthen, parseLoggedChange } from "./key-history.ts";

/** The part of a log that may be merged: whole chunks at its start. */
export interface OldPart {
  readonly path: string;
  readonly chunkEnds: readonly ChunkEnd[];
}

/** What merging works with. */
export interface MergeParts {
  readonly dir: string;
  readonly old: OldPart;
  /** Chunks merged earlier. */
  readonly compacted: readonly CompactedChunk[];
  readonly relation: string;
  /** A chunk is filled up to here, unless one old chunk alone is larger. */
  readonly chunkBytesMax: number;
  readonly nextName: () => string;
}

/** What is written, and which earlier chunks it replaces. */
export interface Merged {
  readonly chunks: readonly CompactedChunk[];
  readonly written: readonly CompactedChunk[];
  readonly replaced: readonly CompactedChunk[];
}

const linesAtOnce = 500;

interface Stretch {
  readonly histories: Histories;
  readonly rendered: RenderedChunk;
}

async function readStretch(logPath: string, fromByte: number, toByte: number, relation: string): Promise<Stretch> {
  const histories: Histories = new Map();
  let [first, last]: (LogOffset | undefined)[] = [];
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(logPath, { start: fromByte, end: toByte - 1 }), crlfDelay: Infinity })) {
    if (++count % linesAtOnce === 0) await setImmediate();
    const change = parseLoggedChange(line.slice(0, -1));
    first ??= change.offset;
    last = change.offset;
    const history = histories.get(change.key);
    if (history === undefined) histories.set(change.key, historyOf(change));
    else lengthen(history, historyOf(change));
  }
  if (first === undefined || last === undefined) throw new Error("a log chunk is empty");
  return { histories, rendered: await renderChunk(histories, first, last, relation) };
}

/**
 * Merges the old part of a log, chunk by chunk, each joined with the one before as long as the result stays within the limit. Only writes
 * new files; throws, having removed them, when the log is not what merging takes it for.
 */
export async function mergeOldPart({ dir, old, compacted, relation, chunkBytesMax, nextName }: MergeParts): Promise<Merged> {
  const written: CompactedChunk[] = [];
  const newest = compacted.at(-1);
  const open = newest !== undefined && newest.bytes < chunkBytesMax / 2 ? newest : undefined;
  try {
    let current: Stretch | undefined = open === undefined ? undefined : await reopen(dir, open, relation);
    let fromByte = 0;
    for (const { endByte } of old.chunkEnds) {
      const next = await readStretch(old.path, fromByte, endByte, relation);
      fromByte = endByte;
      const joined = current === undefined ? next : await join(current, next, relation, chunkBytesMax);
      if (joined === undefined && current !== undefined) written.push(await writeChunk(dir, nextName(), current.rendered));
      current = joined ?? next;
    }
    if (current !== undefined) written.push(await writeChunk(dir, nextName(), current.rendered));
  } catch (error) {
    await removeFiles(written.flatMap(({ name }) => filesOf(dir, name)));
    throw error;
  }
  const kept = open === undefined ? compacted : compacted.slice(0, -1);
  return { chunks: [...kept, ...written], written, replaced: open === undefined ? [] : [open] };
}

async function reopen(dir: string, chunk: CompactedChunk, relation: string): Promise<Stretch> {
  const histories = await readHistories(dir, chunk);
  return { histories, rendered: await renderChunk(histories, chunk.first, chunk.last, relation) };
}

async function join(earlier: Stretch, later: Stretch, relation: string, chunkBytesMax: number): Promise<Stretch | undefined> {
  const histories = joinHistories(earlier.histories, later.histories);
  const rendered = await renderChunk(histories, earlier.rendered.first, later.rendered.last, relation);
  return rendered.content.length > chunkBytesMax ? undefined : { histories, rendered };
}

/** The two files that go by one name: messages and their index. */
export function filesOf(dir: string, name: string): readonly [messages: string, index: string] {
  return [`${dir}${path.sep}${name}.json`, `${dir}${path.sep}${name}.idx`];
}

/** Removes files; missing ones are fine. */
export async function removeFiles(paths: readonly string[]): Promise<void> {
  for (const each of paths) await rm(each, { force: true });
}
