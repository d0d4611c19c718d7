/** One stored object, as a listing tells of it. */
export interface StoredObject {
  readonly key: string;
  readonly byteCount: number;
  /** When it was written; milliseconds since the epoch by the storage's own clock. */
  readonly writtenAtMs: number;
}

/** Bytes as they flow, in pieces of any size. */
export type ByteStream = AsyncIterable<Uint8Array>;

/**
 * Where the bytes of files are: a folder, or a bucket of S3. Keys are made by us of `A-Z a-z 0-9 _ - /` alone; no name a person gave is ever
 * part of one. An object is there whole or not at all. Throws `SaldoError` `file.storage_full`, `relay.unavailable`.
 */
export interface FileStorage {
  /** Writes an object of known length; one that is there is replaced. */
  write(key: string, byteCount: number, bytes: ByteStream): Promise<void>;
  /** The bytes from an offset on; undefined when there is no such object. */
  read(key: string, fromByte?: number): Promise<ByteStream | undefined>;
  /** Removes objects; those that are not there are no failure. */
  remove(keys: readonly string[]): Promise<void>;
  /** All objects whose keys begin so, in the order of their keys. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Removes what writes begun before an instant left unfinished. */
  tidy(beforeMs: number): Promise<void>;
  /** Lets go of connections. */
  close(): Promise<void>;
}

/** The pieces of a stream of known length; throws `RangeError` when more or fewer bytes come. */
export async function* exactly(byteCount: number, bytes: ByteStream): ByteStream {
  let seen = 0;
  for await (const piece of bytes) {
    seen += piece.byteLength;
    if (seen > byteCount) break;
    yield piece;
  }
  if (seen !== byteCount) throw new RangeError("the stream is not as long as was said");
}
