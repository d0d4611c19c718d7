import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { compareOffsets, type LogOffset } from "../../offset.ts";
import { endsPresent, formatIndexLine, type Histories, type KeyHistory, operationAfter, parseCompactedLine, parseIndexLine } from "./key-history.ts";

/**
 * A stretch of old log chunks, merged so that each key appears once. Its file holds first what a reader from before the stretch needs,
 * then rows that came and went within it; the index beside it says for each line when the key came, went and last changed, so that a
 * reader from the middle of the stretch gets an exact continuation too.
 */
export interface CompactedChunk {
  /** File name without ending. */
  readonly name: string;
  /** Offsets of the first and the last message that were merged. */
  readonly first: LogOffset;
  readonly last: LogOffset;
  /** Bytes for readers from before the stretch. */
  readonly wholeBytes: number;
  /** Bytes of the file. */
  readonly bytes: number;
}

const separator = ",\n";
const linesAtOnce = 500;

/** Where a chunk's messages lie. */
export function compactedPath(dir: string, { name }: Pick<CompactedChunk, "name">): string {
  return join(dir, `${name}.json`);
}

/** Where a chunk's index lies. */
export function compactedIndexPath(dir: string, { name }: Pick<CompactedChunk, "name">): string {
  return join(dir, `${name}.idx`);
}

function renderLine(key: string, history: KeyHistory, relation: string): string {
  const operation = history.startsPresent ? (endsPresent(history) ? "update" : "delete") : endsPresent(history) ? "insert" : "delete";
  return `{"key":${JSON.stringify(key)},"value":${JSON.stringify(history.value)},"headers":{"operation":"${operation}","relation":${relation}}}${separator}`;
}

/** A chunk's content, in order of each key's last change. */
export interface RenderedChunk {
  readonly first: LogOffset;
  readonly last: LogOffset;
  readonly wholeBytes: number;
  readonly content: Buffer;
  readonly index: Buffer;
}

/** Renders histories; `first` and `last` bound the stretch they cover. `relation` is JSON. Lets other work go on in between. */
export async function renderChunk(histories: Histories, first: LogOffset, last: LogOffset, relation: string): Promise<RenderedChunk> {
  const sorted = [...histories].toSorted(([, a], [, b]) => compareOffsets(a.last, b.last));
  const whole = sorted.filter(([, history]) => history.startsPresent || endsPresent(history));
  const passing = sorted.filter(([, history]) => !history.startsPresent && !endsPresent(history));
  const [lines, index]: [Buffer[], string[]] = [[], []];
  let [endByte, wholeBytes] = [0, 0];
  for (const [position, [key, history]] of [...whole, ...passing].entries()) {
    if (position % linesAtOnce === linesAtOnce - 1) await setImmediate();
    const line = Buffer.from(renderLine(key, history, relation));
    endByte += line.length;
    lines.push(line);
    index.push(`${formatIndexLine(endByte, history)}\n`);
    if (position < whole.length) wholeBytes = endByte;
  }
  return { first, last, wholeBytes, content: Buffer.concat(lines), index: Buffer.from(index.join("")) };
}

async function writeSynced(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Writes a chunk durably under a new name. */
export async function writeChunk(dir: string, name: string, { first, last, wholeBytes, content, index }: RenderedChunk): Promise<CompactedChunk> {
  await writeSynced(compactedPath(dir, { name }), content);
  await writeSynced(compactedIndexPath(dir, { name }), index);
  return { name, first, last, wholeBytes, bytes: content.length };
}

async function* chunkLines(dir: string, chunk: CompactedChunk): AsyncGenerator<{ readonly text: string } & Omit<KeyHistory, "value">> {
  const content = await readFile(compactedPath(dir, chunk));
  const index = await readFile(compactedIndexPath(dir, chunk), "utf8");
  let fromByte = 0;
  let count = 0;
  for (const line of index.split("\n")) {
    if (line === "") continue;
    if (++count % linesAtOnce === 0) await setImmediate();
    const { endByte, ...history } = parseIndexLine(line);
    yield { text: content.toString("utf8", fromByte, endByte), ...history };
    fromByte = endByte;
  }
}

/** Reads a chunk back to be merged with what follows it. */
export async function readHistories(dir: string, chunk: CompactedChunk): Promise<Histories> {
  const histories: Histories = new Map();
  for await (const { text, ...history } of chunkLines(dir, chunk)) {
    const { key, value } = parseCompactedLine(text.slice(0, -separator.length));
    histories.set(key, { ...history, value });
  }
  return histories;
}

const headers = '"headers":{"operation":"';

function withOperation(line: string, operation: string): string {
  const at = line.lastIndexOf(headers) + headers.length;
  return line.slice(0, at) + operation + line.slice(line.indexOf('"', at));
}

/** What follows `after` in a chunk for a reader who has everything up to there: whole lines, maybe none. */
export async function readChunkAfter(dir: string, chunk: CompactedChunk, after: LogOffset): Promise<Buffer> {
  const lines: string[] = [];
  for await (const { text, ...history } of chunkLines(dir, chunk)) {
    const turnsBefore = history.turns.filter((turn) => compareOffsets(turn, after) <= 0).length;
    const operation = operationAfter({ ...history, value: {} }, compareOffsets(after, history.last), turnsBefore);
    if (operation !== undefined) lines.push(withOperation(text, operation));
  }
  return Buffer.from(lines.join(""));
}
