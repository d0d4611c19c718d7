import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { inflate } from "node:zlib";
import { mutationInflatedBytesMax, SaldoError, type Upload, type UploadMutation } from "@saldo/schema";

/** Most bytes all bodies of one upload may inflate to. */
export const uploadInflatedBytesMax = 256 * 1024 * 1024;

const inflateAsync = promisify(inflate);

/**
 * Checks what the frame itself cannot: that mutations are numbered one after another, and that every body is the one its hash was taken of.
 * Throws `SaldoError` `relay.invalid_upload`.
 */
export function verifyUpload({ mutations }: Upload): void {
  const first = mutations[0]?.seq ?? 0;
  for (const [index, mutation] of mutations.entries()) {
    if (mutation.seq !== first + index) throw new SaldoError("relay.invalid_upload", { part: "order", seq: mutation.seq });
    const actual = createHash("sha256").update(mutation.body).digest("hex");
    if (actual !== mutation.sha256) throw new SaldoError("relay.invalid_upload", { part: "hash", seq: mutation.seq });
  }
}

/** Counts down what one upload may still inflate to. */
export interface InflateBudget {
  remainingBytes: number;
}

/** The text of a mutation's body, inflated within bounds, or null when it is not text. Throws `SaldoError` `relay.too_large` past the upload's budget. */
export async function bodyText(mutation: UploadMutation, budget: InflateBudget): Promise<string | null> {
  const bytes = mutation.encoding === "json" ? mutation.body : await inflated(mutation.body);
  if (bytes === null) return null;
  budget.remainingBytes -= bytes.byteLength;
  if (budget.remainingBytes < 0) throw new SaldoError("relay.too_large", { uploadInflatedBytesMax });
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Null for bytes that are not deflated, or grow past the limit: no retry would change that, so the mutation is refused, not the upload. */
async function inflated(body: Uint8Array): Promise<Uint8Array | null> {
  try {
    return await inflateAsync(body, { maxOutputLength: mutationInflatedBytesMax });
  } catch {
    return null;
  }
}
