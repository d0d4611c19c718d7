import { randomUUID } from "node:crypto";
import { isTableGone } from "../catalog/table-gone.ts";
import { definitionKey, normaliseDefinition, type ShapeDefinition, type ShapeRequest } from "../definition.ts";
import { jsonArrayBody, jsonArrayBytes } from "../log/body.ts";
import { formatOffset, type LogOffset } from "../offset.ts";
import type { ResolvedOptions } from "../options.ts";
import { invalidRequest, notReady, RequestRefused } from "../refusal.ts";
import { checkQueryable } from "../projection.ts";
import type { Shape } from "../shape.ts";
import type { ShapeStore } from "../shape-store.ts";
import { ShapeEnded } from "../snapshot/snapshot-file.ts";
import type { SubsetReader } from "../snapshot/subset-reader.ts";
import { nextCursor } from "./cursor.ts";
import { clientLeft, errorResponse, mustRefetch } from "./error-response.ts";
import { eventStream } from "./event-stream.ts";
import { cacheControl, matchesEtag } from "./headers.ts";
import { isEmpty, logPiece, type Piece, snapshotPiece } from "./position-in-shape.ts";
import { type ProtocolParams, readProtocolParams } from "./protocol-params.ts";
import { answerSubset } from "./subset-answer.ts";
import { readSubset, type SubsetFields, subsetOfQuery, type SubsetRequest } from "./subset-params.ts";

/** How whoever mounts the service wants its answers. */
export interface AnswerOptions {
  /** Replaces the bare service's public cache rules, e.g. `private, no-store`. */
  readonly cacheControl?: string;
  /**
   * Asks for a subset snapshot. Its clause comes from the client, so it is read only from here: whoever mounts the service decides
   * whether clients may send one; a subset in the request's URL alone is refused.
   */
  readonly subset?: SubsetFields;
}

/** What answering needs of the service. */
export interface AnswerContext {
  readonly store: ShapeStore;
  readonly options: ResolvedOptions;
  readonly subsets: SubsetReader;
  readonly currentLsn: () => bigint;
  /** Everything that committed before this is in the logs. */
  readonly completeLsn: () => bigint;
  /** Has the log say at once how far it is, rather than with its next commit. */
  readonly askForProgress: () => void;
  /** Calls back whenever `currentLsn` moves. */
  readonly onProgress: (listener: () => void) => () => void;
  readonly serving: () => boolean;
}

const notServingRetrySeconds = 1;

/** Answers a protocol request for a definition. Never throws: failures become responses. */
export async function answerShapeRequest(context: AnswerContext, request: Request, fixed: ShapeRequest, answer: AnswerOptions): Promise<Response> {
  try {
    const response = await new Answering(context, request, answer).answer(fixed);
    if (request.method !== "HEAD") return response;
    await response.body?.cancel();
    return new Response(null, response);
  } catch (error) {
    return request.signal.aborted ? clientLeft() : errorResponse(error, context.options.log);
  }
}

/** Of a shape that ended there is no snapshot. */
function nothingWhenEnded(error: unknown): undefined {
  if (!(error instanceof ShapeEnded)) throw error;
}

class Answering {
  readonly #context: AnswerContext;
  readonly #request: Request;
  readonly #answer: AnswerOptions;

  constructor(context: AnswerContext, request: Request, answer: AnswerOptions) {
    this.#context = context;
    this.#request = request;
    this.#answer = answer;
  }

  async answer(fixed: ShapeRequest): Promise<Response> {
    const query = new URL(this.#request.url).searchParams;
    const params = readProtocolParams(query);
    const definition = normaliseDefinition(fixed);
    const { subset: fields } = this.#answer;
    if (fields === undefined && subsetOfQuery(query) !== undefined) throw invalidRequest("subset", "subset snapshots are not supported");
    if (fields !== undefined && params.sse) throw new RequestRefused(400, { message: "Subset snapshots are a stable view of data, so SSE is not applicable" });
    const subset = fields === undefined ? undefined : readSubset(fields);
    if (!this.#context.serving()) throw notReady("The service is starting", notServingRetrySeconds);
    if (fixed.queryableColumns !== undefined) checkQueryable(await this.#context.store.describe(definition), fixed.queryableColumns, fixed.columns);
    const shape = await this.#shapeFor(definition, params);
    if (shape === undefined || shape.gone) return this.#refetch(definition);
    if (subset !== undefined) return (await this.#subset(shape, params, fixed, subset)) ?? this.#refetch(definition);
    if (params.requested.kind === "now") return this.#nowAnswer(shape, params);
    const snapshot = await snapshotPiece(shape, params.requested).catch(nothingWhenEnded);
    if (shape.gone) return this.#refetch(definition);
    if (snapshot !== undefined) return this.#respondWhileThere(shape, params, snapshot, definition);
    const after: LogOffset = params.requested.kind === "after" ? params.requested.offset : { tx: 0n, op: Infinity };
    return this.#logAnswer(shape, params, after, definition);
  }

  /** `undefined` when the request's handle does not stand for the definition. */
  async #shapeFor(definition: ShapeDefinition, params: ProtocolParams): Promise<Shape | undefined> {
    if (params.handle === undefined) return this.#context.store.get(definition);
    const shape = this.#context.store.withHandle(params.handle);
    return shape?.key === definitionKey(definition) ? shape : undefined;
  }

  async #subset(shape: Shape, params: ProtocolParams, fixed: ShapeRequest, subset: SubsetRequest): Promise<Response | undefined> {
    const { subsets: reader, options, store } = this.#context;
    try {
      return await answerSubset({ reader, random: options.random, signal: this.#request.signal, cacheControl: this.#answer.cacheControl }, shape, params, fixed, subset);
    } catch (error) {
      if (!isTableGone(error)) throw error;
      store.rotate(shape, "table is gone");
      return undefined;
    }
  }

  /** Answers to other methods than reading ones are never kept. */
  get #cacheRule(): string | undefined {
    return this.#answer.cacheControl ?? (this.#request.method === "GET" || this.#request.method === "HEAD" ? undefined : "no-cache");
  }

  async #refetch(definition: ShapeDefinition): Promise<Response> {
    const current = this.#context.serving() ? await this.#context.store.get(definition) : undefined;
    if (current === undefined) throw notReady("The service is stopping", notServingRetrySeconds);
    return mustRefetch(current.handle, this.#cacheRule);
  }

  async #nowAnswer(shape: Shape, params: ProtocolParams): Promise<Response> {
    await shape.visibilityKnown;
    const { endByte } = shape.log;
    const next = shape.lastOffset;
    return this.#respond(shape, params, { path: shape.log.path, fromByte: endByte, toByte: endByte, bytes: undefined, load: undefined, offset: formatOffset(next), next, upToDate: true });
  }

  async #logAnswer(shape: Shape, params: ProtocolParams, after: LogOffset, definition: ShapeDefinition): Promise<Response> {
    const { options } = this.#context;
    const { signal } = this.#request;
    if (after.tx === 0n) await this.#waitUntilSnapshotReached(shape);
    if (this.#piece(shape, after) === undefined) await this.#waitUntilKnown(shape, after);
    if (shape.gone) return this.#refetch(definition);
    if (this.#piece(shape, after) === undefined) throw invalidRequest("offset", "out of bounds for this shape");
    if (params.sse) {
      // One more than the position, which no commit can have (records are aligned), so that the client's next offset lies behind all of it.
      const upToDateMessage = (): string => this.#upToDate(shape, 1n);
      const body = eventStream(shape, after, { options, currentLsn: this.#context.currentLsn, upToDateMessage, signal });
      return new Response(body, { headers: { ...this.#headers(shape, params, formatOffset(after), true), "content-type": "text/event-stream", connection: "keep-alive" } });
    }
    if (params.live) await this.#waitFor(shape, after, options.longPollMs, (piece) => piece !== undefined && !isEmpty(piece));
    const piece = shape.gone ? undefined : this.#piece(shape, after);
    return piece === undefined ? this.#refetch(definition) : this.#respondWhileThere(shape, params, piece, definition);
  }

  #piece(shape: Shape, after: LogOffset): Piece | undefined {
    return logPiece(shape, after, this.#context.currentLsn());
  }

  /**
   * A snapshot may see commits that the log has yet to bring. Called complete before, it would be joined with shapes that lack them, and a
   * reader of both would see half a transaction. Throws `RequestRefused` when the log does not come that far in time.
   */
  async #waitUntilSnapshotReached(shape: Shape): Promise<void> {
    const reached = (): boolean => shape.visibility === undefined || this.#context.completeLsn() >= shape.visibility.flushLsn;
    if (reached()) return;
    const stop = this.#context.onProgress(() => shape.wake());
    try {
      this.#context.askForProgress();
      await this.#waitWhile(shape, this.#context.options.longPollMs / 2, () => !reached());
    } finally {
      stop();
    }
    if (!shape.gone && !reached()) throw notReady("The log has not come to the snapshot yet", notServingRetrySeconds);
  }

  /** After a restart a client may be ahead until Postgres has sent the end again. */
  async #waitUntilKnown(shape: Shape, after: LogOffset): Promise<void> {
    const stop = this.#context.onProgress(() => shape.wake());
    try {
      await this.#waitFor(shape, after, this.#context.options.longPollMs / 2, (piece) => piece !== undefined);
    } finally {
      stop();
    }
  }

  /** Waits until the log after an offset is as wanted, the shape ends, the client leaves, or the time passes. */
  #waitFor(shape: Shape, after: LogOffset, waitMs: number, wanted: (piece: Piece | undefined) => boolean): Promise<void> {
    return this.#waitWhile(shape, waitMs, () => !wanted(this.#piece(shape, after)));
  }

  async #waitWhile(shape: Shape, waitMs: number, waiting: () => boolean): Promise<void> {
    const { nowMs } = this.#context.options;
    const { signal } = this.#request;
    const endsAtMs = nowMs() + waitMs;
    for (let leftMs = waitMs; leftMs > 0 && !shape.gone && !signal.aborted && waiting(); leftMs = endsAtMs - nowMs()) {
      await shape.waitForChange(leftMs, signal);
    }
  }

  #upToDate(shape: Shape, beyond = 0n): string {
    const current = this.#context.currentLsn();
    const last = shape.lastOffset.tx;
    return JSON.stringify({ headers: { control: "up-to-date", global_last_seen_lsn: String((last > current ? last : current) + beyond) } });
  }

  #headers(shape: Shape, params: ProtocolParams, offset: string, hasData: boolean): Record<string, string> {
    const { options } = this.#context;
    const unique = !hasData && (params.live || params.requested.kind === "now") ? `:${randomUUID()}` : "";
    return {
      "content-type": "application/json; charset=utf-8",
      "cache-control": this.#cacheRule ?? cacheControl(params, options),
      etag: `"${shape.handle}:${params.offsetText}:${offset}${unique}"`,
      "electric-handle": shape.handle,
      "electric-offset": offset,
      "electric-has-data": String(hasData),
      ...(params.live ? { "electric-cursor": String(nextCursor(params.cursor, options.nowMs(), options.longPollMs, options.random)) } : { "electric-schema": shape.schema }),
    };
  }

  /** A shape's files go with it, maybe between the look at them and their opening. */
  async #respondWhileThere(shape: Shape, params: ProtocolParams, piece: Piece, definition: ShapeDefinition): Promise<Response> {
    try {
      return await this.#respond(shape, params, piece);
    } catch (error) {
      if (!shape.gone) throw error;
      return this.#refetch(definition);
    }
  }

  /** The control message is made before anything is awaited, so that it speaks of the same moment as the piece. */
  async #respond(shape: Shape, params: ProtocolParams, piece: Piece): Promise<Response> {
    const extra = piece.upToDate ? this.#upToDate(shape) : undefined;
    const headers = this.#headers(shape, params, piece.offset, !isEmpty(piece));
    if (piece.upToDate) headers["electric-up-to-date"] = "";
    if (matchesEtag(this.#request, headers["etag"]?.slice(1, -1) ?? "")) return new Response(null, { status: 304, headers });
    const length = { "content-length": String(jsonArrayBytes(piece.fromByte, piece.toByte, extra)) };
    if (piece.load === undefined) return new Response(await jsonArrayBody(piece.path, piece.fromByte, piece.toByte, extra, piece.bytes), { headers: { ...headers, ...length } });
    const bytes = await piece.load();
    return new Response(await jsonArrayBody(piece.path, 0, bytes.length, extra, bytes), { headers });
  }
}
