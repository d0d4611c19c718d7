import { logReason } from "../log-reason.ts";
import type { ResolvedOptions } from "../options.ts";
import type { Shape } from "../shape.ts";
import { chooseEvictions } from "./eviction.ts";
import { writeLastUse } from "./last-use.ts";
import { recordPath } from "./shape-record.ts";

/** Eviction weighs days: a shape in steady use need not touch the disk every minute. */
const lastUseStepMs = 600_000;
const lastUsesMax = 16;

/** What upkeep works with. */
export interface StorageUpkeepParts {
  readonly options: ResolvedOptions;
  /** In order of last use, the least recently used first. */
  readonly shapes: () => Iterable<Shape>;
  readonly owned: () => Promise<boolean>;
  readonly evict: (shape: Shape, reason: string) => void;
}

/** What shapes on disk need now and then: limits of age and size, notes of their last use, compaction. */
export class StorageUpkeep {
  readonly #parts: StorageUpkeepParts;

  constructor(parts: StorageUpkeepParts) {
    this.#parts = parts;
  }

  /** Drops shapes beyond the limits of age and size, notes on disk when the others were last used, and merges old parts of logs. */
  async run(): Promise<void> {
    const { options } = this.#parts;
    const candidates = [...this.#parts.shapes()].map((shape) => ({ shape, lastUsedMs: shape.lastUsedMs, storedBytes: shape.storedBytes, watched: shape.watched || !shape.snapshot.complete }));
    for (const [{ shape }, reason] of chooseEvictions(candidates, options, options.nowMs())) this.#parts.evict(shape, reason);
    await this.#noteLastUses(lastUseStepMs);
    if (options.compaction) await this.#compact();
  }

  /** Notes every last use that is not on disk yet. */
  async noteLastUses(): Promise<void> {
    await this.#noteLastUses(1);
  }

  /** Those used at least `stepMs` after what is on disk. */
  async #noteLastUses(stepMs: number): Promise<void> {
    const used = [...this.#parts.shapes()].filter((shape) => shape.snapshot.complete && shape.lastUsedMs - shape.notedUseMs >= stepMs);
    for (let at = 0; at < used.length; at += lastUsesMax) {
      await Promise.all(
        used.slice(at, at + lastUsesMax).map(async (shape) => {
          const { lastUsedMs } = shape;
          if (shape.gone) return;
          await writeLastUse(recordPath(shape.dir), lastUsedMs);
          shape.notedUseMs = lastUsedMs;
        }),
      );
    }
  }

  /** Merges old parts of logs, one after the other. A log that cannot be merged is left as it is. */
  async #compact(): Promise<void> {
    const { options, owned, shapes } = this.#parts;
    for (const shape of [...shapes()]) {
      if (shape.gone || !shape.compactable) continue;
      const beforeBytes = shape.log.storedBytes;
      try {
        await shape.log.removeRetired();
        const done = await shape.log.compact({ relation: JSON.stringify([shape.table.schema, shape.table.name]), owned: async () => (await owned()) && !shape.gone });
        if (!done) continue;
        options.observer.compacted(beforeBytes, shape.log.storedBytes);
        options.log.info({ handle: shape.handle, beforeBytes, afterBytes: shape.log.storedBytes }, "log compacted");
      } catch (error) {
        if (shape.gone) continue;
        shape.compactable = false;
        options.log.warn({ handle: shape.handle, reason: logReason(error) }, "log not compacted");
      }
    }
  }
}
