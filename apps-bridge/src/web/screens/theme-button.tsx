import { usePreferences, useText } from "../i18n/preferences.tsx";
import { Icon } from "../parts/icon.tsx";

/** Light to dark and back. */
export function ThemeButton() {
  const { t } = useText();
  const { theme, setTheme } = usePreferences();
  const label = t("theme.switch");
  return (
    <button type="button" className="icon-btn" aria-label={label} title={label} onClick={() => setTheme(theme === "dark" ? "light" : "dark")}>
      <Icon name="theme" />
    </button>
  );
}

/** Russian or English. */
export function LanguageSwitch() {
  const { t } = useText();
  const { locale, setLocale } = usePreferences();
  return (
    <span className="seg" role="group" aria-label={t("language.switch")}>
      <button type="button" lang="ru" aria-pressed={locale === "ru"} onClick={() => setLocale("ru")}>
        Русский
      </button>
      <button type="button" lang="en" aria-pressed={locale === "en"} onClick={() => setLocale("en")}>
        English
      </button>
    </span>
  );
}
