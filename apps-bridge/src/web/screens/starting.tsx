import { useText } from "../i18n/preferences.tsx";

/** Shown for the moment in which the books on this device are opened. */
export function Starting() {
  const { t } = useText();
  return (
    <main className="starting" id="main" aria-busy="true">
      <span className="logo">Saldo</span>
      <p className="quiet">{t("state.opening")}</p>
    </main>
  );
}
