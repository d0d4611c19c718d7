import { mutationBodyBytesMax, mutationInflatedBytesMax, SaldoError } from "@saldo/schema";

/** Bodies longer than this are deflated. */
const plainBytesMax = 1_024;

/** A mutation's arguments as they will travel and be kept: never made again, so that a retry sends the same bytes. */
export interface FrozenBody {
  readonly encoding: "json" | "deflate";
  readonly body: Uint8Array<ArrayBuffer>;
  /** Lower-case hex, of the body as sent. */
  readonly sha256: string;
}

/** Freezes arguments. Throws `SaldoError` `mutation.invalid_arguments` when they are larger than one mutation may carry. */
export async function freezeBody(args: unknown): Promise<FrozenBody> {
  const plain = new TextEncoder().encode(JSON.stringify(args));
  const encoding = plain.byteLength > plainBytesMax ? "deflate" : "json";
  const body = encoding === "deflate" ? await pipe(plain, new CompressionStream("deflate")) : plain;
  if (plain.byteLength > mutationInflatedBytesMax || body.byteLength > mutationBodyBytesMax) {
    throw new SaldoError("mutation.invalid_arguments", { bytes: body.byteLength, bytesMax: mutationBodyBytesMax });
  }
  return { encoding, body, sha256: await sha256Of(body) };
}

/** The arguments of a body that was frozen here. */
export async function thawBody(encoding: "json" | "deflate", body: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const plain = encoding === "deflate" ? await pipe(body, new DecompressionStream("deflate")) : body;
  return JSON.parse(new TextDecoder().decode(plain));
}

async function pipe(bytes: Uint8Array<ArrayBuffer>, through: CompressionStream | DecompressionStream): Promise<Uint8Array<ArrayBuffer>> {
  const writer = through.writable.getWriter();
  // In one piece: a stream of pieces waits for its turn between each two, behind whatever else runs.
  const [result] = await Promise.all([new Response(through.readable).arrayBuffer(), writer.write(bytes), writer.close()]);
  return new Uint8Array(result);
}

/** SHA-256 of a body, as lower-case hex. */
export async function sha256Of(body: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
