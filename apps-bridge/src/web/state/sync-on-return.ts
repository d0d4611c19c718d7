import type { Core } from "./bridge.tsx";

/** Name by which the service worker is asked for a sync once the network is back. */
const syncTag = "saldo-sync";

/**
 * Makes sync try at once when a person comes back to the page: it is shown, focused, or taken out of the browser's cache of pages. Where the browser
 * has Background Sync, it wakes this page when the network is back although the page is asleep. Without a page nothing can be sent: the books are the
 * page's own, and changes leave when it is next opened.
 */
export function syncOnReturn(core: Core): void {
  const now = (): void => void core.call("sync.now", {}).catch(() => undefined);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") now();
    else askForBackgroundSync();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) now();
  });
  window.addEventListener("focus", now);
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (data === syncTag) now();
  });
}

/** The browser forgets it once it has been answered; without the permission it is refused, and the other occasions remain. */
function askForBackgroundSync(): void {
  navigator.serviceWorker?.getRegistration().then(
    (registration) => (registration !== undefined && hasSync(registration) ? registration.sync.register(syncTag) : undefined),
    () => undefined,
  ).catch(() => undefined);
}

/** Only some browsers have it, and the types of pages do not name it. */
function hasSync(registration: object): registration is { readonly sync: { register(tag: string): Promise<void> } } {
  return "sync" in registration && typeof registration.sync === "object" && registration.sync !== null && "register" in registration.sync;
}
