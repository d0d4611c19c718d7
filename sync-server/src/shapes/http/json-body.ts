import { RequestRefused } from "../refusal.ts";

const bodyBytesMax = 8_000_000;

function refused(status: number, body: Readonly<Record<string, unknown>>): RequestRefused {
  return new RequestRefused(status, body);
}

/** Reads the body up to the limit, whatever length it claims. Throws `RequestRefused` (413). */
async function readBytes(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > bodyBytesMax) throw refused(413, { error: "Request body too large" });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/**
 * The JSON object a request carries; empty when it carries nothing. Throws `RequestRefused`: 413 when larger than the limit, 415 when
 * compressed, 400 when it breaks off, is not UTF-8 or not a JSON object.
 */
export async function readJsonObject(request: Request): Promise<Readonly<Record<string, unknown>>> {
  if (request.body === null) return {};
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") throw refused(415, { error: "Request body must not be compressed" });
  if (Number(request.headers.get("content-length") ?? "0") > bodyBytesMax) throw refused(413, { error: "Request body too large" });
  const bytes = await readBytes(request.body).catch((error: unknown) => {
    throw error instanceof RequestRefused ? error : refused(400, { error: "Failed to read request body" });
  });
  if (bytes.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw refused(400, { error: "Invalid JSON in request body", details: "not a JSON text in UTF-8" });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refused(400, { error: "Request body must be a JSON object" });
  return Object.fromEntries(Object.entries(value));
}
