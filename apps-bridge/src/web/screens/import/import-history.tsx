import type { ImportEntry } from "../../../bridge/contract/import.ts";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorBox, ErrorLine } from "../../parts/state-box.tsx";
import { saveFile } from "../../state/save-file.ts";
import { useAction, useCore, useRead, useTransactionsVersion } from "../../state/bridge.tsx";

/** Every file that came in, newest first; each can be taken back. */
export function ImportHistory() {
  const { t } = useText();
  const version = useTransactionsVersion();
  const { value, error, retry } = useRead("import.history", {}, version);
  if (error !== undefined) {
    return (
      <div className="row cell">
        <ErrorBox error={error} onRetry={retry} />
      </div>
    );
  }
  if (value === undefined || value.imports.length === 0) return null;
  return (
    <section className="row history" aria-labelledby="history-h">
      <div className="h in">
        <h2 id="history-h">{t("history.title")}</h2>
      </div>
      <table className="tbl stack">
        <thead>
          <tr>
            <th className="l">{t("history.file")}</th>
            <th className="l">{t("history.when")}</th>
            <th className="l">{t("history.dates")}</th>
            <th>{t("history.added")}</th>
            <th>{t("history.refused")}</th>
            <th>
              <span className="sr">{t("import.stateColumn")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {value.imports.map((entry) => (
            <HistoryRow key={entry.importId} entry={entry} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function HistoryRow({ entry }: { readonly entry: ImportEntry }) {
  const { t, f } = useText();
  const core = useCore();
  const undo = useAction(async () => {
    await core.call("import.undo", { importId: entry.importId });
  });
  const original = useAction(async () => {
    const { fileName, bytes } = await core.call("import.original", { importId: entry.importId });
    saveFile(fileName, bytes);
  });
  const dates = entry.dateFrom === null || entry.dateTo === null ? "" : `${f.dateShort(entry.dateFrom, true)} – ${f.dateShort(entry.dateTo, true)}`;
  return (
    <tr className={entry.state === "undone" ? "faded" : ""}>
      <td className="l cut-wide" title={entry.fileName}>
        {entry.fileName}
      </td>
      <td className="l two">{f.instant(entry.importedAt)}</td>
      <td className="l two">{dates}</td>
      <td className="only-wide">{f.number(entry.rowsAdded)}</td>
      <td className="only-wide">{f.number(entry.rowsRefused)}</td>
      <td className="r">
        {(entry.original === "here" || entry.original === "server") && (
          <button type="button" className="btn s" disabled={original.running} onClick={() => original.start()}>
            {t("history.original")}
          </button>
        )}
        {entry.original === "elsewhere" && <span className="pill sq">{t("history.originalElsewhere")}</span>}
        {entry.state === "complete" && (
          <button type="button" className="btn s" disabled={undo.running} onClick={() => undo.start()}>
            {t("action.undo")}
          </button>
        )}
        {entry.state === "undone" && <span className="pill sq">{t("history.undone")}</span>}
        {entry.state === "loading" && <span className="pill sq info">{t("history.loading")}</span>}
        <ErrorLine error={undo.error ?? original.error} />
      </td>
      <td className="only-narrow two quiet">{t("history.line", { added: entry.rowsAdded, refused: entry.rowsRefused })}</td>
    </tr>
  );
}
