import { fileChunkBytesMax, fileUploadAnswer, SaldoError, type FileUploadAnswer, type Row } from "@saldo/schema";
import { failureOf, type Clock, type Relay } from "../sync/index.ts";
import type { Originals } from "./originals.ts";
import { sha256Hex } from "./sha256.ts";

/** Longest wait for the answer to one chunk; beyond it the connection counts as dead. */
const chunkTimeoutMs = 60_000;
/** Longest wait for a whole file. */
const downloadTimeoutMs = 240_000;

/** What sending and fetching work with. */
export interface TransferParts {
  readonly originals: Originals;
  readonly relay: Relay;
  readonly clock: Clock;
}

/**
 * Sends what the server does not hold of a file, a chunk at a time, from where the server stands; one chunk is in memory. Throws the
 * `SaldoError` that stopped it: `sync.unreachable`, `file.busy`, `file.quota_full`, `file.not_here` when the bytes are gone, …
 */
export async function sendFile(parts: TransferParts, file: Row<"file">, signal: AbortSignal): Promise<void> {
  const path = `/v1/files/${file.id}/upload?workspace=${encodeURIComponent(file.workspaceId)}`;
  const ask = (init: RequestInit, query = ""): Promise<FileUploadAnswer> =>
    limited(parts.clock, chunkTimeoutMs, signal, async (ending) => answerOf(await parts.relay.fetch(path + query, { ...init, signal: ending })));
  let answer = await ask({ method: "GET" });
  while (answer.status !== "uploaded") {
    const { offset } = answer;
    const chunk = await parts.originals.piece(file, offset, Math.min(offset + fileChunkBytesMax, file.byteCount));
    if (chunk === undefined || (chunk.byteLength === 0 && offset < file.byteCount)) throw new SaldoError("file.not_here");
    const headers = { "content-type": "application/octet-stream" };
    answer = await ask({ method: "PUT", headers, body: new Uint8Array(chunk) }, `&offset=${offset}`).catch((error: unknown) => expected(error, offset));
  }
}

/** Where the server wants to go on; anything else, and the same place again, is thrown on. */
function expected(error: unknown, offset: number): FileUploadAnswer {
  const wanted = error instanceof SaldoError && error.code === "file.wrong_offset" ? error.detail["offset"] : undefined;
  if (typeof wanted !== "number" || wanted === offset) throw error;
  return { offset: wanted, status: "local" };
}

async function answerOf(response: Response): Promise<FileUploadAnswer> {
  if (!response.ok) throw await failureOf(response);
  const parsed = fileUploadAnswer.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw new SaldoError("sync.unexpected_answer", { what: "file" });
  return parsed.data;
}

/**
 * The bytes of a file: from here, or fetched, compared with their hash and kept. Throws `SaldoError`: `file.not_here` while only another
 * device has it, `file.damaged` when what came is not the file, `sync.unreachable`, …
 */
export async function openFile(parts: Omit<TransferParts, "relay"> & { readonly relay: Relay | null }, file: Row<"file">, signal: AbortSignal): Promise<Uint8Array> {
  const here = await parts.originals.read(file);
  if (here !== undefined) return here;
  const { relay } = parts;
  if (relay === null) throw new SaldoError(file.status === "uploaded" ? "sync.unreachable" : "file.not_here");
  const bytes = await limited(parts.clock, downloadTimeoutMs, signal, async (ending) => {
    const response = await relay.fetch(`/v1/files/${file.id}?workspace=${encodeURIComponent(file.workspaceId)}`, { signal: ending });
    if (response.ok) return bodyOf(response, file.byteCount);
    const failure = await failureOf(response);
    throw failure.code === "file.unknown" ? new SaldoError("file.not_here", {}, { cause: failure }) : failure;
  });
  if (bytes.byteLength !== file.byteCount || (await sha256Hex(bytes)) !== file.sha256) throw new SaldoError("file.damaged");
  await parts.originals.keepFetched(file, bytes);
  return bytes;
}

/** Reads no more than was registered, whatever is sent. */
async function bodyOf(response: Response, byteCount: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(byteCount);
  let filled = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const piece = await reader?.read().catch((cause: unknown) => Promise.reject(new SaldoError("sync.unreachable", {}, { cause })));
    if (piece === undefined || piece.done) return bytes.subarray(0, filled);
    if (filled + piece.value.byteLength > byteCount) {
      await reader?.cancel();
      throw new SaldoError("file.damaged");
    }
    bytes.set(piece.value, filled);
    filled += piece.value.byteLength;
  }
}

async function limited<Result>(clock: Clock, timeoutMs: number, signal: AbortSignal, work: (ending: AbortSignal) => Promise<Result>): Promise<Result> {
  const late = new AbortController();
  const done = new AbortController();
  void clock.sleep(timeoutMs, AbortSignal.any([signal, done.signal])).then(() => late.abort());
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } finally {
    done.abort();
  }
}
