import { useText } from "../../i18n/preferences.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useImport, type ImportState } from "../../state/import-flow.tsx";
import { Link } from "../../state/route.tsx";
import { ImportHistory } from "./import-history.tsx";
import { Steps } from "./steps.tsx";

/** The rows are in the books. */
export function ImportDone({ state }: { readonly state: Extract<ImportState, { step: "done" }> }) {
  const { t } = useText();
  const flow = useImport();
  return (
    <>
      <header className="page-head">
        <div>
          <h1>{t("import.doneTitle", { count: state.rowsAdded })}</h1>
          <p>{state.preview.fileName}</p>
        </div>
      </header>
      <Steps here={4} />
      <div className="cell done-acts">
        <Link className="btn primary" href="/">
          <Icon name="home" /> {t("import.toOverview")}
        </Link>
        <button type="button" className="btn" onClick={flow.reset}>
          {t("import.another")}
        </button>
      </div>
      <ImportHistory />
    </>
  );
}
