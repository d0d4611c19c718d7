import type { DatedRow } from "./parts.ts";
import { nameTag } from "./party.ts";

/** A name with fewer rows is no series of its own. */
const rowsMin = 3;
/** Parties with more rows than this are told apart by wording alone. */
const rowsMax = 2_000;

interface Span {
  readonly rows: DatedRow[];
  readonly first: number;
  last: number;
}

/**
 * The rows of one party by names that run beside each other and differ in their numbers or single letters ("Unit 7" and "Unit 9"); names that follow each other
 * (a number of a contract that was renewed) stay together, and so do all that are seldom. One part when nothing is to be told apart.
 */
export function tracksOf(rows: readonly DatedRow[], tags: Map<string, string>): DatedRow[][] {
  if (rows.length < 2 * rowsMin || rows.length > rowsMax || areOfOneName(rows)) return [[...rows]];
  const spans = new Map<string, Span>();
  for (const dated of rows) {
    const tag = tagOf(dated, tags);
    const known = spans.get(tag);
    if (known === undefined) spans.set(tag, { rows: [dated], first: dated.day.day, last: dated.day.day });
    else {
      known.rows.push(dated);
      known.last = dated.day.day;
    }
  }
  const tracks: Span[] = [];
  const rest: DatedRow[] = [];
  for (const span of spans.values()) {
    const before = tracks.find(({ last }) => last < span.first);
    if (span.rows.length < rowsMin) rest.push(...span.rows);
    else if (before === undefined) tracks.push({ ...span, rows: [...span.rows] });
    else {
      before.rows.push(...span.rows);
      before.last = span.last;
    }
  }
  if (tracks.length < 2) return [[...rows]];
  const parts = tracks.map((track) => track.rows);
  return rest.length === 0 ? parts : [...parts, rest.sort((a, b) => a.day.day - b.day.day)];
}

function areOfOneName(rows: readonly DatedRow[]): boolean {
  const name = rows[0]?.row.counterpartyName;
  return Boolean(name) && rows.every(({ row }) => row.counterpartyName === name);
}

function tagOf({ row: { counterpartyName, description } }: DatedRow, tags: Map<string, string>): string {
  const text = counterpartyName || description;
  let tag = tags.get(text);
  if (tag === undefined) tags.set(text, (tag = nameTag(text)));
  return tag;
}
