import { useEffect, useId, useRef } from "react";
import { useText } from "../i18n/preferences.tsx";
import { ErrorLine } from "../parts/state-box.tsx";
import { useToast } from "../parts/toast.tsx";
import { useAction, useCore, useWatch } from "../state/bridge.tsx";
import { saveUnsent } from "../state/save-text.ts";

/** Signing out while changes are unsent: keep them as a file, lose them knowingly, or stay. */
export function SignOutDialog({ unsent, onClose }: { readonly unsent: number; onClose(): void }) {
  const { t } = useText();
  const core = useCore();
  const toast = useToast();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const { value: sync } = useWatch("sync.watch", {});
  // They may leave while the question is open.
  const count = sync?.pendingChanges ?? unsent;
  const signOut = useAction(async () => {
    await core.call("session.signOut", { discardUnsent: count });
  });
  const save = useAction(async () => {
    toast(t("signOut.exported", { count: await saveUnsent(core, "unsent.export", {}) }));
  });
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={`${id}-h`} onClose={onClose}>
      <div className="form">
        <h2 id={`${id}-h`}>{t("signOut.title", { count })}</h2>
        <p>{t(count === 0 ? "signOut.allSent" : "signOut.lead", { count })}</p>
        {count > 0 && (
          <p>
            <button type="button" className="btn" disabled={save.running} onClick={() => save.start()}>
              {t("signOut.export")}
            </button>
          </p>
        )}
        <ErrorLine error={save.error ?? signOut.error} />
        <p className="dialog-acts">
          <button type="button" className="btn" autoFocus onClick={() => dialog.current?.close()}>
            {t("signOut.stay")}
          </button>
          <button type="button" className={count === 0 ? "btn primary" : "btn danger"} disabled={signOut.running} onClick={() => signOut.start()}>
            {t(count === 0 ? "session.signOut" : "signOut.delete")}
          </button>
        </p>
      </div>
    </dialog>
  );
}
