import type { SaldoError } from "@saldo/schema";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorBox } from "../../parts/state-box.tsx";
import { useImport } from "../../state/import-flow.tsx";
import { Toolbar } from "../toolbar.tsx";
import { CheckPreview } from "./check-preview.tsx";
import { Doubles } from "./doubles.tsx";
import { DropBox } from "./empty-books.tsx";
import { ImportDone } from "./import-done.tsx";
import { ImportHistory } from "./import-history.tsx";
import { ProgressSheet } from "./progress-sheet.tsx";
import { Steps } from "./steps.tsx";

/** From a file to the books, in three steps. */
export function ImportPage() {
  return (
    <>
      <Toolbar />
      <main className="sheet" id="main">
        <CurrentStep />
      </main>
    </>
  );
}

function CurrentStep() {
  const { t } = useText();
  const flow = useImport();
  const { state } = flow;
  if (state.step === "check") return <CheckPreview state={state} />;
  if (state.step === "done") return <ImportDone state={state} />;
  const here = state.step === "saving" ? 3 : 1;
  return (
    <>
      <header className="page-head">
        <div>
          <h1>{t(state.step === "saving" ? "import.savingTitle" : state.step === "reading" ? "import.readingTitle" : "import.title")}</h1>
          <p>{state.step === "idle" || state.step === "failed" ? t("import.lead") : state.file.name}</p>
        </div>
      </header>
      <Steps here={here} />
      {state.step === "reading" || state.step === "saving" ? (
        <ProgressSheet progress={state.progress} onCancel={flow.cancel} />
      ) : (
        <>
          <div className="cell import-start">
            {state.step === "failed" && <ReadingFailed error={state.error} onRetry={() => flow.open(state.file)} />}
            <DropBox />
          </div>
          <Doubles />
          <ImportHistory />
        </>
      )}
    </>
  );
}

/** Trying again helps when the reading broke off, not when the file itself is no statement. */
function ReadingFailed({ error, onRetry }: { readonly error: SaldoError; readonly onRetry: () => void }) {
  return error.code.startsWith("import.") ? <ErrorBox error={error} /> : <ErrorBox error={error} onRetry={onRetry} />;
}
