import { createRoot } from "react-dom/client";
import { createBridgeClient } from "../bridge/client.ts";
import { saldoMethods } from "../bridge/contract/index.ts";
import { App } from "./app.tsx";
import { openTabPort } from "./core/tab-port.ts";
import { syncOnReturn } from "./state/sync-on-return.ts";
import "./styles/index.css";

/** Without a network the page itself comes from the service worker. It is registered late: the first visit is for the page. */
function keepPageForOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  window.addEventListener("load", () => void navigator.serviceWorker.register("/sw.js"));
}

async function start(): Promise<void> {
  const place = document.getElementById("root");
  if (place === null) throw new Error("the page has no root");
  const worker = new Worker(new URL("./core/worker.main.ts", import.meta.url), { type: "module", name: "saldo-core" });
  worker.addEventListener("error", (event) => console.error("core.worker_failed", event.message));
  const core = createBridgeClient(saldoMethods, await openTabPort(crypto.randomUUID()));
  createRoot(place).render(<App core={core} />);
  syncOnReturn(core);
  // Asked once there is something worth keeping; the browser may decide without a question.
  const stopAsking = core.watch("session.watch", {}, {
    next: ({ signedIn }) => {
      if (!signedIn) return;
      stopAsking();
      void navigator.storage?.persist?.();
    },
    failed: () => undefined,
  });
}

keepPageForOffline();
void start();
