import { SaldoError } from "@saldo/schema";
import { useEffect, useRef, useState } from "react";
import { useText } from "../i18n/preferences.tsx";
import { ErrorLine } from "../parts/state-box.tsx";
import { useAction, useCore } from "../state/bridge.tsx";
import { Link } from "../state/route.tsx";
import { SignOutDialog } from "./sign-out-dialog.tsx";
import { LanguageSwitch } from "./theme-button.tsx";

/** Who is signed in, the language, and the way out. */
export function PersonMenu({ email }: { readonly email: string }) {
  const { t } = useText();
  const core = useCore();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const [unsent, setUnsent] = useState<number>();
  const signOut = useAction(async () => {
    try {
      await core.call("session.signOut", { discardUnsent: 0 });
    } catch (error) {
      if (!(error instanceof SaldoError) || error.code !== "sync.unsent_changes") throw error;
      setOpen(false);
      setUnsent(Number(error.detail["changes"] ?? 1));
    }
  });
  useEffect(() => {
    if (!open) return;
    const onPointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) setOpen(false);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") setOpen(false);
    };
    window.addEventListener("pointerdown", onPointer);
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("pointerdown", onPointer);
      window.removeEventListener("keydown", onKey);
    };
  }, [open]);
  return (
    <div className="person" ref={box}>
      <button type="button" className="avatar" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span aria-hidden="true">{email.slice(0, 2).toUpperCase()}</span>
        <span className="sr">{t("person.menu", { email })}</span>
      </button>
      {open && (
        <div className="pop person-pop">
          <p className="person-email">{email}</p>
          <LanguageSwitch />
          <Link className="person-link" href="/company" onClick={() => setOpen(false)}>
            {t("company.title")}
          </Link>
          <Link className="person-link" href="/inspector" onClick={() => setOpen(false)}>
            {t("inspector.title")}
          </Link>
          <button type="button" className="btn" disabled={signOut.running} onClick={() => signOut.start()}>
            {t("session.signOut")}
          </button>
          <p className="say">{t("session.signOutRemoves")}</p>
          <ErrorLine error={signOut.error} />
        </div>
      )}
      {unsent !== undefined && <SignOutDialog unsent={unsent} onClose={() => setUnsent(undefined)} />}
    </div>
  );
}
