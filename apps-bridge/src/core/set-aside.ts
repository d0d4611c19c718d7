import { z } from "zod";

/** What is said of a damaged database whose place a new one took. */
export const damage = z.object({
  /** Unsent changes that were saved into the new one. */
  unsentSaved: z.int().nonnegative(),
  /** Recorded changes that could not be read, sent ones among them; null when it cannot be told how many there were. */
  changesLost: z.int().nonnegative().nullable(),
});
/** See {@link damage}. */
export type Damage = z.infer<typeof damage>;

/** Books that were removed from this device because the person lost access to them or their database was damaged, and how much of their own work was kept apart. */
export const setAsideEntry = z.object({
  id: z.string(),
  userId: z.string(),
  companyName: z.string(),
  /** Instant, ISO. */
  at: z.string(),
  /** Unsent changes kept; with 0 there is nothing to export, only to know. */
  changes: z.int().nonnegative(),
  /** The database was damaged; null when the person lost access. */
  damage: damage.nullable().default(null),
});

/** See {@link setAsideEntry}. */
export type SetAsideEntry = z.infer<typeof setAsideEntry>;

/** Writes a text piece by piece; returns how many changes it holds. */
export type TextSource = (write: (text: string) => Promise<void>) => Promise<number>;

/** Where an app keeps unsent changes of books that are gone, until their author has exported or discarded them. */
export interface SetAsideStore {
  list(): Promise<readonly SetAsideEntry[]>;
  /** Keeps a text under an entry; durable once it resolves. The same id again replaces it. */
  keep(entry: Omit<z.input<typeof setAsideEntry>, "changes">, text: TextSource): Promise<void>;
  /** The text of an entry, in pieces; none when there is no such entry. */
  read(id: string): AsyncIterable<string>;
  remove(id: string): Promise<void>;
}

/** A store that tells whenever what it keeps has changed. */
export function observedSetAside(store: SetAsideStore) {
  const listeners = new Set<(entries: readonly SetAsideEntry[]) => void>();
  const tell = async () => {
    const entries = await store.list();
    for (const listener of listeners) listener(entries);
  };
  const observed: SetAsideStore = {
    list: () => store.list(),
    read: (id) => store.read(id),
    async keep(entry, text) {
      await store.keep(entry, text);
      await tell();
    },
    async remove(id) {
      await store.remove(id);
      await tell();
    },
  };
  return {
    store: observed,
    on(listener: (entries: readonly SetAsideEntry[]) => void): () => void {
      listeners.add(listener);
      // A list that cannot be read is one nobody can act on.
      void store.list().then(listener, () => undefined);
      return () => void listeners.delete(listener);
    },
  };
}
