import type { SaldoError } from "@saldo/schema";
import { saldoMethods, type SaldoMethods } from "../../bridge/contract/index.ts";
import { broadcastPort } from "../../bridge/ports/broadcast-channel.ts";
import { createBridgeServer, type BridgeServer, type Handlers } from "../../bridge/server.ts";
import { coreMessage, coreName, tabName, type CoreMessage } from "./messages.ts";

/**
 * Answers every tab from the core that leads, until this worker ends. A tab that has gone is known by its lock: it becomes free.
 * With an error in place of handlers, everything that is asked is refused with it.
 */
export function serveTabs(handlers: Handlers<SaldoMethods> | SaldoError, term: string): void {
  const served = new Map<string, BridgeServer>();
  const control = new BroadcastChannel(coreName);
  const say = (message: CoreMessage): void => control.postMessage(message);

  const serve = (tab: string): void => {
    if (served.has(tab)) return;
    const server = createBridgeServer(saldoMethods, handlers, broadcastPort(new BroadcastChannel(tabName(tab)), "core"));
    served.set(tab, server);
    void navigator.locks.request(tabName(tab), () => {
      served.delete(tab);
      server.close();
    });
  };

  control.addEventListener("message", ({ data }) => {
    const message = coreMessage.safeParse(data).data;
    if (message?.kind !== "hello") return;
    serve(message.tab);
    say({ kind: "welcome", tab: message.tab, term });
  });
  say({ kind: "leader", term });
}
