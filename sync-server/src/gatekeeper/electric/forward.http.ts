import { SaldoError } from "@saldo/schema";
import type { Logger } from "pino";
import { z } from "zod";
import { describeFault } from "../../http/errors.ts";
import type { FixedShape, ShapesHealth } from "../shape-source.ts";
import { deviceAnswer, parseJson, readText } from "./answer.ts";
import { type Upstream, upstreamRequest, upstreamUrl } from "./upstream.ts";

/** Most requests under way at the service behind. */
export const upstreamRequestsMax = 10_000;
/** Longest wait for the head of an answer; a first request of a large shape waits for its snapshot. */
const headMsMax = 90_000;
const healthMsMax = 2_000;
const probeMsMax = 5_000;
const shortBytesMax = 64 * 1024;
const retrySeconds = 2;

const healthAnswer = z.object({ status: z.enum(["starting", "waiting", "active"]) });
const upToDate = z.array(z.object({ headers: z.object({ global_last_seen_lsn: z.string().regex(/^\d{1,20}$/).optional() }) }));

/** The service behind, over HTTP. */
export interface Forwarder {
  /** Answers a device's request for a shape. Throws `SaldoError` `relay.unavailable`. */
  forward(request: Request, shape: FixedShape): Promise<Response>;
  /** The LSN the service says it is complete through, asked of a shape; undefined when it does not answer. */
  completeLsn(shape: FixedShape): Promise<bigint | undefined>;
  health(): Promise<ShapesHealth>;
  /** Ends what is under way. */
  close(): void;
}

/** Makes a {@link Forwarder}. Bodies are passed on as they come and as fast as the device reads; when it leaves, so does the request behind. */
export function createForwarder(parts: { readonly upstream: Upstream; readonly fetch: typeof fetch; readonly log: Logger }): Forwarder {
  const { upstream, log } = parts;
  /** What is under way, to be ended with us. Not one signal for all: requests would pile up behind it. */
  const underWay = new Set<AbortController>();
  let isClosed = false;

  const begin = (signal: AbortSignal): AbortController => {
    if (isClosed || underWay.size >= upstreamRequestsMax) throw away();
    const ending = new AbortController();
    underWay.add(ending);
    const leave = () => {
      underWay.delete(ending);
      ending.abort();
    };
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
    return ending;
  };
  const ask = async (request: Request, ending: AbortController): Promise<Response> => {
    const timer = setTimeout(() => ending.abort(), headMsMax);
    try {
      return await parts.fetch(request, { signal: ending.signal });
    } catch (cause) {
      if (!request.signal.aborted && !isClosed) log.warn({ fault: describeFault(cause), cause: describeFault(cause instanceof Error ? cause.cause : undefined) }, "the shape service behind cannot be reached");
      throw away(cause);
    } finally {
      clearTimeout(timer);
    }
  };
  const note = (status: number) => log.error({ status }, "the shape service behind refuses our requests: see ELECTRIC_URL and ELECTRIC_SECRET");
  /** A short answer's JSON with its status; undefined when there is none in time. */
  const askShort = async (request: Request): Promise<{ readonly status: number; readonly json: unknown } | undefined> => {
    const ending = begin(request.signal);
    try {
      const answer = await ask(request, ending);
      return { status: answer.status, json: parseJson(await readText(answer, shortBytesMax)) };
    } catch {
      return undefined;
    } finally {
      underWay.delete(ending);
    }
  };

  return {
    async forward(request, shape) {
      const ending = begin(request.signal);
      const done = () => void underWay.delete(ending);
      try {
        const answer = await deviceAnswer(await ask(upstreamRequest(upstream, request, shape), ending), note);
        if (answer.body !== null) return new Response(counted(answer.body, done), answer);
        done();
        return answer;
      } catch (error) {
        done();
        throw error;
      }
    },
    async completeLsn(shape) {
      const request = new Request("http://probe/?offset=now", { signal: AbortSignal.timeout(probeMsMax) });
      const answer = await askShort(upstreamRequest(upstream, request, shape)).catch(() => undefined);
      if (answer !== undefined && [400, 401, 403, 404].includes(answer.status)) note(answer.status);
      const parsed = upToDate.safeParse(answer?.json);
      const lsn = parsed.success ? parsed.data.at(-1)?.headers.global_last_seen_lsn : undefined;
      return lsn === undefined ? undefined : BigInt(lsn);
    },
    async health() {
      const request = new Request(upstreamUrl(upstream, "/v1/health"), { signal: AbortSignal.timeout(healthMsMax), redirect: "error" });
      const parsed = healthAnswer.safeParse((await askShort(request).catch(() => undefined))?.json);
      return parsed.success ? parsed.data.status : "unreachable";
    },
    close() {
      isClosed = true;
      for (const ending of underWay) ending.abort();
    },
  };
}

function away(cause?: unknown): SaldoError {
  return new SaldoError("relay.unavailable", { retryAfterSeconds: retrySeconds }, { cause });
}

/** The same body, read only as it is read, with its end told once. */
function counted(body: ReadableStream<Uint8Array>, onEnd: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let ended = false;
  const end = () => {
    if (!ended) onEnd();
    ended = true;
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          end();
          controller.close();
        } catch (error) {
          end();
          throw error;
        }
      },
      cancel(reason) {
        end();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
