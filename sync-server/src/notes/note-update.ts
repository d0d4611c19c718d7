import { mutations, noteUpdateBytesMax } from "@saldo/schema";
import * as Y from "yjs";

/** True when the arguments of a `note.append` hold one whole Yjs update of a permitted size. */
export function isNoteAppendReadable(args: unknown): boolean {
  const parsed = mutations["note.append"].args.safeParse(args);
  if (!parsed.success) return false;
  const bytes = Buffer.from(parsed.data.update, "base64");
  return bytes.byteLength <= noteUpdateBytesMax && isNoteUpdate(bytes);
}

/** True when bytes are one whole Yjs update. */
export function isNoteUpdate(bytes: Uint8Array): boolean {
  try {
    Y.decodeUpdate(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * One update that holds what all of the given ones hold, in whatever order they came; what some of it stands on may be missing still.
 * The letters of deleted text are dropped, as on every device. Each must be a {@link isNoteUpdate whole update}; null when they cannot be
 * put together all the same.
 */
export function mergedUpdate(updates: readonly Uint8Array[]): Uint8Array | null {
  const document = new Y.Doc();
  try {
    for (const update of updates) Y.applyUpdate(document, update);
    return Y.encodeStateAsUpdate(document);
  } catch {
    return null;
  } finally {
    document.destroy();
  }
}
