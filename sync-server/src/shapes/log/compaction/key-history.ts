import { formatOffset, type LogOffset, parseOffset } from "../../offset.ts";

/** What a stretch of the log did to one key. */
export interface KeyHistory {
  /** Whether the row was in the shape before the stretch. */
  readonly startsPresent: boolean;
  /** Offsets at which it entered or left the shape, in turn. */
  readonly turns: LogOffset[];
  /** Its last change. */
  last: LogOffset;
  /** Changed columns with their values at the end; the whole row when it entered in the stretch, its key columns when it left at the end. */
  value: Readonly<Record<string, unknown>>;
}

/** What a stretch of the log did to each key. */
export type Histories = Map<string, KeyHistory>;

/** A logged message, as far as merging needs it. */
export interface LoggedChange {
  readonly key: string;
  readonly operation: "insert" | "update" | "delete";
  readonly value: Readonly<Record<string, unknown>>;
  readonly offset: LogOffset;
}

/** Whether the row was in the shape at the end of the stretch. */
export function endsPresent({ startsPresent, turns }: KeyHistory): boolean {
  return startsPresent === (turns.length % 2 === 0);
}

/** The history of a single change. */
export function historyOf({ operation, value, offset }: LoggedChange): KeyHistory {
  return { startsPresent: operation !== "insert", turns: operation === "update" ? [] : [offset], last: offset, value };
}

/** Lengthens `earlier` by what came after it. Throws when the two do not fit: then the log is not what merging takes it for. */
export function lengthen(earlier: KeyHistory, later: KeyHistory): void {
  if (endsPresent(earlier) !== later.startsPresent) throw new Error("a log has a change that does not fit the one before it");
  earlier.value = later.turns.length > 0 ? later.value : { ...earlier.value, ...later.value };
  for (const turn of later.turns) earlier.turns.push(turn);
  earlier.last = later.last;
}

/** The histories of two adjacent stretches as one; neither is changed. */
export function joinHistories(earlier: Histories, later: Histories): Histories {
  const joined = new Map(earlier);
  for (const [key, history] of later) {
    const before = earlier.get(key);
    if (before === undefined) {
      joined.set(key, history);
      continue;
    }
    const whole = { ...before, turns: [...before.turns] };
    lengthen(whole, history);
    joined.set(key, whole);
  }
  return joined;
}

/** What a reader must be told who has everything up to `after`; `undefined` when nothing. `after` lies in or before the stretch. */
export function operationAfter(history: KeyHistory, comparedToLast: number, turnsBefore: number): LoggedChange["operation"] | undefined {
  if (comparedToLast >= 0) return undefined;
  const was = history.startsPresent === (turnsBefore % 2 === 0);
  const is = endsPresent(history);
  if (was) return is ? "update" : "delete";
  return is ? "insert" : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads one line of a log (without its separator). Throws on what the log never holds. */
export function parseLoggedChange(line: string): LoggedChange {
  const message: unknown = JSON.parse(line);
  if (isRecord(message) && typeof message["key"] === "string" && isRecord(message["value"]) && isRecord(message["headers"])) {
    const { operation, lsn, op_position: op } = message["headers"];
    const offset = typeof lsn === "string" && typeof op === "number" ? parseOffset(`${lsn}_${op}`) : undefined;
    const known = operation === "insert" || operation === "update" || operation === "delete";
    if (known && offset?.kind === "after") return { key: message["key"], operation, value: message["value"], offset: offset.offset };
  }
  throw new Error("a log line is not a change");
}

/** Reads a line of a compacted chunk: key and value. */
export function parseCompactedLine(line: string): { readonly key: string; readonly value: Readonly<Record<string, unknown>> } {
  const message: unknown = JSON.parse(line);
  if (isRecord(message) && typeof message["key"] === "string" && isRecord(message["value"])) return { key: message["key"], value: message["value"] };
  throw new Error("a compacted line is not a row");
}

/** One line of a compacted chunk's index: where the line ends, and the key's history. */
export function formatIndexLine(endByte: number, { startsPresent, last, turns }: KeyHistory): string {
  return JSON.stringify([endByte, startsPresent, formatOffset(last), ...turns.map(formatOffset)]);
}

/** Reads an index line back. */
export function parseIndexLine(line: string): { readonly endByte: number } & Omit<KeyHistory, "value"> {
  const parts: unknown = JSON.parse(line);
  if (!Array.isArray(parts)) throw new Error("a compacted chunk's index is damaged");
  const [endByte, startsPresent, ...offsets]: unknown[] = parts;
  const [last, ...turns] = offsets.map((text) => {
    const parsed = typeof text === "string" ? parseOffset(text) : undefined;
    if (parsed?.kind !== "after") throw new Error("a compacted chunk's index is damaged");
    return parsed.offset;
  });
  if (typeof endByte !== "number" || typeof startsPresent !== "boolean" || last === undefined) throw new Error("a compacted chunk's index is damaged");
  return { endByte, startsPresent, last, turns };
}
