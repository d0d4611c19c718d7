import { useEffect, type ReactNode } from "react";
import type { Session } from "../../bridge/contract/session.ts";
import { useText } from "../i18n/preferences.tsx";
import type { TextKey } from "../i18n/text.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import { Link, navigate, useRoute } from "../state/route.tsx";
import { useReviewCounts, type ReviewCounts } from "../state/review-counts.tsx";
import { MoreSections } from "./more-sections.tsx";
import { PersonMenu } from "./person-menu.tsx";
import { ThemeButton } from "./theme-button.tsx";

const sections: readonly { readonly path: string; readonly text: TextKey; readonly icon: IconName; readonly count?: keyof ReviewCounts }[] = [
  { path: "/", text: "nav.overview", icon: "home" },
  { path: "/detail", text: "nav.detail", icon: "detail" },
  { path: "/findings", text: "nav.findings", icon: "flag", count: "findings" },
  { path: "/advice", text: "nav.advice", icon: "bulb", count: "advice" },
  { path: "/forecast", text: "nav.forecast", icon: "forecast" },
  { path: "/transactions", text: "nav.transactions", icon: "list" },
  { path: "/import", text: "nav.import", icon: "plus" },
];

/** Sections in the bar of a phone; the others are behind its last place. */
const barMax = 4;

/** The frame around every page of someone who is signed in. */
export function Shell({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  const { t } = useText();
  const { path } = useRoute();
  useSlashGoesToSearch();
  const counts = useReviewCounts();
  const links = sections.map((section) => ({ ...section, here: section.path === path, waiting: section.count === undefined ? 0 : counts[section.count] }));
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
          {links.map(({ path: to, text, here, count, waiting }) => (
            <Link key={to} href={to} aria-current={here ? "page" : undefined}>
              {t(text)}
              <Waiting of={count} count={waiting} />
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
        {links.slice(0, barMax).map(({ path: to, text, icon, here, count, waiting }) => (
          <Link key={to} href={to} aria-current={here ? "page" : undefined}>
            <Icon name={icon} />
            <span>{t(text)}</span>
            <Waiting of={count} count={waiting} />
          </Link>
        ))}
        <MoreSections links={links.slice(barMax)} />
      </nav>
    </>
  );
}

/** How many wait there. */
function Waiting({ of, count }: { readonly of: keyof ReviewCounts | undefined; readonly count: number }) {
  const { t } = useText();
  if (of === undefined || count === 0) return null;
  return (
    <span className="count">
      <span aria-hidden="true">{count > countShownMax ? `${countShownMax}+` : count}</span>
      <span className="sr">{t(of === "findings" ? "nav.countFindings" : "nav.countAdvice", { count })}</span>
    </span>
  );
}

const countShownMax = 99;

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
