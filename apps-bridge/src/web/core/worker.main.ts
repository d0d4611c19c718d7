import { systemEnvironment } from "@saldo/client-core/books";
import { findDamage } from "@saldo/client-core/store/mended-pglite";
import { SaldoError } from "@saldo/schema";
import type { Session } from "../../bridge/contract/session.ts";
import { createCore } from "../../core/core.ts";
import { coreHandlers } from "../../core/handlers.ts";
import { browserBlobs } from "./browser-blobs.ts";
import { browserDatabases } from "./browser-databases.ts";
import { browserFile } from "./browser-file.ts";
import { browserRecords } from "./browser-records.ts";
import { browserSessionStore } from "./browser-session-store.ts";
import { browserSetAside } from "./browser-set-aside.ts";
import { coreName } from "./messages.ts";
import { syncOnOccasion } from "./occasions.ts";
import { startReadingWorker } from "./reading-worker.ts";
import { serveTabs } from "./serve-tabs.ts";

/** Every tab starts this worker; the one that gets the lock runs the core until its tab is closed, then the next one gets it. */
void navigator.locks.request(coreName, async () => {
  const term = crypto.randomUUID();
  try {
    const records = browserRecords();
    const databases = await browserDatabases(records);
    const core = createCore({
      serverUrl: location.origin,
      fetch: (input, init) => fetch(input, init),
      sessionKind: "cookie",
      sessionStore: browserSessionStore(records),
      environment: { ...systemEnvironment(), startReading: startReadingWorker },
      random: () => Math.random(),
      log: (level, event, detail) => console[level](event, detail),
      setAside: browserSetAside(records),
      openDatabase: databases.open,
      databaseFiles: databases.files,
      removeDatabase: databases.remove,
      findDamage,
      openFile: browserFile,
      openBlobs: browserBlobs,
    });
    await core.resume();
    syncOnOccasion(() => (core.session().signedIn ? core.opened().sync : undefined), { nowMs: () => Date.now(), every: (delayMs, run) => void setInterval(run, delayMs), onOnline: (run) => addEventListener("online", run) });
    serveTabs(coreHandlers(core), term);
    const prepareFor = ({ signedIn, unopened }: Session): void => {
      if (!signedIn && unopened === undefined) databases.prepare();
    };
    core.onSession(prepareFor);
    prepareFor(core.session());
  } catch (cause) {
    console.error("core.not_opened", cause);
    serveTabs(cause instanceof SaldoError ? cause : new SaldoError("bridge.internal", {}, { cause }), term);
  }
  await new Promise<never>(() => {});
});
