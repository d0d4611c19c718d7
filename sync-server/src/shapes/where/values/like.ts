/** A pattern's pieces between `%`; `null` stands for `_`. */
interface Pattern {
  readonly segments: readonly (readonly (string | null)[])[];
}

/** Reads a LIKE pattern with backslash as its escape; `undefined` when it ends with one. */
function readPattern(pattern: string): Pattern | undefined {
  const segments: (string | null)[][] = [[]];
  const chars = Array.from(pattern);
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? "";
    const segment = segments.at(-1) ?? [];
    if (char === "%") segments.push([]);
    else if (char === "_") segment.push(null);
    else if (char !== "\\") segment.push(char);
    else {
      at += 1;
      const escaped = chars[at];
      if (escaped === undefined) return undefined;
      segment.push(escaped);
    }
  }
  return { segments };
}

function matchesAt(chars: readonly string[], at: number, segment: readonly (string | null)[]): boolean {
  return segment.every((expected, offset) => expected === null || expected === chars[at + offset]);
}

/**
 * Compiles a LIKE pattern (backslash escapes) to a test of whole texts, in time linear in text × pattern: each segment between `%` is
 * taken at its first place. `undefined` for a pattern Postgres refuses.
 */
export function compileLike(pattern: string): ((text: string) => boolean) | undefined {
  const read = readPattern(pattern);
  if (read === undefined) return undefined;
  const { segments } = read;
  const simple = simpleTest(segments);
  if (simple !== undefined) return simple;
  return (text) => {
    const chars = Array.from(text);
    const first = segments[0] ?? [];
    const last = segments.at(-1) ?? [];
    if (segments.length === 1) return chars.length === first.length && matchesAt(chars, 0, first);
    const end = chars.length - last.length;
    if (end < first.length || !matchesAt(chars, 0, first) || !matchesAt(chars, end, last)) return false;
    let at = first.length;
    for (const segment of segments.slice(1, -1)) {
      while (at + segment.length <= end && !matchesAt(chars, at, segment)) at += 1;
      if (at + segment.length > end) return false;
      at += segment.length;
    }
    return true;
  };
}

/** `abc`, `abc%`, `%abc`, `%abc%` need no characters to be split. */
function simpleTest(segments: readonly (readonly (string | null)[])[]): ((text: string) => boolean) | undefined {
  if (segments.some((segment) => segment.includes(null))) return undefined;
  const texts = segments.map((segment) => segment.join(""));
  const [first = "", second = "", third] = texts;
  if (texts.length === 1) return (text) => text === first;
  if (texts.length === 2 && second === "") return (text) => text.startsWith(first);
  if (texts.length === 2 && first === "") return (text) => text.endsWith(second);
  if (texts.length === 3 && first === "" && third === "") return (text) => text.includes(second);
  return undefined;
}
