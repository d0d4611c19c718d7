import { SaldoError } from "@saldo/schema";
import type { BridgePort, PortListener } from "../../bridge/port.ts";
import { broadcastPort } from "../../bridge/ports/broadcast-channel.ts";
import { coreMessage, coreName, tabName, type CoreMessage } from "./messages.ts";

/** Messages that may wait for the first core to open. */
const waitingMax = 256;

/**
 * A tab's port to whichever core leads. What is posted before the first core has opened waits; when another core takes over the
 * listener is told to begin anew. The tab holds its own lock, by which the core learns that it has gone.
 */
export async function openTabPort(tab: string): Promise<BridgePort> {
  await holdTabLock(tab);
  const inner = broadcastPort(new BroadcastChannel(tabName(tab)), "screen");
  const control = new BroadcastChannel(coreName);
  const say = (message: CoreMessage): void => control.postMessage(message);
  let term: string | undefined;
  let waiting: unknown[] = [];
  let listener: PortListener | undefined;

  control.addEventListener("message", ({ data }) => {
    const message = coreMessage.safeParse(data).data;
    if (message?.kind === "leader" && message.term !== term) say({ kind: "hello", tab });
    if (message?.kind !== "welcome" || message.tab !== tab || message.term === term) return;
    const first = term === undefined;
    term = message.term;
    const posts = waiting;
    waiting = [];
    if (first) for (const post of posts) inner.post(post);
    else listener?.reset?.();
  });
  say({ kind: "hello", tab });

  return {
    post(message) {
      if (term !== undefined) return inner.post(message);
      if (waiting.length >= waitingMax) throw new SaldoError("bridge.busy");
      waiting.push(message);
    },
    listen(next) {
      listener = next;
      inner.listen(next);
    },
    close() {
      control.close();
      inner.close();
    },
  };
}

/** Resolves once the lock is held; it is let go when the tab's page ends. */
function holdTabLock(tab: string): Promise<void> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(tabName(tab), () => {
        resolve();
        return new Promise<never>(() => {});
      })
      .catch(reject);
  });
}
