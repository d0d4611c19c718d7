import type { ImportPreview } from "../../../bridge/contract/import.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Icon } from "../../parts/icon.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useImport, type ImportState } from "../../state/import-flow.tsx";
import { RememberedMapping, SheetChoice } from "./file-choices.tsx";
import { Counts, Looks, looksLeft, New, rowsToAdd, There } from "./groups.tsx";
import { Questions } from "./questions.tsx";
import { PreviewTable } from "./preview-table.tsx";
import { Refused } from "./refused.tsx";
import { Statements, Sums } from "./statements.tsx";
import { Steps } from "./steps.tsx";

/** What was read, beside the file as it is, before anything is kept. */
export function CheckPreview({ state }: { readonly state: Extract<ImportState, { step: "check" }> }) {
  const { t, f } = useText();
  const flow = useImport();
  const { preview, decisions, rereading } = state;
  const adding = rowsToAdd(preview, decisions);
  const left = looksLeft(preview, decisions);
  const blocked = preview.missing.length > 0 || adding === 0;
  const allThere = blocked && preview.missing.length === 0 && preview.counts.new + preview.counts.look === 0 && preview.counts.there > 0;
  return (
    <div aria-busy={rereading}>
      <header className="page-head">
        <div>
          <h1>{t("import.checkTitle")}</h1>
          <p>
            <b>{preview.fileName}</b> · {describe(preview, t, f)}
          </p>
        </div>
        <span className="end">
          <button type="button" className="btn ghost" onClick={flow.reset}>
            {t("import.another")}
          </button>
        </span>
      </header>
      <Steps here={2} />
      <div className="row g-side">
        <div className="side-main">
          <Counts preview={preview} />
          {preview.sameFile !== null && (
            <p className="notice">
              <Icon name="alert" /> {t("import.sameFile", { when: f.instant(preview.sameFile.importedAt) })}
            </p>
          )}
          <RememberedMapping preview={preview} overrides={state.overrides} onCorrect={flow.correct} />
          <PreviewTable preview={preview} overrides={state.overrides} onCorrect={flow.correct} decisions={decisions} onDecide={flow.decide} />
        </div>
        <aside className="side">
          {preview.statements.length > 0 ? <Statements statements={preview.statements} /> : <Sums sums={preview.sums} />}
          <SheetChoice preview={preview} overrides={state.overrides} onCorrect={flow.correct} />
          <Questions preview={preview} overrides={state.overrides} onCorrect={flow.correct} />
          <Looks preview={preview} decisions={decisions} onDecide={flow.decide} onDecideAll={flow.decideAll} />
          <Refused preview={preview} />
          <There preview={preview} decisions={decisions} onDecide={flow.decide} onDecideAll={flow.decideAll} />
          <New preview={preview} decisions={decisions} onDecide={flow.decide} />
        </aside>
      </div>
      <div className="action-bar">
        <span className="muted">{allThere ? t("import.allThere") : blocked ? t("import.cannotCommit") : t("import.canUndo")}</span>
        <ErrorLine error={state.error} />
        <span className="end">
          <button type="button" className="btn" onClick={flow.reset}>
            {t("action.back")}
          </button>
          <button type="button" className="btn primary" disabled={blocked || rereading} onClick={flow.commit}>
            {left > 0 ? t("import.commitLeaving", { count: adding, left }) : t("import.commit", { count: adding })}
          </button>
        </span>
      </div>
    </div>
  );
}

type Tools = ReturnType<typeof useText>;

function describe(preview: ImportPreview, t: Tools["t"], f: Tools["f"]): string {
  const range = preview.dateFrom === null || preview.dateTo === null ? [] : [`${f.dateShort(preview.dateFrom, true)} – ${f.dateShort(preview.dateTo, true)}`];
  const delimiter = preview.delimiter === null ? [] : [t("import.delimiter", { name: delimiterWord(preview.delimiter) })];
  const account = preview.accountName === null ? [] : [t("import.into", { account: preview.accountName })];
  const rows = preview.missing.length > 0 ? [] : [t("import.rows", { count: preview.counts.total })];
  const encoding = preview.encoding === null ? [] : [preview.encoding.toUpperCase()];
  return [...rows, ...range, ...encoding, ...delimiter, ...account].join(" · ");
}

function delimiterWord(delimiter: string): "comma" | "semicolon" | "tab" | "pipe" | "fixed" | "other" {
  const words = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", fixed: "fixed" } as const;
  return Object.entries(words).find(([mark]) => mark === delimiter)?.[1] ?? "other";
}
