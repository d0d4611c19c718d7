import { filesFolderName, forgottenLine, noteCopyName, noteName, readNoteOrCopy, versionFile } from "./files-note.ts";
import { appendText, openSyncFile, readText, writeText } from "./sync-file.ts";

/**
 * Looks at PGlite's note in a folder before PGlite does, which takes one it cannot read for that of a new database, and waits for ever for a file that is gone.
 * A cut last line is left out, an unreadable tree is put back from its copy, empty files that are gone are forgotten. Throws where the note tells nothing or
 * a file of Postgres' is gone, and `NoModificationAllowedError` while another worker holds the folder.
 */
export async function mendNote(folder: FileSystemDirectoryHandle): Promise<void> {
  const file = await openSyncFile(await folder.getFileHandle(noteName, { create: true }));
  try {
    const text = readText(file);
    const note = readNoteOrCopy(text, await copyOf(folder));
    if (note === undefined || !note.files.has(versionFile)) throw new Error("nothing tells which file is which");
    const there = await namesIn(await folder.getDirectoryHandle(filesFolderName));
    const gone = [...note.files].find(([, name]) => !there.has(name));
    if (gone !== undefined) throw new Error(`${gone[0]} is gone`);
    const forgotten = [...note.pool].filter((name) => !there.has(name)).map(forgottenLine).join("");
    // What is whole of a note is never written anew: the power may go meanwhile.
    if (!text.startsWith(note.text)) writeText(file, note.text + forgotten);
    else if (note.text + forgotten !== text) appendText(file, note.text, forgotten);
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
