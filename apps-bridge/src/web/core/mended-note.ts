import { filesFolderName, forgottenLine, noteCopyName, noteName, readNote } from "./files-note.ts";
import { openSyncFile, readText, writeText } from "./sync-file.ts";

/**
 * Looks at PGlite's note in a folder before PGlite does, which takes one it cannot read for that of a new database, and waits for ever for a file that is gone.
 * A cut last line is left out, an unreadable tree is put back from its copy, empty files that are gone are forgotten. Throws where the note tells nothing or
 * a file of Postgres' is gone, and `NoModificationAllowedError` while another worker holds the folder.
 */
export async function mendNote(folder: FileSystemDirectoryHandle): Promise<void> {
  const file = await openSyncFile(await folder.getFileHandle(noteName, { create: true }));
  try {
    const text = readText(file);
    const note = readNote(text) ?? readNote([await copyOf(folder), ...text.split("\n").slice(1)].join("\n"));
    if (note === undefined) throw new Error("nothing tells which file is which");
    const there = await namesIn(await folder.getDirectoryHandle(filesFolderName));
    const gone = [...note.files].find(([, name]) => !there.has(name));
    if (gone !== undefined) throw new Error(`${gone[0]} is gone`);
    const mended = note.text + [...note.pool].filter((name) => !there.has(name)).map(forgottenLine).join("");
    if (mended !== text) writeText(file, mended);
  } finally {
    file.close();
  }
}

async function copyOf(folder: FileSystemDirectoryHandle): Promise<string> {
  const file = await openSyncFile(await folder.getFileHandle(noteCopyName, { create: true }));
  try {
    return readText(file);
  } finally {
    file.close();
  }
}

async function namesIn(folder: FileSystemDirectoryHandle): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const name of folder.keys()) names.add(name);
  return names;
}
