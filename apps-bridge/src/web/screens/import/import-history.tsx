import { useState } from "react";
import type { z } from "zod";
import type { ImportEntry, importMethods } from "../../../bridge/contract/import.ts";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorBox, ErrorLine } from "../../parts/state-box.tsx";
import { saveFile } from "../../state/save-file.ts";
import { Verdict } from "./statements.tsx";
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
            <th>{t("history.there")}</th>
            <th>{t("history.leftOut")}</th>
            <th>{t("history.refused")}</th>
            <th className="l">{t("history.balances")}</th>
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
  const [changes, setChanges] = useState<Changes>();
  // What people did to the rows since goes with them: they are told before.
  const asks = useAction(async () => {
    const found = await core.call("import.changes", { importId: entry.importId });
    if (found.count === 0) undo.start();
    else setChanges(found);
  });
  const original = useAction(async () => {
    const { fileName, bytes } = await core.call("import.original", { importId: entry.importId });
    saveFile(fileName, bytes);
  });
  const dates = entry.dateFrom === null || entry.dateTo === null ? "" : `${f.dateShort(entry.dateFrom, true)} – ${f.dateShort(entry.dateTo, true)}`;
  return (
    <>
    <tr className={entry.state === "undone" ? "faded" : ""}>
      <td className="l cut-wide" title={entry.fileName}>
        {entry.fileName}
      </td>
      <td className="l two">{f.instant(entry.importedAt)}</td>
      <td className="l two">{dates}</td>
      <td className="only-wide">{f.number(entry.rowsAdded)}</td>
      <td className="only-wide">{f.number(entry.rowsThere)}</td>
      <td className="only-wide">{f.number(entry.rowsLeftOut)}</td>
      <td className="only-wide">{f.number(entry.rowsRefused)}</td>
      <td className="l two">{entry.statements.map((statement, place) => <Verdict key={place} statement={statement} />)}</td>
      <td className="r">
        {(entry.original === "here" || entry.original === "server") && (
          <button type="button" className="btn s" disabled={original.running} onClick={() => original.start()}>
            {t("history.original")}
          </button>
        )}
        {entry.original === "elsewhere" && <span className="pill sq">{t("history.originalElsewhere")}</span>}
        {entry.state === "complete" && (
          <button type="button" className="btn s" disabled={undo.running || asks.running} onClick={() => asks.start()}>
            {t("action.undo")}
          </button>
        )}
        {entry.state === "undone" && <span className="pill sq">{t("history.undone")}</span>}
        {entry.state === "loading" && <span className="pill sq info">{t("history.loading")}</span>}
        <ErrorLine error={undo.error ?? asks.error ?? original.error} />
      </td>
      <td className="only-narrow two quiet">{t("history.line", { added: entry.rowsAdded, there: entry.rowsThere, leftOut: entry.rowsLeftOut, refused: entry.rowsRefused })}</td>
    </tr>
      {changes !== undefined && entry.state === "complete" && <ChangesRow changes={changes} running={undo.running} onUndo={() => undo.start()} onKeep={() => setChanges(undefined)} />}
    </>
  );
}

type Changes = z.output<(typeof importMethods)["import.changes"]["result"]>;

interface ChangesRowParts {
  readonly changes: Changes;
  readonly running: boolean;
  readonly onUndo: () => void;
  readonly onKeep: () => void;
}

/** What was changed in the rows of an import since, asked before it is taken back. */
function ChangesRow({ changes, running, onUndo, onKeep }: ChangesRowParts) {
  const { t, f } = useText();
  return (
    <tr className="flag">
      <td className="l changes" colSpan={9}>
        <p>
          <b>{t("history.changed", { count: changes.count })}</b> {t("history.changedLead")}
        </p>
        <ul>
          {changes.rows.slice(0, 10).map((row) => (
            <li key={row.id}>
              {f.dateShort(row.date, true)} · {f.money(row.amountMinor, row.currency, { sign: "change", fraction: "full" })} · {row.counterparty ?? row.description}:{" "}
              {row.changed.map((what) => t(`history.changed.${what}`)).join(", ")}
            </li>
          ))}
        </ul>
        {changes.count > 10 && <p className="say">{t("import.refusedMore", { count: changes.count - 10 })}</p>}
        <p className="acts">
          <button type="button" className="btn s" disabled={running} onClick={onUndo}>
            {t("history.undoAnyway")}
          </button>{" "}
          <button type="button" className="btn s" onClick={onKeep}>
            {t("history.keep")}
          </button>
        </p>
      </td>
    </tr>
  );
}
