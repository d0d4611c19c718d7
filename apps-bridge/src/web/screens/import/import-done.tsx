import { useText } from "../../i18n/preferences.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useImport, type ImportState } from "../../state/import-flow.tsx";
import { Link } from "../../state/route.tsx";
import { ImportHistory } from "./import-history.tsx";
import { Statements } from "./statements.tsx";
import { Steps } from "./steps.tsx";

/** The rows are in the books. */
export function ImportDone({ state }: { readonly state: Extract<ImportState, { step: "done" }> }) {
  const { t } = useText();
  const flow = useImport();
  const { done } = state;
  const facts = [
    ...(done.rowsThere > 0 ? [t("import.doneThere", { count: done.rowsThere })] : []),
    ...(done.rowsLeftOut > 0 ? [t("import.doneLeftOut", { count: done.rowsLeftOut })] : []),
    ...(done.transfersLinked > 0 ? [t("import.doneTransfers", { count: done.transfersLinked })] : []),
  ];
  return (
    <>
      <header className="page-head">
        <div>
          <h1>{done.importId === null ? t("import.nothingNew") : t("import.doneTitle", { count: done.rowsAdded })}</h1>
          <p>
            <b>{state.preview.fileName}</b>
            {facts.map((fact) => ` · ${fact}`)}
          </p>
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
      <div className="done-agrees">
        <Statements statements={done.statements} />
      </div>
      <ImportHistory />
    </>
  );
}
