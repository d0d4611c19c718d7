import type { SetAsideEntry, SetAsideStore } from "./set-aside.ts";

/** A set-aside store in memory. */
export function memorySetAside(): SetAsideStore {
  const kept = new Map<string, { readonly entry: SetAsideEntry; readonly pieces: readonly string[] }>();
  return {
    list: () => Promise.resolve([...kept.values()].map(({ entry }) => entry)),
    async keep(entry, text) {
      const pieces: string[] = [];
      const changes = await text(async (piece) => void pieces.push(piece));
      kept.set(entry.id, { entry: { ...entry, changes, isDamage: entry.isDamage ?? false }, pieces });
    },
    async *read(id) {
      yield* kept.get(id)?.pieces ?? [];
    },
    async remove(id) {
      kept.delete(id);
    },
  };
}
