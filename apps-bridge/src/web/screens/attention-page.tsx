import { errorEntry, isErrorCode } from "@saldo/schema";
import { useText } from "../i18n/preferences.tsx";
import { Icon } from "../parts/icon.tsx";
import { ErrorBox } from "../parts/state-box.tsx";
import { useAction, useCore, useRead, useWatch } from "../state/bridge.tsx";
import { SignInForm } from "./sign-in.tsx";
import { Toolbar } from "./toolbar.tsx";

/** Changes the server did not accept and other troubles of keeping in step, each with its cause and what to do. */
export function AttentionPage() {
  const { t } = useText();
  const core = useCore();
  const sync = useWatch("sync.watch", {});
  const { value, error, retry } = useRead("rejections.list", {}, sync.value?.problems.length);
  const again = useAction(async () => {
    await core.call("sync.now", {});
  });
  // Refused changes are listed below with their time.
  const problems = (sync.value?.problems ?? []).filter((problem) => problem.mutation === null);
  const rejections = value?.rejections ?? [];
  return (
    <>
      <Toolbar />
      <main className="sheet" id="main">
        <header className="page-head">
          <div>
            <h1>{t("attention.title", { count: problems.length + rejections.length })}</h1>
            <p>{t(problems.length + rejections.length === 0 ? "attention.leadNone" : "attention.lead")}</p>
          </div>
          <span className="end">
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
        <div className="cell" hidden={error === undefined && problems.length + rejections.length === 0}>
          {error !== undefined && <ErrorBox error={error} onRetry={retry} />}
          <ul className="notes">
            {problems.map((problem) => (
              <Note key={problem.code} code={problem.code} at={undefined} what={undefined} />
            ))}
            {rejections.map((rejection) => (
              <Note key={rejection.id} code={rejection.code} at={rejection.at} what={rejection.mutation} />
            ))}
          </ul>
        </div>
      </main>
    </>
  );
}

function Note({ code, at, what }: { readonly code: string; readonly at: string | undefined; readonly what: string | undefined }) {
  const { t, f, locale } = useText();
  const entry = errorEntry(isErrorCode(code) ? code : "bridge.internal");
  return (
    <li className="attention">
      <Icon name="alert" className="neg" />
      <span className="t">{entry.meaning[locale]}</span>
      <span className="amt quiet">{at === undefined ? "" : f.instant(at)}</span>
      <span className="e">
        {entry.cause[locale]} {entry.remedy[locale]} {what !== undefined && <code className="raw">{t("attention.change", { name: what })}</code>}
      </span>
    </li>
  );
}
