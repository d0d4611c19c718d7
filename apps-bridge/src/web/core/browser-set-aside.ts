import { z } from "zod";
import { setAsideEntry, type SetAsideStore } from "../../core/set-aside.ts";
import type { BrowserRecords } from "./browser-records.ts";

const listName = "set aside";
const entries = z.array(setAsideEntry);

/** Unsent changes kept as files among this browser's records. */
export function browserSetAside(records: BrowserRecords): SetAsideStore {
  const list = async () => entries.safeParse(await records.read(listName)).data ?? [];
  const textName = (id: string): string => `${listName} ${id}`;
  return {
    list,
    async keep(entry, text) {
      const pieces: string[] = [];
      const changes = await text(async (piece) => void pieces.push(piece));
      await records.write(textName(entry.id), new Blob(pieces, { type: "application/json" }));
      await records.write(listName, [...(await list()).filter(({ id }) => id !== entry.id), { ...entry, changes }]);
    },
    async *read(id) {
      const kept = await records.read(textName(id));
      if (!(kept instanceof Blob)) return;
      const reader = kept.stream().pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
    },
    async remove(id) {
      await records.write(listName, (await list()).filter((entry) => entry.id !== id));
      await records.remove(textName(id));
    },
  };
}
