import type { FileBytes } from "../file-bytes.ts";

/** Bytes a device keeps. */
export interface KeptBlob {
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly id: string;
  readonly byteCount: number;
}

/**
 * Where a device keeps the bytes of files, each under its SHA-256: a folder, a browser's private files, or IndexedDB. A blob is there whole
 * or not at all. Throws `SaldoError` `store.disk_full`, `store.io_failed`.
 */
export interface BlobStore {
  /** Keeps bytes; the same again changes nothing. */
  write(id: string, bytes: FileBytes): Promise<void>;
  /** Bytes from one up to another; undefined when the blob is not there. */
  read(id: string, fromByte: number, toByte: number): Promise<Uint8Array | undefined>;
  /** Removes a blob; one that is not there is no failure. */
  remove(id: string): Promise<void>;
  list(): Promise<readonly KeptBlob[]>;
}

const idForm = /^[0-9a-f]{64}$/;

/** True for a text that can name a blob: nothing else becomes part of a path. */
export function isBlobId(text: string): boolean {
  return idForm.test(text);
}
