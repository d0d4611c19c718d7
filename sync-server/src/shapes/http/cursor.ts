const epochSeconds = Date.UTC(2024, 9, 9) / 1000;
const jumpSecondsMax = 3_600;

/**
 * The `electric-cursor` of a live answer: time since 2024-10-09 rounded up to whole long-poll periods, so that all clients at one
 * offset ask for the same URL; beyond the request's own cursor, so that a cached answer is never asked for twice.
 */
export function nextCursor(previous: string | null, nowMs: number, longPollMs: number, random: () => number): number {
  const periodSeconds = Math.floor(longPollMs / 1000);
  const cursor = periodSeconds < 1 ? 0 : Math.ceil((nowMs / 1000 - epochSeconds) / periodSeconds) * periodSeconds;
  const before = previous !== null && /^\d{1,15}$/.test(previous) ? Number(previous) : undefined;
  return before !== undefined && before >= cursor ? before + 1 + Math.floor(random() * jumpSecondsMax) : cursor;
}
