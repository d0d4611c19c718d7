import { SaldoError } from "@saldo/schema";
import type { z } from "zod";
import { errorFromBody, toClientSchema, type ToServer } from "./message.ts";
import type { CallName, Methods, ParamsIn, ProgressOf, ResultOut, ValueOut, WatchName } from "./methods.ts";
import type { BridgePort } from "./port.ts";

/** How a call may be followed and stopped. */
export interface CallOptions<Progress> {
  readonly signal?: AbortSignal;
  onProgress?(value: Progress): void;
}

/** Who hears a live value. */
export interface Watcher<Value> {
  next(value: Value): void;
  /** The value has ended with an error; nothing more comes. */
  failed(error: SaldoError): void;
}

/** A screen's side of a bridge. */
export interface BridgeClient<M extends Methods> {
  /** Asks once. Rejects with `SaldoError`; `bridge.cancelled` after `signal`, `bridge.disconnected` when the core moved under a change. */
  call<K extends CallName<M>>(name: K, params: ParamsIn<M[K]>, options?: CallOptions<ProgressOf<M[K]>>): Promise<ResultOut<M[K]>>;
  /** Follows a live value; survives a core that moves. Returns how to stop. */
  watch<K extends WatchName<M>>(name: K, params: ParamsIn<M[K]>, watcher: Watcher<ValueOut<M[K]>>): () => void;
  /** Rejects what is open and closes the port. Idempotent. */
  close(): void;
}

interface Open {
  readonly request: ToServer;
  /** True when a core that took over may be asked the same. */
  readonly repeats: boolean;
  result(value: unknown): void;
  push(kind: "$/progress" | "$/next", value: unknown): void;
  failed(error: SaldoError): void;
}

/** Asks a core through a port. Answers are parsed against the contract; one that does not fit is `bridge.invalid_message`. */
export function createBridgeClient<M extends Methods>(methods: M, port: BridgePort): BridgeClient<M> {
  const open = new Map<number, Open>();
  let nextId = 1;
  let closed = false;
  const post = (message: ToServer): void => port.post(message);
  const control = (method: "$/cancel" | "$/ack", id: number): void => post({ jsonrpc: "2.0", method, params: { id } });

  function send(id: number, entry: Open): void {
    if (closed) return entry.failed(new SaldoError("bridge.disconnected"));
    open.set(id, entry);
    post(entry.request);
  }

  port.listen({
    message(raw) {
      const parsed = toClientSchema.safeParse(raw);
      if (!parsed.success) return;
      const message = parsed.data;
      if ("method" in message) {
        open.get(message.params.id)?.push(message.method, message.params.value);
        return;
      }
      const entry = open.get(message.id);
      open.delete(message.id);
      if ("error" in message) entry?.failed(errorFromBody(message.error.data));
      else entry?.result(message.result);
    },
    reset() {
      for (const [id, entry] of open) {
        if (entry.repeats) post(entry.request);
        else {
          open.delete(id);
          entry.failed(new SaldoError("bridge.disconnected"));
        }
      }
    },
  });

  return {
    call(name, params, options = {}) {
      const method = methods[name];
      const id = nextId++;
      return new Promise((resolve, reject: (error: SaldoError) => void) => {
        if (method?.kind !== "call") return reject(new SaldoError("bridge.unknown_method"));
        const { signal, onProgress } = options;
        if (signal?.aborted === true) return reject(new SaldoError("bridge.cancelled"));
        const cancel = (): void => control("$/cancel", id);
        const release = (): void => signal?.removeEventListener("abort", cancel);
        signal?.addEventListener("abort", cancel, { once: true });
        send(id, {
          request: { jsonrpc: "2.0", id, method: name, params },
          repeats: method.idempotent,
          result(value) {
            release();
            const parsed = method.result.safeParse(value);
            if (isParsed<ResultOut<M[typeof name]>>(parsed)) resolve(parsed.data);
            else reject(new SaldoError("bridge.invalid_message"));
          },
          push(_kind, value) {
            const parsed = method.progress?.safeParse(value);
            if (parsed !== undefined && isParsed<ProgressOf<M[typeof name]>>(parsed)) onProgress?.(parsed.data);
          },
          failed(error) {
            release();
            reject(error);
          },
        });
      });
    },
    watch(name, params, watcher) {
      const method = methods[name];
      const id = nextId++;
      if (method?.kind !== "watch") {
        watcher.failed(new SaldoError("bridge.unknown_method"));
        return () => {};
      }
      send(id, {
        request: { jsonrpc: "2.0", id, method: name, params },
        repeats: true,
        result() {},
        push(_kind, value) {
          control("$/ack", id);
          const parsed = method.value.safeParse(value);
          if (isParsed<ValueOut<M[typeof name]>>(parsed)) watcher.next(parsed.data);
          else watcher.failed(new SaldoError("bridge.invalid_message"));
        },
        failed: (error) => watcher.failed(error),
      });
      return () => {
        if (open.delete(id)) control("$/cancel", id);
      };
    },
    close() {
      closed = true;
      for (const entry of open.values()) entry.failed(new SaldoError("bridge.disconnected"));
      open.clear();
      port.close();
    },
  };
}

/** True when a method's own schema has parsed a value: what it gives is then what the method promises. */
function isParsed<Out>(parsed: z.ZodSafeParseResult<unknown>): parsed is z.ZodSafeParseSuccess<Out> {
  return parsed.success;
}
