import { SaldoError } from "@saldo/schema";
import type { z } from "zod";

/** Most bytes of a JSON request body. */
export const jsonBodyBytesMax = 16 * 1024;

/**
 * Reads a request's body, counting the bytes that really arrive, whatever `content-length` says.
 * Throws `SaldoError`: `relay.too_large` past the limit, `relay.invalid_request` for an encoded body, `relay.invalid_upload` when it is cut.
 */
export async function readBody(request: Request, bodyBytesMax: number): Promise<Uint8Array> {
  const { bytes, cut } = await readBodyPiece(request, bodyBytesMax);
  if (cut !== undefined) throw cut;
  return bytes;
}

/** As {@link readBody}, but of a body that was cut it gives what arrived, with the `relay.invalid_upload` that tells of the cut. */
export async function readBodyPiece(request: Request, bodyBytesMax: number): Promise<{ readonly bytes: Uint8Array; readonly cut: SaldoError | undefined }> {
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") throw new SaldoError("relay.invalid_request", { field: "content-encoding" });
  if (Number(request.headers.get("content-length") ?? 0) > bodyBytesMax) throw tooLarge(bodyBytesMax);
  if (request.body === null) return { bytes: new Uint8Array(0), cut: undefined };
  const chunks: Uint8Array[] = [];
  let receivedBytes = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { value, cut } = await readChunk(reader);
    if (value === undefined) return { bytes: Buffer.concat(chunks, receivedBytes), cut };
    receivedBytes += value.byteLength;
    if (receivedBytes > bodyBytesMax) {
      await reader.cancel().catch(() => undefined);
      throw tooLarge(bodyBytesMax);
    }
    chunks.push(value);
  }
}

/** Reads a JSON body of a known form. Throws `SaldoError` as {@link readBody} does, and `relay.invalid_request` naming the fields at fault. */
export async function readJson<Body>(request: Request, schema: z.ZodType<Body>): Promise<Body> {
  const bytes = await readBody(request, jsonBodyBytesMax);
  const parsed = schema.safeParse(parseJson(bytes));
  if (parsed.success) return parsed.data;
  const fields = [...new Set(parsed.error.issues.map((issue) => issue.path.slice(0, 2).join(".")))];
  throw new SaldoError("relay.invalid_request", { fields: fields.slice(0, 10).join(", ") });
}

async function readChunk(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<{ readonly value: Uint8Array | undefined; readonly cut: SaldoError | undefined }> {
  try {
    const { done, value } = await reader.read();
    return { value: done ? undefined : value, cut: undefined };
  } catch (cause) {
    return { value: undefined, cut: new SaldoError("relay.invalid_upload", { part: "body" }, { cause }) };
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new SaldoError("relay.invalid_request", { field: "body" }, { cause });
  }
}

function tooLarge(bodyBytesMax: number): SaldoError {
  return new SaldoError("relay.too_large", { bodyBytesMax });
}
