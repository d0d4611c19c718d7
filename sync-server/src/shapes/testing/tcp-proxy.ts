import { createServer, type Socket, connect } from "node:net";

/** What the proxy does with bytes of one direction: hand on, keep until it heals, or lose for ever. */
export type Passage = "open" | "held" | "lost";

/** A TCP proxy on loopback that can fail like a network. */
export interface TcpProxy {
  readonly port: number;
  /** Connections accepted so far. */
  readonly accepted: number;
  /** New connections go to this port from now on. */
  target(port: number): void;
  /** `up` is towards the target. A connection that lost a byte stays silent for ever, also after healing. */
  set(up: Passage, down: Passage): void;
  /** Ends every connection by a reset. */
  reset(): void;
  close(): Promise<void>;
}

interface Direction {
  readonly from: Socket;
  readonly to: Socket;
  spoilt: boolean;
}

/** Starts a proxy for `127.0.0.1:targetPort`, open in both directions. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const state: { target: number; up: Passage; down: Passage; accepted: number } = { target: targetPort, up: "open", down: "open", accepted: 0 };
  const ups = new Set<Direction>();
  const downs = new Set<Direction>();
  const apply = (direction: Direction, passage: Passage): void => {
    if (passage === "held") direction.from.pause();
    else direction.from.resume();
  };
  const join = (directions: Set<Direction>, from: Socket, to: Socket, passage: () => Passage): void => {
    const direction: Direction = { from, to, spoilt: false };
    directions.add(direction);
    from.on("data", (bytes) => {
      if (passage() === "lost") direction.spoilt = true;
      if (direction.spoilt || to.destroyed) return;
      if (to.write(bytes)) return;
      from.pause();
      to.once("drain", () => apply(direction, passage()));
    });
    from.on("end", () => {
      if (!direction.spoilt && passage() === "open") to.end();
    });
    from.on("error", () => undefined);
    from.on("close", () => {
      directions.delete(direction);
      if (!direction.spoilt && passage() === "open") to.destroy();
    });
    apply(direction, passage());
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    state.accepted += 1;
    const far = connect({ host: "127.0.0.1", port: state.target, allowHalfOpen: true });
    near.setNoDelay(true);
    far.setNoDelay(true);
    join(ups, near, far, () => state.up);
    join(downs, far, near, () => state.down);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  const reset = (): void => {
    for (const { from } of [...ups, ...downs]) from.resetAndDestroy();
  };
  return {
    port: address.port,
    get accepted() {
      return state.accepted;
    },
    target: (port) => {
      state.target = port;
    },
    set: (up, down) => {
      Object.assign(state, { up, down });
      for (const direction of ups) apply(direction, up);
      for (const direction of downs) apply(direction, down);
    },
    reset,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      reset();
      await closed;
    },
  };
}
