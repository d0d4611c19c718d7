import { errorEntry, isErrorCode } from "@saldo/schema";
import { useText } from "../i18n/preferences.tsx";
import { Icon } from "../parts/icon.tsx";
import { ErrorBox, ErrorLine } from "../parts/state-box.tsx";
import { useToast } from "../parts/toast.tsx";
import { useAction, useCore, useWatch } from "../state/bridge.tsx";
import { RejectionNote } from "./rejection-note.tsx";
import { SignInForm } from "./sign-in.tsx";
import { Toolbar } from "./toolbar.tsx";

/** Changes the server did not accept, with what can be done about each, and other troubles of keeping in step. */
export function AttentionPage() {
  const { t } = useText();
  const core = useCore();
  const toast = useToast();
  const sync = useWatch("sync.watch", {});
  const { value, error, retry } = useWatch("rejections.watch", {});
  const again = useAction(async () => {
    await core.call("sync.now", {});
  });
  const update = useAction(async () => {
    await navigator.serviceWorker?.getRegistration().then((registration) => registration?.update());
    window.location.reload();
  });
  const discard = useAction(async (ids: readonly string[]) => {
    await core.call("rejections.discard", { ids: [...ids] });
    toast(t("attention.discarded", { count: ids.length }));
  });
  // Refused changes are listed below with their time.
  const problems = (sync.value?.problems ?? []).filter((problem) => problem.mutation === null);
  const rejections = value?.rejections ?? [];
  const count = problems.length + rejections.length;
  return (
    <>
      <Toolbar />
      <main className="sheet" id="main">
        <header className="page-head">
          <div>
            <h1>{t("attention.title", { count })}</h1>
            <p>{t(count === 0 ? "attention.leadNone" : rejections.length > 0 ? "attention.lead" : "attention.leadHeldUp")}</p>
          </div>
          <span className="end">
            {rejections.length > 1 && (
              <button type="button" className="btn" disabled={discard.running} onClick={() => discard.start(rejections.map(({ id }) => id))}>
                {t("attention.discardAll")}
              </button>
            )}
            {sync.value?.state === "update_required" && (
              <button type="button" className="btn primary" disabled={update.running} onClick={() => update.start()}>
                {t("attention.update")}
              </button>
            )}
            <button type="button" className="btn" disabled={again.running} onClick={() => again.start()}>
              {t("attention.again")}
            </button>
          </span>
        </header>
        {sync.value?.state === "signed_out" && (
          <section className="cell sign-in-again" aria-labelledby="again-h">
            <div className="h">
              <h2 id="again-h">{t("attention.signIn")}</h2>
            </div>
            <SignInForm />
          </section>
        )}
        <div className="cell" hidden={error === undefined && count === 0}>
          {error !== undefined && <ErrorBox error={error} onRetry={retry} />}
          <ErrorLine error={discard.error} />
          <ul className="notes">
            {problems.map((problem) => (
              <ProblemNote key={problem.code} code={problem.code} />
            ))}
            {rejections.map((rejection) => (
              <RejectionNote key={rejection.id} rejection={rejection} discarding={discard.running} onDiscard={() => discard.start([rejection.id])} />
            ))}
          </ul>
        </div>
      </main>
    </>
  );
}

function ProblemNote({ code }: { readonly code: string }) {
  const { locale } = useText();
  const entry = errorEntry(isErrorCode(code) ? code : "bridge.internal");
  return (
    <li className="attention">
      <Icon name="alert" className="neg" />
      <span className="t">{entry.meaning[locale]}</span>
      <span className="e">
        {entry.cause[locale]} {entry.remedy[locale]}
      </span>
    </li>
  );
}
