import { SaldoError } from "@saldo/schema";
import type { z } from "zod";
import { errorBodyOf, errorResponse, toServerSchema, type ToClient } from "./message.ts";
import type { CallMethod, CallName, Methods, ParamsOut, ProgressOf, ResultIn, ValueIn, WatchMethod, WatchName } from "./methods.ts";
import type { BridgePort } from "./port.ts";

/** Requests, live values included, that one screen may have open. */
export const openRequestsMax = 256;

/** What a call's handler is given beside the parameters. */
export interface CallContext<Progress> {
  /** Aborted when the caller cancels or its window goes away. */
  readonly signal: AbortSignal;
  /** Tells the caller how far the call has come. */
  progress(value: Progress): void;
}

/** Where a live value's handler puts its values. */
export interface WatchContext<Value> {
  readonly signal: AbortSignal;
  /** Gives the newest value; a value the screen had no time for is replaced by it. */
  next(value: Value): void;
  /** Ends the live value with an error. */
  fail(error: unknown): void;
}

/** The handlers of a bridge: a call answers, a live value returns how to stop it. */
export type Handlers<M extends Methods> = {
  readonly [K in CallName<M>]: (params: ParamsOut<M[K]>, context: CallContext<ProgressOf<M[K]>>) => Promise<ResultIn<M[K]>>;
} & {
  readonly [K in WatchName<M>]: (params: ParamsOut<M[K]>, context: WatchContext<ValueIn<M[K]>>) => Promise<() => void>;
};

/** A running server. */
export interface BridgeServer {
  /** Cancels everything open and closes the port. Idempotent. */
  close(): void;
}

/** The handlers as the dispatcher sees them, once parameters are parsed against the contract. */
type AnyHandler = (params: unknown, context: CallContext<unknown> & WatchContext<unknown>) => Promise<unknown>;

interface Open {
  readonly abort: AbortController;
  ack(): void;
}

/**
 * Answers the requests that arrive on a port. Nothing leaves or enters that the contract does not describe.
 * A core that could not be opened is an error in place of handlers: every request is refused with it.
 */
export function createBridgeServer<M extends Methods>(methods: M, handlers: Handlers<M> | SaldoError, port: BridgePort): BridgeServer {
  const open = new Map<number, Open>();
  const post = (message: ToClient): void => port.post(message);
  const refused = handlers instanceof SaldoError ? handlers : undefined;
  const handlerByName = new Map<string, AnyHandler>(refused === undefined ? Object.entries(handlers) : []);

  function handle(id: number, name: string, params: unknown): void {
    if (refused !== undefined) return post(errorResponse(id, errorBodyOf(refused)));
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    const handler = handlerByName.get(name);
    if (method === undefined || handler === undefined) return post(errorResponse(id, errorBodyOf(new SaldoError("bridge.unknown_method"))));
    const refusal = refusalOf(open, id);
    if (refusal !== undefined) return post(errorResponse(id, errorBodyOf(refusal)));
    const parsed = method.params.safeParse(params);
    if (!parsed.success) return post(errorResponse(id, errorBodyOf(invalid(parsed.error))));
    const run = method.kind === "call" ? runCall : runWatch;
    const abort = new AbortController();
    const settled = (message: ToClient): void => {
      if (open.get(id)?.abort !== abort) return;
      open.delete(id);
      post(message);
    };
    const task = run({ id, handler, params: parsed.data, abort, post, settled, method });
    open.set(id, { abort, ack: task.ack });
    task.start();
  }

  port.listen({
    message(raw) {
      const parsed = toServerSchema.safeParse(raw);
      if (!parsed.success) return;
      const message = parsed.data;
      if (!("id" in message)) {
        const entry = open.get(message.params.id);
        if (message.method === "$/ack") return entry?.ack();
        entry?.abort.abort(new SaldoError("bridge.cancelled"));
        return;
      }
      handle(message.id, message.method, message.params);
    },
  });
  return {
    close() {
      for (const entry of open.values()) entry.abort.abort(new SaldoError("bridge.cancelled"));
      open.clear();
      port.close();
    },
  };
}

function refusalOf(open: ReadonlyMap<number, Open>, id: number): SaldoError | undefined {
  if (open.has(id)) return new SaldoError("bridge.invalid_message");
  if (open.size >= openRequestsMax) return new SaldoError("bridge.busy");
  return undefined;
}

/** Field paths only: the values themselves may be data. */
function invalid(error: z.ZodError): SaldoError {
  return new SaldoError("bridge.invalid_message", { fields: error.issues.map((issue) => issue.path.join(".")).join(", ") });
}

interface Running<Method> {
  readonly id: number;
  readonly handler: AnyHandler;
  readonly params: unknown;
  readonly abort: AbortController;
  readonly method: Method;
  post(message: ToClient): void;
  settled(message: ToClient): void;
}

interface Task {
  start(): void;
  ack(): void;
}

function runCall({ id, handler, params, abort, method, post, settled }: Running<CallMethod | WatchMethod>): Task {
  const { signal } = abort;
  const progress = (value: unknown): void => {
    if (signal.aborted || method.kind !== "call" || method.progress === undefined) return;
    post({ jsonrpc: "2.0", method: "$/progress", params: { id, value: method.progress.parse(value) } });
  };
  const answer = async (): Promise<ToClient> => {
    try {
      const result = await handler(params, { signal, progress, next: never, fail: never });
      return { jsonrpc: "2.0", id, result: method.kind === "call" ? method.result.parse(result) : null };
    } catch (error) {
      return errorResponse(id, errorBodyOf(signal.aborted ? signal.reason : error));
    }
  };
  return { start: () => void answer().then(settled), ack: never };
}

function runWatch({ id, handler, params, abort, method, post, settled }: Running<CallMethod | WatchMethod>): Task {
  const { signal } = abort;
  let onTheWay = false;
  let newest: { readonly value: unknown } | undefined;
  const flush = (): void => {
    if (onTheWay || newest === undefined || signal.aborted) return;
    const { value } = newest;
    newest = undefined;
    onTheWay = true;
    post({ jsonrpc: "2.0", method: "$/next", params: { id, value } });
  };
  const fail = (error: unknown): void => {
    if (signal.aborted) return;
    settled(errorResponse(id, errorBodyOf(error)));
    abort.abort(new SaldoError("bridge.cancelled"));
  };
  const next = (value: unknown): void => {
    const parsed = method.kind === "watch" ? method.value.safeParse(value) : undefined;
    if (parsed?.success !== true) return fail(new SaldoError("bridge.internal", {}, { cause: parsed?.error }));
    newest = { value: parsed.data };
    flush();
  };
  const start = async (): Promise<void> => {
    try {
      const stop = await handler(params, { signal, next, fail, progress: never });
      const end = (): void => {
        if (typeof stop === "function") stop();
        settled({ jsonrpc: "2.0", id, result: null });
      };
      if (signal.aborted) end();
      else signal.addEventListener("abort", end, { once: true });
    } catch (error) {
      fail(error);
    }
  };
  return {
    start: () => void start(),
    ack() {
      onTheWay = false;
      flush();
    },
  };
}

function never(): void {}
