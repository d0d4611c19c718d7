import { createContext, use, useEffect, useLayoutEffect, useMemo, useState, type ReactNode } from "react";
import { locales, type Locale } from "../../format/locale.ts";
import { formatters, type Formatters } from "./formatters.ts";
import { textOf, type TextKey, type TextValues } from "./text.ts";

/** Look of the screens. */
export type Theme = "light" | "dark";

interface Preferences {
  readonly locale: Locale;
  readonly theme: Theme;
  setLocale(locale: Locale): void;
  setTheme(theme: Theme): void;
}

interface TextTools {
  readonly locale: Locale;
  readonly t: (key: TextKey, values?: TextValues) => string;
  readonly f: Formatters;
}

const PreferencesContext = createContext<Preferences | undefined>(undefined);
const TextContext = createContext<TextTools | undefined>(undefined);

const localeKey = "saldo.locale";
const themeKey = "saldo.theme";

/** Gives language and theme to what is inside; both are kept on this device and follow it at the first visit. */
export function PreferencesProvider({ children }: { readonly children: ReactNode }) {
  const [locale, setLocale] = useState<Locale>(firstLocale);
  const [theme, setTheme] = useState<Theme>(firstTheme);
  useEffect(() => {
    document.documentElement.lang = locale;
    localStorage.setItem(localeKey, locale);
  }, [locale]);
  // Before anything is drawn: charts read the colours of the theme from the page.
  useLayoutEffect(() => {
    document.documentElement.dataset["theme"] = theme;
    const surface = getComputedStyle(document.documentElement).getPropertyValue("--surface").trim();
    document.querySelector('meta[name="theme-color"]')?.setAttribute("content", surface);
  }, [theme]);
  const preferences = useMemo<Preferences>(
    () => ({
      locale,
      theme,
      setLocale,
      setTheme(next) {
        localStorage.setItem(themeKey, next);
        setTheme(next);
      },
    }),
    [locale, theme],
  );
  const tools = useMemo<TextTools>(() => {
    const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    return { locale, t: (key, values) => textOf(locale, key, values), f: formatters(locale, timeZone) };
  }, [locale]);
  return (
    <PreferencesContext value={preferences}>
      <TextContext value={tools}>{children}</TextContext>
    </PreferencesContext>
  );
}

function firstLocale(): Locale {
  const kept = localStorage.getItem(localeKey);
  const known = locales.find((locale) => locale === kept);
  return known ?? (navigator.language.startsWith("ru") ? "ru" : "en");
}

function firstTheme(): Theme {
  const kept = localStorage.getItem(themeKey);
  if (kept === "light" || kept === "dark") return kept;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Language and theme with their setters. Throws outside of its provider. */
export function usePreferences(): Preferences {
  const preferences = use(PreferencesContext);
  if (preferences === undefined) throw new Error("no preferences around this component");
  return preferences;
}

/** Texts and figures in the chosen language. Throws outside of its provider. */
export function useText(): TextTools {
  const tools = use(TextContext);
  if (tools === undefined) throw new Error("no preferences around this component");
  return tools;
}
