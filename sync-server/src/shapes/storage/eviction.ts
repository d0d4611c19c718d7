/** What eviction weighs of a shape. */
export interface EvictionCandidate {
  readonly lastUsedMs: number;
  /** Bytes of snapshot and log on disk. */
  readonly storedBytes: number;
  /** True while someone reads it live, or its snapshot is being taken. */
  readonly watched: boolean;
}

/** Limits of what is kept; `Infinity` for none. */
export interface EvictionLimits {
  readonly storageBytesMax: number;
  readonly unusedMsMax: number;
}

/** Why a shape is dropped. */
export type EvictionReason = "evicted: unused" | "evicted: storage is full";

/**
 * Which shapes to drop, given in order of last use, the least recently used first: those nobody asked for in time, then as many as it
 * takes to come under the limit of bytes. A watched shape goes only when all others are gone, and the last shape never goes for its size.
 */
export function chooseEvictions<Candidate extends EvictionCandidate>(shapes: readonly Candidate[], limits: EvictionLimits, nowMs: number): ReadonlyMap<Candidate, EvictionReason> {
  const chosen = new Map<Candidate, EvictionReason>();
  let keptBytes = 0;
  for (const shape of shapes) {
    if (!shape.watched && nowMs - shape.lastUsedMs > limits.unusedMsMax) chosen.set(shape, "evicted: unused");
    else keptBytes += shape.storedBytes;
  }
  if (keptBytes <= limits.storageBytesMax) return chosen;
  const newest = shapes.at(-1);
  for (const watched of [false, true]) {
    for (const shape of shapes) {
      if (keptBytes <= limits.storageBytesMax) return chosen;
      if (shape.watched !== watched || shape === newest || chosen.has(shape)) continue;
      chosen.set(shape, "evicted: storage is full");
      keptBytes -= shape.storedBytes;
    }
  }
  return chosen;
}
