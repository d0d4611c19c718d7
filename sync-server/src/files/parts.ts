import type { ByteStream, FileStorage, StoredObject } from "./storage/file-storage.ts";

/** Where a file is: by its company and its content, so the same bytes of one company are stored once and no company reaches another's. */
export interface FileAddress {
  readonly workspaceId: string;
  readonly id: string;
}

/** A chunk that has arrived: the file's bytes from `offset` on. */
export interface Part extends StoredObject {
  readonly offset: number;
}

/** All that is being uploaded. */
export const partsPrefix = "part/";
const offsetDigits = 12;

/** Key of a whole file. */
export function fileKey({ workspaceId, id }: FileAddress): string {
  return `file/${workspaceId}/${id}`;
}

/** Beginning of the keys of a company's parts. */
export function workspacePartsPrefix(workspaceId: string): string {
  return `${partsPrefix}${workspaceId}/`;
}

/** Beginning of the keys of one file's parts. */
export function filePartsPrefix({ workspaceId, id }: FileAddress): string {
  return `${workspacePartsPrefix(workspaceId)}${id}/`;
}

/** Key of the part that begins at an offset. */
export function partKey(address: FileAddress, offset: number): string {
  return `${filePartsPrefix(address)}${String(offset).padStart(offsetDigits, "0")}`;
}

/** The parts that follow each other from the first byte on; whatever an earlier attempt left beside them is not among them. */
export function contiguous(objects: readonly StoredObject[]): { readonly parts: readonly Part[]; readonly byteCount: number } {
  const byOffset = new Map(objects.map((object) => [Number(object.key.slice(object.key.lastIndexOf("/") + 1)), object]));
  const parts: Part[] = [];
  let offset = 0;
  for (let next = byOffset.get(0); next !== undefined && next.byteCount > 0; next = byOffset.get(offset)) {
    parts.push({ ...next, offset });
    offset += next.byteCount;
  }
  return { parts, byteCount: offset };
}

/** The bytes of parts, one after the other. Throws `RangeError` when one is gone. */
export async function* bytesOf(storage: FileStorage, parts: readonly Part[]): ByteStream {
  for (const { key } of parts) {
    const bytes = await storage.read(key);
    if (bytes === undefined) throw new RangeError("a part is gone");
    yield* bytes;
  }
}

/** All objects whose keys begin so. */
export async function listAll(storage: FileStorage, prefix: string): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  for await (const object of storage.list(prefix)) found.push(object);
  return found;
}
