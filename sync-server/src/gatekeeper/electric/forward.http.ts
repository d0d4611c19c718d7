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
const probeBytesMax = 64 * 1024;
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
  const closed = new AbortController();
  let underWay = 0;

  const ask = async (request: Request): Promise<Response> => {
    const head = new AbortController();
    const timer = setTimeout(() => head.abort(), headMsMax);
    try {
      return await parts.fetch(request, { signal: AbortSignal.any([request.signal, closed.signal, head.signal]) });
    } catch (cause) {
      if (!request.signal.aborted && !closed.signal.aborted) log.warn({ fault: describeFault(cause), cause: describeFault(cause instanceof Error ? cause.cause : undefined) }, "the shape service behind cannot be reached");
      throw new SaldoError("relay.unavailable", { retryAfterSeconds: retrySeconds }, { cause });
    } finally {
      clearTimeout(timer);
    }
  };
  const note = (status: number) => log.error({ status }, "the shape service behind refuses our requests: see ELECTRIC_URL and ELECTRIC_SECRET");

  return {
    async forward(request, shape) {
      if (underWay >= upstreamRequestsMax) throw new SaldoError("relay.unavailable", { retryAfterSeconds: retrySeconds });
      underWay++;
      try {
        const answer = await deviceAnswer(await ask(upstreamRequest(upstream, request, shape)), note);
        if (answer.body === null) return answer;
        underWay++;
        return new Response(counted(answer.body, () => underWay--), answer);
      } finally {
        underWay--;
      }
    },
    async completeLsn(shape) {
      try {
        const request = new Request("http://probe/?offset=now", { signal: AbortSignal.timeout(probeMsMax) });
        const answer = await ask(upstreamRequest(upstream, request, shape));
        const parsed = upToDate.safeParse(parseJson(await readText(answer, probeBytesMax)));
        const lsn = parsed.success ? parsed.data.at(-1)?.headers.global_last_seen_lsn : undefined;
        if (answer.status === 401 || answer.status === 400) note(answer.status);
        return lsn === undefined ? undefined : BigInt(lsn);
      } catch {
        return undefined;
      }
    },
    async health() {
      try {
        const answer = await parts.fetch(upstreamUrl(upstream, "/v1/health"), { signal: AbortSignal.any([AbortSignal.timeout(healthMsMax), closed.signal]), redirect: "error" });
        const parsed = healthAnswer.safeParse(parseJson(await readText(answer, probeBytesMax)));
        return parsed.success ? parsed.data.status : "unreachable";
      } catch {
        return "unreachable";
      }
    },
    close: () => closed.abort(),
  };
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
