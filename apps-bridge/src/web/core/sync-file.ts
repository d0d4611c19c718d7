/** A private file that is read and written at once. Only workers have these, and the types of pages do not name them. */
export interface SyncFile {
  getSize(): number;
  read(into: Uint8Array, options: { readonly at: number }): number;
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(bytes: number): void;
  flush(): void;
  close(): void;
}

/** Opens a private file; it is this worker's until it is closed. */
export async function openSyncFile(file: FileSystemFileHandle): Promise<SyncFile> {
  if (!canOpenSync(file)) throw new TypeError("no private files that are written at once");
  return file.createSyncAccessHandle();
}

/** True where private files can be opened so. */
export function canOpenSync(file: object): file is { createSyncAccessHandle(): Promise<SyncFile> } {
  return "createSyncAccessHandle" in file && typeof file.createSyncAccessHandle === "function";
}

/** All of a file as text. */
export function readText(file: SyncFile): string {
  const bytes = new Uint8Array(file.getSize());
  return new TextDecoder().decode(bytes.subarray(0, file.read(bytes, { at: 0 })));
}

/** Makes a text all of a file, and waits until the disk has it. Throws where there is no space for all of it. */
export function writeText(file: SyncFile, text: string): void {
  appendText(file, "", text);
}

/** Leaves of a file the text it begins with, puts another behind it, and waits until the disk has it. Throws where there is no space for all of it. */
export function appendText(file: SyncFile, beginning: string, text: string): void {
  const encoder = new TextEncoder();
  const at = encoder.encode(beginning).length;
  const bytes = encoder.encode(text);
  file.truncate(at);
  const written = bytes.length === 0 ? 0 : file.write(bytes, { at });
  file.flush();
  if (written !== bytes.length) throw new DOMException("no space for all of a text", "QuotaExceededError");
}
