import type { BridgePort } from "../port.ts";

/** The part of a DOM `MessagePort`, `Worker`, worker scope or Node `MessagePort` that a bridge uses. */
export interface MessageTarget {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  removeEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  /** Message ports hold their messages back until started; workers have no such step. */
  start?(): void;
  close?(): void;
}

/** A bridge port over a message port, a worker, or a worker's own scope. Closing it closes a message port; a worker goes on. */
export function messagePort(target: MessageTarget, end: "close" | "keep" = "close"): BridgePort {
  let listening: ((event: { readonly data: unknown }) => void) | undefined;
  return {
    post: (message) => target.postMessage(message),
    listen(listener) {
      listening = (event) => listener.message(event.data);
      target.addEventListener("message", listening);
      target.start?.();
    },
    close() {
      if (listening !== undefined) target.removeEventListener("message", listening);
      listening = undefined;
      if (end === "close") target.close?.();
    },
  };
}
