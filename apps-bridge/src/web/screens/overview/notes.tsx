import { noteCharsMax } from "@saldo/client-core/notes/editing";
import { useId } from "react";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { saldoErrorOf, useWatch } from "../../state/bridge.tsx";
import { useNote } from "./use-note.ts";

/** The company's shared note, beside its figures. */
export function Notes() {
  const { value } = useWatch("session.watch", {});
  const workspaceId = value?.workspace?.id;
  return workspaceId === undefined ? null : <Note key={workspaceId} workspaceId={workspaceId} />;
}

function Note({ workspaceId }: { readonly workspaceId: string }) {
  const { t, f } = useText();
  const id = useId();
  const { field, status, length, retry } = useNote(workspaceId);
  const { state, error, unreadableRows } = status;
  return (
    <section className="row cell note" aria-labelledby={`${id}-h`}>
      <div className="h">
        <h2 id={`${id}-h`}>{t("notes.title")}</h2>
        <span className="quiet" id={`${id}-hint`}>
          {t("notes.hint")}
        </span>
        <span className={state === "failed" ? "end neg" : "end"}>{(state !== "saved" || length > 0) && t(`notes.${state}`)}</span>
      </div>
      <textarea
        ref={field}
        rows={4}
        maxLength={noteCharsMax}
        placeholder={t("notes.placeholder")}
        aria-labelledby={`${id}-h`}
        aria-describedby={`${id}-hint`}
        readOnly={state === "loading"}
      />
      {length >= noteCharsMax && <p className="say">{t("notes.full", { max: f.number(noteCharsMax) })}</p>}
      {unreadableRows > 0 && <p className="say warn">{t("notes.unreadable", { count: unreadableRows })}</p>}
      {state === "failed" && (
        <div className="note-failed">
          <ErrorLine error={saldoErrorOf(error)} />
          <button type="button" className="btn" onClick={retry}>
            {t("action.retry")}
          </button>
        </div>
      )}
    </section>
  );
}
