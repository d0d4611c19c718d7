import { errorEntry, type ErrorCode } from "@saldo/schema";
import { useState, type ReactNode } from "react";
import type { Session } from "../../bridge/contract/session.ts";
import { useText } from "../i18n/preferences.tsx";
import { ErrorLine } from "../parts/state-box.tsx";
import { useAction, useCore } from "../state/bridge.tsx";
import { saveDatabaseFiles } from "../state/save-file.ts";
import { GateSheet } from "./gate-sheet.tsx";

/** Failures of the files themselves: others pass by themselves, or with an update. */
const filesFailed: ReadonlySet<ErrorCode> = new Set(["store.not_started", "store.damaged", "store.io_failed", "store.cannot_open"]);

/** Books that are on this device and could not be opened: what happened, and what their person can do. */
export function Unopened({ unopened: { companyName, code } }: { readonly unopened: NonNullable<Session["unopened"]> }) {
  const { t, locale } = useText();
  const core = useCore();
  const [savedFiles, setSavedFiles] = useState<number>();
  const tryAgain = useAction(async () => {
    await core.call("unopened.tryAgain", {});
  });
  const save = useAction(async () => setSavedFiles(await saveDatabaseFiles(core, null)));
  const startAfresh = useAction(async () => {
    await core.call("unopened.startAfresh", {});
  });
  const entry = errorEntry(code);
  const isOfFiles = filesFailed.has(code);
  const isBusy = tryAgain.running || save.running || startAfresh.running;
  return (
    <GateSheet title={t("unopened.title", { company: companyName })} foot={t("session.promise")}>
      <p className="muted">{isOfFiles ? t("unopened.lead") : `${entry.meaning[locale]} ${entry.cause[locale]} ${entry.remedy[locale]}`}</p>
      <Choice say={t("unopened.tryAgainSay")}>
        <button type="button" className="btn primary" disabled={isBusy} aria-busy={tryAgain.running} onClick={() => tryAgain.start()}>
          {t(tryAgain.running ? "unopened.opening" : "action.retry")}
        </button>
      </Choice>
      {isOfFiles && (
        <>
          <Choice say={savedFiles === undefined ? t("unopened.saveSay") : t("unopened.saved", { count: savedFiles })}>
            <button type="button" className="btn" disabled={isBusy} aria-busy={save.running} onClick={() => save.start()}>
              {t(save.running ? "unopened.saving" : "unopened.save")}
            </button>
          </Choice>
          <Choice say={t("unopened.afreshSay")}>
            <button type="button" className="btn" disabled={isBusy} aria-busy={startAfresh.running} onClick={() => startAfresh.start()}>
              {t(startAfresh.running ? "unopened.startingAfresh" : "unopened.afresh")}
            </button>
          </Choice>
        </>
      )}
      <ErrorLine error={tryAgain.error ?? save.error ?? startAfresh.error} />
    </GateSheet>
  );
}

/** A way out, and what it does. */
function Choice({ say, children }: { readonly say: string; readonly children: ReactNode }) {
  return (
    <div className="gate-choice">
      {children}
      <p className="muted">{say}</p>
    </div>
  );
}
