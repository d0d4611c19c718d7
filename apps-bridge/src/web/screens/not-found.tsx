import { useText } from "../i18n/preferences.tsx";
import { Link } from "../state/route.tsx";
import { Toolbar } from "./toolbar.tsx";

/** An address this app does not have. */
export function NotFound() {
  const { t } = useText();
  return (
    <>
      <Toolbar />
      <main className="sheet" id="main">
        <div className="empty">
          <h1>{t("notFound.title")}</h1>
          <p className="muted">{t("notFound.lead")}</p>
          <Link className="btn primary" href="/">
            {t("import.toOverview")}
          </Link>
        </div>
      </main>
    </>
  );
}
