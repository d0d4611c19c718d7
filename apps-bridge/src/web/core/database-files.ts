import type { ZippedFile } from "@saldo/client-core/export";
import { z } from "zod";
import { filesFolderName, noteCopyName, noteName, readNoteOrCopy } from "./files-note.ts";

/** Where Emscripten, and so PGlite, keeps files in IndexedDB. */
const fileStoreName = "FILE_DATA";
const indexedFile = z.object({ contents: z.instanceof(Uint8Array) });

/** Postgres' files of a database in a folder of private files, as they lie: by their own paths where a note tells them, else by the names they have there. */
export async function* folderFiles(folder: FileSystemDirectoryHandle): AsyncGenerator<ZippedFile> {
  const [text, copy] = [await textIn(folder, noteName), await textIn(folder, noteCopyName)];
  const paths = new Map([...(readNoteOrCopy(text, copy)?.files ?? [])].map(([path, name]) => [name, path]));
  yield { path: noteName, bytes: new Blob([text]).stream() };
  yield { path: noteCopyName, bytes: new Blob([copy]).stream() };
  const files = await folder.getDirectoryHandle(filesFolderName).catch(() => undefined);
  for await (const [name, handle] of files?.entries() ?? []) {
    if (!(handle instanceof FileSystemFileHandle)) continue;
    const file = await handle.getFile();
    const path = paths.get(name);
    if (path !== undefined || file.size > 0) yield { path: path === undefined ? `unnamed/${name}` : `postgres${path}`, bytes: file.stream() };
  }
}

/** The same of a database in IndexedDB. None where the browser has none of this name any more, which is not made either. */
export async function* indexedFiles(name: string): AsyncGenerator<ZippedFile> {
  if (!(await indexedDB.databases()).some((database) => database.name === name)) return;
  const database = await settled(indexedDB.open(name));
  try {
    const read = <Value>(ask: (store: IDBObjectStore) => IDBRequest<Value>) => settled(ask(database.transaction(fileStoreName).objectStore(fileStoreName)));
    for (const key of await read((store) => store.getAllKeys())) {
      const file = indexedFile.safeParse(await read((store) => store.get(key))).data;
      if (typeof key === "string" && file !== undefined) yield { path: key.replace(/^\/+/, ""), bytes: new Blob([new Uint8Array(file.contents)]).stream() };
    }
  } finally {
    database.close();
  }
}

async function textIn(folder: FileSystemDirectoryHandle, name: string): Promise<string> {
  const handle = await folder.getFileHandle(name).catch(() => undefined);
  return handle === undefined ? "" : (await handle.getFile()).text();
}

function settled<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("the browser's database failed")));
  });
}
