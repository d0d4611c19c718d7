import type { BridgePort } from "../port.ts";

/** The part of `BroadcastChannel` that a bridge uses. */
export interface Channel {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  close(): void;
}

/**
 * A bridge port over a broadcast channel that exactly one screen and one core have joined.
 * Sides are named, because a core that has just taken over shares the channel with messages meant for the one before.
 */
export function broadcastPort(channel: Channel, side: "screen" | "core"): BridgePort {
  return {
    post: (body) => channel.postMessage({ from: side, body }),
    listen(listener) {
      channel.addEventListener("message", ({ data }) => {
        if (typeof data !== "object" || data === null || !("from" in data) || !("body" in data)) return;
        if (data.from !== side) listener.message(data.body);
      });
    },
    close: () => channel.close(),
  };
}
