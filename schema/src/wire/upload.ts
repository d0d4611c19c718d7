import { z } from "zod";
import { isErrorCode, type ErrorCode } from "../errors/catalogue.ts";
import { SaldoError } from "../errors/saldo-error.ts";

/**
 * An upload of mutations: one binary body, so that compressed bodies travel as they were frozen.
 *
 *     "SMU1" | uint32 BE header length | header (JSON, UTF-8) | body of mutation 1 | body of mutation 2 | …
 *
 * The header names the device, the workspace and, for each mutation, its number, name, version, encoding, length and SHA-256.
 * A body cut anywhere has the wrong total length and is refused whole.
 */
const magic = new TextEncoder().encode("SMU1");
const prefixBytes = 8;

/** Most mutations in one upload. */
export const uploadMutationsMax = 500;
/** Most bytes of one upload. */
export const uploadBytesMax = 8 * 1024 * 1024;
/** Most bytes of one mutation's body, as sent and after inflating. */
export const mutationBodyBytesMax = 4 * 1024 * 1024;
/** Most bytes one body may inflate to. */
export const mutationInflatedBytesMax = 16 * 1024 * 1024;
/** Most bytes of the header. */
const headerBytesMax = 512 * 1024;

const uploadEntry = z.strictObject({
  seq: z.int().min(1),
  name: z.string().min(1).max(100),
  version: z.int().min(1),
  encoding: z.enum(["json", "deflate"]),
  bytes: z.int().min(2).max(mutationBodyBytesMax),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const uploadHeader = z.strictObject({
  clientId: z.string().min(1).max(64),
  workspaceId: z.string().min(1).max(64),
  mutations: z.array(uploadEntry).min(1).max(uploadMutationsMax),
});

/** One mutation of an upload, before its body is attached. */
export type UploadEntry = z.infer<typeof uploadEntry>;

/** One mutation as recorded: its body is JSON text, or that text deflated (zlib format, RFC 1950); `sha256` is of the body as sent. */
export interface UploadMutation extends Omit<UploadEntry, "bytes"> {
  readonly body: Uint8Array;
}

/** A parsed upload. */
export interface Upload {
  readonly clientId: string;
  readonly workspaceId: string;
  readonly mutations: readonly UploadMutation[];
}

/** Writes an upload. The caller keeps it under {@link uploadBytesMax} and {@link uploadMutationsMax}. */
export function encodeUpload(upload: Upload): Uint8Array<ArrayBuffer> {
  const entries = upload.mutations.map(({ body, ...entry }) => ({ ...entry, bytes: body.byteLength }));
  const header = new TextEncoder().encode(JSON.stringify({ clientId: upload.clientId, workspaceId: upload.workspaceId, mutations: entries }));
  const bodyBytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const out = new Uint8Array(prefixBytes + header.byteLength + bodyBytes);
  out.set(magic);
  new DataView(out.buffer).setUint32(4, header.byteLength);
  out.set(header, prefixBytes);
  let offset = prefixBytes + header.byteLength;
  for (const mutation of upload.mutations) {
    out.set(mutation.body, offset);
    offset += mutation.body.byteLength;
  }
  return out;
}

/** Reads an upload. Throws `SaldoError` `relay.invalid_upload` on anything cut, padded or not of the form; hashes are the caller's to check. */
export function decodeUpload(bytes: Uint8Array): Upload {
  if (bytes.byteLength < prefixBytes || magic.some((byte, index) => bytes[index] !== byte)) throw invalid("prefix");
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
  if (headerBytes > headerBytesMax || prefixBytes + headerBytes > bytes.byteLength) throw invalid("header");
  const header = uploadHeader.safeParse(parseJson(bytes.subarray(prefixBytes, prefixBytes + headerBytes)));
  if (!header.success) throw invalid("header");
  let offset = prefixBytes + headerBytes;
  const mutations = header.data.mutations.map(({ bytes: length, ...entry }) => {
    const body = bytes.subarray(offset, offset + length);
    offset += length;
    return { ...entry, body };
  });
  if (offset !== bytes.byteLength) throw invalid("length");
  return { clientId: header.data.clientId, workspaceId: header.data.workspaceId, mutations };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid("header", cause);
  }
}

function invalid(part: string, cause?: unknown): SaldoError {
  return new SaldoError("relay.invalid_upload", { part }, { cause });
}

const errorCode = z.custom<ErrorCode>(isErrorCode);

/** The answer to an upload: a verdict for every mutation of it, the last number applied, and the Postgres transaction that did it. */
export const uploadAnswer = z.object({
  verdicts: z.array(
    z.union([
      z.object({ seq: z.int(), outcome: z.literal("applied") }),
      z.object({ seq: z.int(), outcome: z.literal("rejected"), code: errorCode }),
    ]),
  ),
  lastSeq: z.int(),
  /** 32-bit transaction id, for `awaitTxId`; null when every mutation had been answered before. */
  txid: z.number().nullable(),
});

/** See {@link uploadAnswer}. */
export type UploadAnswer = z.infer<typeof uploadAnswer>;
