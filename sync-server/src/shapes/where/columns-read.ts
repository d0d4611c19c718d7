/**
 * Columns a bound clause may read: every number in it below `columnCount`, for columns stand in it by their index. Other numbers are
 * taken along, which costs a little and harms nothing.
 */
export function columnsRead(clause: unknown, columnCount: number): ReadonlySet<number> {
  const found = new Set<number>();
  const seen = new Set<unknown>();
  const pending: unknown[] = [clause];
  while (pending.length > 0) {
    const part = pending.pop();
    if (typeof part === "number") {
      if (Number.isInteger(part) && part >= 0 && part < columnCount) found.add(part);
      continue;
    }
    if (typeof part !== "object" || part === null || seen.has(part)) continue;
    seen.add(part);
    if (part instanceof Map || part instanceof Set) pending.push(...part.keys(), ...part.values());
    else pending.push(...Object.values(part));
  }
  return found;
}
