import { useEffect, type ReactNode } from "react";
import type { Session } from "../../bridge/contract/session.ts";
import { useText } from "../i18n/preferences.tsx";
import type { TextKey } from "../i18n/text.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import { Link, navigate, useRoute } from "../state/route.tsx";
import { PersonMenu } from "./person-menu.tsx";
import { ThemeButton } from "./theme-button.tsx";

const sections: readonly { readonly path: string; readonly text: TextKey; readonly icon: IconName }[] = [
  { path: "/", text: "nav.overview", icon: "home" },
  { path: "/forecast", text: "nav.forecast", icon: "forecast" },
  { path: "/transactions", text: "nav.transactions", icon: "list" },
  { path: "/import", text: "nav.import", icon: "plus" },
];

/** The frame around every page of someone who is signed in. */
export function Shell({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  const { t } = useText();
  const { path } = useRoute();
  useSlashGoesToSearch();
  const links = sections.map((section) => ({ ...section, here: section.path === path }));
  return (
    <>
      <a className="skip" href="#main">
        {t("nav.skip")}
      </a>
      <header className="mast">
        <Link className="logo" href="/">
          Saldo
        </Link>
        <span className="ws-name" title={session.workspace?.name}>
          {session.workspace?.name}
        </span>
        <nav className="nav" aria-label={t("nav.sections")}>
          {links.map(({ path: to, text, here }) => (
            <Link key={to} href={to} aria-current={here ? "page" : undefined}>
              {t(text)}
            </Link>
          ))}
        </nav>
        <div className="mast-end">
          <button type="button" className="icon-btn search" aria-label={t("nav.search")} title={t("nav.search")} onClick={() => navigate("/transactions?focus=search")}>
            <Icon name="search" />
          </button>
          <ThemeButton />
          <PersonMenu email={session.email ?? ""} />
        </div>
      </header>
      {children}
      <nav className="tabbar" aria-label={t("nav.sections")}>
        {links.map(({ path: to, text, icon, here }) => (
          <Link key={to} href={to} aria-current={here ? "page" : undefined}>
            <Icon name={icon} />
            <span>{t(text)}</span>
          </Link>
        ))}
      </nav>
    </>
  );
}

/** `/` anywhere but in a field goes to the search of transactions. */
function useSlashGoesToSearch(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
      event.preventDefault();
      const search = document.querySelector<HTMLInputElement>("#transaction-search");
      if (search === null) navigate("/transactions?focus=search");
      else search.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

/** True when keys belong to a field. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}
