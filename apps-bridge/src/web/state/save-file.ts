import type { Core } from "./bridge.tsx";

/** How long the browser is given to take the bytes over. */
const takeOverMs = 60_000;

/** Hands bytes to the person to be saved under a name; the browser never shows them as a page, whatever they are. */
export function saveFile(name: string, bytes: Uint8Array): void {
  saveBlob(name, new Blob([new Uint8Array(bytes)], { type: "application/octet-stream" }));
}

/** The same for what is not held as bytes. */
export function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), takeOverMs);
}

/** Hands over the files of books that cannot be opened, or of those set aside under an entry, as an archive; resolves to how many it holds. */
export async function saveDatabaseFiles(core: Core, setAsideId: string | null): Promise<number> {
  let count = 0;
  const { fileName, archive } = await core.call("unopened.saveFiles", { setAsideId }, { onProgress: ({ files }) => void (count = files) });
  saveBlob(fileName, archive);
  return count;
}
