import { useText } from "../../i18n/preferences.tsx";
import { useWatch } from "../../state/bridge.tsx";
import { Toolbar } from "../toolbar.tsx";
import { ChooseFile } from "./drop-zone.tsx";
import { TrySample } from "./try-sample.tsx";

/** The first screen of books that hold nothing yet; `withSample` where they hold nothing at all. */
export function EmptyBooks({ withSample = false }: { readonly withSample?: boolean }) {
  const { t } = useText();
  // Books that were never in step may only not have come yet: no rows are made up beside those of colleagues.
  const isKnown = useWatch("sync.watch", {}).value?.lastSyncedAt != null;
  return (
    <>
      <Toolbar />
      <main className="sheet" id="main">
        <div className="empty">
          <h1>{t("empty.title")}</h1>
          <p className="muted">{t("empty.lead")}</p>
          <DropBox withSample={withSample && isKnown} />
          <ol className="empty-steps">
            {([1, 2, 3] as const).map((step) => (
              <li key={step}>
                <span className="step" aria-hidden="true">
                  {step}
                </span>
                <span>{t(`empty.step${step}`)}</span>
              </li>
            ))}
          </ol>
        </div>
      </main>
    </>
  );
}

/** The dashed place for a file. */
export function DropBox({ withSample = false }: { readonly withSample?: boolean }) {
  const { t } = useText();
  return (
    <div className="state drop-box">
      <h2>{t("import.dropTitle")}</h2>
      <p>{t("import.dropLead")}</p>
      <div className="acts">
        <ChooseFile />
        {withSample && <TrySample />}
      </div>
      {withSample && <p className="quiet">{t("empty.sampleHint")}</p>}
    </div>
  );
}
