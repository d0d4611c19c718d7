import type { Locale } from "./terminal.ts";

/**
 * The language of a command's messages: `--locale` when given, else what the environment names (POSIX: `LC_ALL`, `LC_MESSAGES`, `LANG`), else
 * English. It is read before the command line is parsed, because a wrong command line is told in it too.
 */
export function localeOf(parameters: readonly string[], environment: Readonly<Record<string, string | undefined>>): Locale {
  const place = parameters.findLastIndex((parameter) => parameter === "--locale" || parameter.startsWith("--locale="));
  const given = place < 0 ? undefined : (parameters[place]?.split("=")[1] ?? parameters[place + 1]);
  if (given === "ru" || given === "en") return given;
  const named = [environment["LC_ALL"], environment["LC_MESSAGES"], environment["LANG"]].find((value) => value !== undefined && value !== "");
  return named !== undefined && /^ru(?:[_.@]|$)/i.test(named) ? "ru" : "en";
}
