import { useText } from "../i18n/preferences.tsx";
import { ErrorBox, ErrorLine, Skeleton } from "../parts/state-box.tsx";
import { useAction, useCore, useWatch } from "../state/bridge.tsx";
import { Toolbar } from "./toolbar.tsx";

/** What a company decides as a whole: whether names may be told to AI providers. */
export function CompanyPage() {
  const { t } = useText();
  const core = useCore();
  const { value, error, retry } = useWatch("company.watch", {});
  const set = useAction(async (aiNames: boolean) => {
    await core.call("company.setAiNames", { aiNames });
  });
  return (
    <>
      <Toolbar />
      <main className="sheet" id="main">
        <header className="page-head">
          <div>
            <h1>{t("company.title")}</h1>
            <p>{t("company.lead")}</p>
          </div>
        </header>
        <section className="cell company-cell" aria-labelledby="ai-h">
          <div className="h">
            <h2 id="ai-h">{t("company.ai")}</h2>
          </div>
          {error !== undefined ? (
            <ErrorBox error={error} onRetry={retry} />
          ) : value === undefined ? (
            <Skeleton width="60%" height={20} />
          ) : (
            <>
              <label className="check-line">
                <input type="checkbox" checked={value.aiNames} disabled={set.running || !value.mayManage} onChange={(event) => set.start(event.target.checked)} />
                <span>{t("company.aiNames")}</span>
              </label>
              <p className="say">{t("company.aiNamesWhat")}</p>
              <p className="say">{t("company.aiNever")}</p>
              {!value.mayManage && <p className="say">{t("company.ownerOnly")}</p>}
              <ErrorLine error={set.error} />
            </>
          )}
        </section>
      </main>
    </>
  );
}
