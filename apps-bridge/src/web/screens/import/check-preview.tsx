import type { ImportPreview } from "../../../bridge/contract/import.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Icon } from "../../parts/icon.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useImport, type ImportState } from "../../state/import-flow.tsx";
import { RememberedMapping, SheetChoice } from "./file-choices.tsx";
import { Counts, Looks, looksLeft, rowsToAdd, There } from "./groups.tsx";
import { Questions } from "./questions.tsx";
import { PreviewTable } from "./preview-table.tsx";
import { Statements } from "./statements.tsx";
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
          {preview.statements.length > 0 ? <Statements statements={preview.statements} /> : <Sums preview={preview} />}
          <SheetChoice preview={preview} overrides={state.overrides} onCorrect={flow.correct} />
          <Questions preview={preview} overrides={state.overrides} onCorrect={flow.correct} />
          <Looks preview={preview} decisions={decisions} onDecide={flow.decide} />
          <Refused preview={preview} />
          <There preview={preview} decisions={decisions} onDecide={flow.decide} />
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

function Sums({ preview }: { readonly preview: ImportPreview }) {
  const { t, f } = useText();
  if (preview.sums.length === 0) return null;
  return (
    <section className="cell" aria-labelledby="sums-h">
      <div className="h">
        <h2 id="sums-h">{t("import.sumsTitle")}</h2>
      </div>
      {preview.sums.map(({ currency, inMinor, outMinor }) => (
        <table className="ledger" key={currency} aria-label={currency}>
          <tbody>
            <tr>
              <td>{t("import.sumIn")}</td>
              <td>{f.money(inMinor, currency, { sign: "change", fraction: "full" })}</td>
            </tr>
            <tr>
              <td>{t("import.sumOut")}</td>
              <td>{f.money(-outMinor, currency, { fraction: "full" })}</td>
            </tr>
            <tr className="ledger-total">
              <td>{t("import.sumNet")}</td>
              <td>{f.money(inMinor - outMinor, currency, { sign: "change", fraction: "full" })}</td>
            </tr>
          </tbody>
        </table>
      ))}
      <p className="say">{t("import.sumsHint")}</p>
    </section>
  );
}

function Refused({ preview }: { readonly preview: ImportPreview }) {
  const { t, locale } = useText();
  const { refusedLines, counts, format } = preview;
  const isSheet = format === "xlsx" || format === "xls" || format === "ods";
  if (counts.refused === 0) return null;
  return (
    <section className="cell" aria-labelledby="refused-h">
      <div className="h">
        <h2 id="refused-h">{t("import.refusedTitle", { count: counts.refused })}</h2>
      </div>
      <p className="say">{t("import.refusedLead")}</p>
      <div className="refused-list">
        {refusedLines.map((line) => (
          <div className="look" key={`${line.part ?? ""}:${line.line}`}>
            <p>
              <b>{line.part === null ? t(isSheet ? "import.row" : "import.line", { line: line.line }) : t(isSheet ? "import.rowOfPart" : "import.lineOfPart", { part: line.part, line: line.line })}</b> {line.reason[locale]}
            </p>
            {line.raw !== "" && <span className="raw">{line.raw}</span>}
          </div>
        ))}
      </div>
      {counts.refused > refusedLines.length && <p className="say">{t("import.refusedMore", { count: counts.refused - refusedLines.length })}</p>}
    </section>
  );
}
