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

/** Makes a text all of a file, and waits until the disk has it. */
export function writeText(file: SyncFile, text: string): void {
  file.truncate(0);
  file.write(new TextEncoder().encode(text), { at: 0 });
  file.flush();
}
