/** How long the browser is given to take the bytes over. */
const takeOverMs = 60_000;

/** Hands bytes to the person to be saved under a name; the browser never shows them as a page, whatever they are. */
export function saveFile(name: string, bytes: Uint8Array): void {
  const address = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), takeOverMs);
}
