import { SaldoError } from "@saldo/schema";
import { z } from "zod";
import { protocolParameters } from "../protocol.ts";

/** Headers of the service behind that reach a device; no other one does. */
const passedHeaders = /^(?:electric-(?!server$)[a-z-]+|etag|content-type|cache-control|retry-after)$/;
const passedStatuses = new Set([200, 204, 304, 409]);
const refusalBytesMax = 16 * 1024;
const retrySecondsDefault = 5;
const retrySecondsMax = 60;

const refusal = z.object({ errors: z.record(z.string(), z.array(z.string())) });

/** What a device may see of an answer: its body and the protocol's headers. */
export function passedAnswer(answer: Response): Response {
  const headers = new Headers();
  for (const [name, value] of answer.headers) if (passedHeaders.test(name)) headers.set(name, value);
  return new Response(answer.body, { status: answer.status, headers });
}

/**
 * An answer of the service behind as a device gets it. What a device did wrong (a malformed offset) stays a 400; whatever concerns the
 * definition, the secret or the service is not the device's to mend: `SaldoError` `relay.unavailable`, with the service's own delay.
 * `note` hears the status of what should not happen.
 */
export async function deviceAnswer(answer: Response, note: (status: number) => void): Promise<Response> {
  if (passedStatuses.has(answer.status)) return passedAnswer(answer);
  const wrong = answer.status === 400 ? await wrongParameters(answer) : undefined;
  if (wrong !== undefined) return Response.json({ message: "Invalid request", errors: wrong }, { status: 400, headers: { "cache-control": "no-store" } });
  if (answer.status !== 400) await answer.body?.cancel();
  if (answer.status !== 429 && answer.status !== 503) note(answer.status);
  throw new SaldoError("relay.unavailable", { retryAfterSeconds: retrySeconds(answer.headers.get("retry-after")) });
}

/** The refusal of protocol parameters; undefined when it is about anything else. */
async function wrongParameters(answer: Response): Promise<Readonly<Record<string, readonly string[]>> | undefined> {
  const parsed = refusal.safeParse(parseJson(await readText(answer, refusalBytesMax)));
  if (!parsed.success) return undefined;
  const names = Object.keys(parsed.data.errors);
  return names.length > 0 && names.every((name) => protocolParameters.some((known) => known === name)) ? parsed.data.errors : undefined;
}

/** A text body of at most so many bytes; what is beyond is not read, and the text is empty. */
export async function readText(answer: Response, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) return "";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Parsed JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function retrySeconds(header: string | null): number {
  const seconds = /^\d{1,6}$/.test(header ?? "") ? Number(header) : retrySecondsDefault;
  return Math.min(Math.max(1, seconds), retrySecondsMax);
}
