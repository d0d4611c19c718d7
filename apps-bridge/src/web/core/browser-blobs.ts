import { isBlobId, type BlobStore, type KeptBlob } from "@saldo/client-core/files";
import { slicesOf } from "@saldo/client-core/import";
import { SaldoError } from "@saldo/schema";

/** Folder of all originals among the browser's private files. */
const root = "saldo-originals";
const storeName = "blob";

/** Where this browser keeps originals of the named books: its private files, or IndexedDB where those cannot be written. */
export function browserBlobs(name: string): BlobStore {
  return canWriteFiles() ? opfsBlobs(name) : indexedDbBlobs(name);
}

/** Only where a file can be written beside its place and put there whole. */
function canWriteFiles(): boolean {
  return "storage" in navigator && "getDirectory" in navigator.storage && typeof FileSystemFileHandle === "function" && "createWritable" in FileSystemFileHandle.prototype;
}

/** Blobs in the browser's private files: the browser itself puts a file in its place only once it is written whole. */
export function opfsBlobs(name: string): BlobStore {
  const folder = async () => {
    const files = await navigator.storage.getDirectory();
    return (await files.getDirectoryHandle(root, { create: true })).getDirectoryHandle(name, { create: true });
  };
  const fileOf = async (id: string): Promise<File | undefined> => {
    const handle = await (await folder()).getFileHandle(known(id)).catch(missing);
    return handle?.getFile();
  };
  return {
    write: (id, bytes) =>
      speaking(async () => {
        if ((await fileOf(id))?.size === bytes.byteLength) return;
        const handle = await (await folder()).getFileHandle(known(id), { create: true });
        const writable = await handle.createWritable();
        try {
          for (const slice of slicesOf(bytes, 0)) await writable.write(new Uint8Array(slice.bytes));
          await writable.close();
        } catch (error) {
          await writable.abort().catch(() => undefined);
          await (await folder()).removeEntry(id).catch(() => undefined);
          throw error;
        }
      }),
    read: (id, fromByte, toByte) =>
      speaking(async () => {
        const file = await fileOf(id);
        return file === undefined || file.size === 0 ? undefined : new Uint8Array(await file.slice(fromByte, toByte).arrayBuffer());
      }),
    remove: (id) => speaking(async () => (await folder()).removeEntry(known(id)).catch(missing)),
    list: () =>
      speaking(async () => {
        const found: KeptBlob[] = [];
        for await (const [id, handle] of (await folder()).entries()) {
          if (!isBlobId(id) || !(handle instanceof FileSystemFileHandle)) continue;
          const { size } = await handle.getFile();
          // A file that was begun and never written is empty.
          if (size > 0) found.push({ id, byteCount: size });
        }
        return found;
      }),
  };
}

/** Blobs in IndexedDB, one transaction each. */
export function indexedDbBlobs(name: string): BlobStore {
  const database = `${root}-${name}`;
  const blobOf = async (id: string): Promise<Blob | undefined> => {
    const found = await run(database, "readonly", (store) => store.get(known(id)));
    return found instanceof Blob ? found : undefined;
  };
  return {
    write: (id, bytes) => speaking(async () => void (await run(database, "readwrite", (store) => store.put(new Blob([...slicesOf(bytes, 0)].map((slice) => new Blob([new Uint8Array(slice.bytes)]))), known(id))))),
    read: (id, fromByte, toByte) =>
      speaking(async () => {
        const blob = await blobOf(id);
        return blob === undefined ? undefined : new Uint8Array(await blob.slice(fromByte, toByte).arrayBuffer());
      }),
    remove: (id) => speaking(async () => void (await run(database, "readwrite", (store) => store.delete(known(id))))),
    list: () =>
      speaking(async () => {
        const found: KeptBlob[] = [];
        const keys = await run(database, "readonly", (store) => store.getAllKeys());
        for (const id of Array.isArray(keys) ? keys : []) {
          const blob = typeof id === "string" && isBlobId(id) ? await blobOf(id) : undefined;
          if (blob !== undefined) found.push({ id: String(id), byteCount: blob.size });
        }
        return found;
      }),
  };
}

function known(id: string): string {
  if (!isBlobId(id)) throw new RangeError("not a blob's id");
  return id;
}

function missing(error: unknown): undefined {
  if (!(error instanceof DOMException) || error.name !== "NotFoundError") throw error;
}

async function speaking<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    const isFull = cause instanceof DOMException && cause.name === "QuotaExceededError";
    throw new SaldoError(isFull ? "store.disk_full" : "store.io_failed", { part: "files" }, { cause });
  }
}

async function run(name: string, mode: IDBTransactionMode, request: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const opening = indexedDB.open(name, 1);
  opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(storeName));
  await settled(opening);
  const database = opening.result;
  try {
    const transaction = database.transaction(storeName, mode);
    const asked = request(transaction.objectStore(storeName));
    await new Promise<void>((resolve, reject) => {
      transaction.addEventListener("complete", () => resolve());
      for (const event of ["abort", "error"]) transaction.addEventListener(event, () => reject(transaction.error ?? new Error("the browser's database failed")));
    });
    const answer: unknown = asked.result;
    return answer;
  } finally {
    database.close();
  }
}

function settled(request: IDBRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve());
    request.addEventListener("error", () => reject(request.error ?? new Error("the browser's database failed")));
  });
}
