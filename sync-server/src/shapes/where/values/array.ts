/** An array's elements as text, in storage order, with its shape. */
export interface ArrayText {
  /** Lengths by dimension; empty for an empty array. */
  readonly lengths: readonly number[];
  /** Lower bounds by dimension. */
  readonly bounds: readonly number[];
  readonly items: readonly (string | null)[];
}

const bounds = /^((?:\[[+-]?\d+:[+-]?\d+\])+)=/;

/** Reads an array in Postgres' output form: `{1,NULL,"a,b"}`, `[0:1]={…}`, `{{1,2},{3,4}}`. */
export function readArray(text: string): ArrayText {
  const given = bounds.exec(text);
  const lower = given === null ? [] : [...(given[1] ?? "").matchAll(/\[([+-]?\d+):/g)].map((match) => Number(match[1]));
  const items: (string | null)[] = [];
  const lengths: number[] = [];
  const counts: number[] = [];
  let at = given === null ? 0 : given[0].length;
  let depth = 0;
  for (; at < text.length; at++) {
    const char = text[at];
    if (char === "{") {
      depth += 1;
      counts[depth - 1] = 0;
    } else if (char === "}") {
      lengths[depth - 1] = counts[depth - 1] ?? 0;
      depth -= 1;
      if (depth > 0) counts[depth - 1] = (counts[depth - 1] ?? 0) + 1;
    } else if (char !== ",") {
      const end = char === '"' ? endOfQuoted(text, at) : endOfPlain(text, at);
      const raw = text.slice(at, end);
      items.push(char === '"' ? raw.slice(1, -1).replaceAll(/\\(.)/gs, "$1") : raw === "NULL" ? null : raw.replaceAll(/\\(.)/gs, "$1"));
      counts[depth - 1] = (counts[depth - 1] ?? 0) + 1;
      at = end - 1;
    }
  }
  const shape = items.length === 0 ? [] : lengths;
  return { lengths: shape, bounds: shape.map((_, index) => lower[index] ?? 1), items };
}

function endOfQuoted(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function endOfPlain(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== "," && text[at] !== "}") at += text[at] === "\\" ? 2 : 1;
  return at;
}

/** An array literal of one dimension that Postgres reads back as these items. */
export function writeArray(items: readonly (string | null)[]): string {
  return `{${items.map((item) => (item === null ? "NULL" : `"${item.replaceAll(/["\\]/g, "\\$&")}"`)).join(",")}}`;
}
