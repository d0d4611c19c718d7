import type { BridgePort, PortListener } from "../port.ts";

/** Two joined ports in one process. Messages are structured-cloned and arrive in a later turn, as with any other port. */
export function inProcessPorts(): readonly [BridgePort, BridgePort] {
  const first = new InProcessPort();
  const second = new InProcessPort();
  first.peer = second;
  second.peer = first;
  return [first, second];
}

class InProcessPort implements BridgePort {
  peer: InProcessPort | undefined;
  #listener: PortListener | undefined;
  #waiting: unknown[] = [];

  post(message: unknown): void {
    const copy: unknown = structuredClone(message);
    const { peer } = this;
    if (peer !== undefined) queueMicrotask(() => peer.#deliver(copy));
  }

  listen(listener: PortListener): void {
    this.#listener = listener;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) listener.message(message);
  }

  close(): void {
    this.peer = undefined;
    this.#listener = undefined;
    this.#waiting = [];
  }

  #deliver(message: unknown): void {
    if (this.#listener !== undefined) this.#listener.message(message);
    else if (this.peer !== undefined) this.#waiting.push(message);
  }
}
