import { systemEnvironment } from "@saldo/client-core/books";
import { SaldoError } from "@saldo/schema";
import { createCore } from "../../core/core.ts";
import { coreHandlers } from "../../core/handlers.ts";
import { browserSessionStore } from "./browser-session-store.ts";
import { coreName } from "./messages.ts";
import { openBrowserDatabase } from "./open-database.ts";
import { serveTabs } from "./serve-tabs.ts";

/** Every tab starts this worker; the one that gets the lock runs the core until its tab is closed, then the next one gets it. */
void navigator.locks.request(coreName, async () => {
  const term = crypto.randomUUID();
  try {
    const core = createCore({
      serverUrl: location.origin,
      fetch: (input, init) => fetch(input, init),
      sessionKind: "cookie",
      sessionStore: browserSessionStore(),
      environment: systemEnvironment(),
      random: () => Math.random(),
      log: (level, event, detail) => console[level](event, detail),
      openDatabase: openBrowserDatabase,
    });
    await core.resume();
    addEventListener("online", () => {
      if (core.session().signedIn) core.opened().sync.now();
    });
    serveTabs(coreHandlers(core), term);
  } catch (cause) {
    console.error("core.not_opened", cause);
    serveTabs(cause instanceof SaldoError ? cause : new SaldoError("bridge.internal", {}, { cause }), term);
  }
  await new Promise<never>(() => {});
});
