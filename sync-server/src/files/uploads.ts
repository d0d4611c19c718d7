import { createHash } from "node:crypto";
import { fileChunkBytesMax, fileChunkBytesMin, SaldoError, type FileUploadAnswer } from "@saldo/schema";
import type pg from "pg";
import { inTransaction } from "../database.pg.ts";
import { readBodyPiece } from "../http/body.ts";
import { lockFile, markUploaded, uploadedBytes, type FileRow } from "./file-rows.pg.ts";
import { bytesOf, contiguous, fileKey, filePartsPrefix, listAll, partKey, partsPrefix, workspacePartsPrefix, type Part } from "./parts.ts";
import type { ByteStream, FileStorage } from "./storage/file-storage.ts";

/** Most chunks held in memory at once, of all uploads together. */
const chunksInFlightMax = 32;
/** Most files put together at once: each holds a connection to the database. */
const assembliesMax = 4;
/** Most bytes of unfinished uploads of one company. */
const unfinishedBytesMax = 256 * 1024 * 1024;
/** An upload nobody has gone on with for so long is removed. */
export const unfinishedMsMax = 24 * 60 * 60 * 1_000;
const busyRetryAfterSeconds = 2;

/** What uploads work with. */
export interface UploadsParts {
  readonly pool: pg.Pool;
  readonly storage: FileStorage;
  /** Most bytes of all files of one company. */
  readonly workspaceBytesMax: number;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** Uploads of registered files, each in chunks that may be cut and repeated. */
export interface Uploads {
  /** How much of a file is here. */
  progress(file: FileRow): Promise<FileUploadAnswer>;
  /**
   * Adds the chunk at an offset; with the last byte the file is compared with its SHA-256 and is whole. Throws `SaldoError`: `file.wrong_offset`
   * with the right `offset`, `file.busy`, `file.damaged` (then all of it is removed), `file.quota_full`, `file.storage_full`, `relay.too_large`,
   * `relay.invalid_upload` for a cut chunk, of which what arrived is kept.
   */
  add(file: FileRow, offset: number, request: Request): Promise<FileUploadAnswer>;
  /** Removes uploads nobody went on with. */
  removeAbandoned(nowMs: number): Promise<void>;
}

/** Makes {@link Uploads}. What it knows is in the storage and the database, so any relay goes on where another stopped. */
export function createUploads(parts: UploadsParts): Uploads {
  const { storage } = parts;
  const under = new Set<string>();
  let assemblies = 0;

  /** Runs work on a file that nobody else in this process works on. */
  const alone = async <Result>(file: FileRow, work: () => Promise<Result>): Promise<Result> => {
    const key = fileKey(file);
    if (under.has(key)) throw new SaldoError("file.busy", { retryAfterSeconds: busyRetryAfterSeconds });
    if (under.size >= chunksInFlightMax) throw new SaldoError("relay.unavailable", { retryAfterSeconds: busyRetryAfterSeconds });
    under.add(key);
    try {
      return await work();
    } finally {
      under.delete(key);
    }
  };

  const assemble = async (file: FileRow, found: readonly Part[]): Promise<FileUploadAnswer> => {
    if (assemblies >= assembliesMax) throw new SaldoError("relay.unavailable", { retryAfterSeconds: busyRetryAfterSeconds });
    assemblies++;
    try {
      const verdict = await inTransaction(parts.pool, parts.random, (connection) => putTogether(parts, connection, file, found));
      const rest = await listAll(storage, filePartsPrefix(file));
      await storage.remove(rest.map(({ key }) => key));
      if (verdict !== "uploaded") throw new SaldoError(verdict);
      return { offset: file.byteCount, status: "uploaded" };
    } finally {
      assemblies--;
    }
  };

  return {
    async progress(file) {
      if (file.status === "uploaded") return { offset: file.byteCount, status: file.status };
      return { offset: contiguous(await listAll(storage, filePartsPrefix(file))).byteCount, status: "local" };
    },
    add: (file, offset, request) =>
      alone(file, async () => {
        const found = await listAll(storage, workspacePartsPrefix(file.workspaceId));
        const own = contiguous(found.filter(({ key }) => key.startsWith(filePartsPrefix(file))));
        if (offset !== own.byteCount) throw new SaldoError("file.wrong_offset", { offset: own.byteCount });
        const unfinishedBytes = found.reduce((sum, { byteCount }) => sum + byteCount, 0);
        const room = parts.workspaceBytesMax - (await uploadedBytes(parts.pool, file.workspaceId));
        const missingBytes = file.byteCount - offset;
        if (file.byteCount > room) throw new SaldoError("file.quota_full");
        if (unfinishedBytes + missingBytes > unfinishedBytesMax) throw new SaldoError("file.busy", { retryAfterSeconds: busyRetryAfterSeconds });
        if (missingBytes > 0) {
          const arrived = await store(storage, file, offset, request);
          if (arrived < missingBytes) return { offset: offset + arrived, status: "local" };
        }
        return assemble(file, contiguous(await listAll(storage, filePartsPrefix(file))).parts);
      }),
    async removeAbandoned(nowMs) {
      const before = nowMs - unfinishedMsMax;
      await storage.tidy(before);
      let keys: string[] = [];
      let current: string | undefined;
      let isAbandoned = true;
      const settle = async () => {
        if (isAbandoned) await storage.remove(keys);
        keys = [];
        isAbandoned = true;
      };
      for await (const { key, writtenAtMs } of storage.list(partsPrefix)) {
        const upload = key.slice(0, key.lastIndexOf("/"));
        if (upload !== current) await settle();
        current = upload;
        keys.push(key);
        isAbandoned &&= writtenAtMs < before;
      }
      await settle();
    },
  };
}

/** Stores what of a chunk arrived; returns how many bytes. Throws `relay.invalid_upload` when it was cut. */
async function store(storage: FileStorage, file: FileRow, offset: number, request: Request): Promise<number> {
  const missingBytes = file.byteCount - offset;
  const { bytes, cut } = await readBodyPiece(request, Math.min(fileChunkBytesMax, missingBytes));
  const isEnough = bytes.byteLength >= fileChunkBytesMin || (bytes.byteLength === missingBytes && cut === undefined);
  if (isEnough) await storage.write(partKey(file, offset), bytes.byteLength, once(bytes));
  if (cut !== undefined) throw cut;
  if (!isEnough) throw new SaldoError("relay.invalid_request", { field: "body", chunkBytesMin: fileChunkBytesMin });
  return bytes.byteLength;
}

/** Writes the parts as one object while their hash is taken; only bytes that are what they should be are ever said to be there. */
async function putTogether(
  { storage, workspaceBytesMax }: UploadsParts,
  connection: pg.PoolClient,
  file: FileRow,
  parts: readonly Part[],
): Promise<"uploaded" | "file.damaged" | "file.quota_full" | "file.unknown"> {
  const status = await lockFile(connection, file);
  if (status === undefined) return "file.unknown";
  if (status === "uploaded") return status;
  const hash = createHash("sha256");
  await storage.write(fileKey(file), file.byteCount, hashed(bytesOf(storage, parts), hash));
  const verdict = hash.digest("hex") !== file.id ? "file.damaged" : (await markUploaded(connection, file, workspaceBytesMax)) ? "uploaded" : "file.quota_full";
  if (verdict !== "uploaded") await storage.remove([fileKey(file)]);
  return verdict;
}

async function* hashed(bytes: ByteStream, hash: { update(piece: Uint8Array): unknown }): ByteStream {
  for await (const piece of bytes) {
    hash.update(piece);
    yield piece;
  }
}

async function* once(bytes: Uint8Array): ByteStream {
  yield bytes;
}
