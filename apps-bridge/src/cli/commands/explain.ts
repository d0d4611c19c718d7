import { errorCatalogue, errorEntry, isErrorCode, SaldoError } from "@saldo/schema";
import { printJson, type Terminal } from "../terminal.ts";

/** Says what an error code means, why it happens and what to do; without a code, lists all codes with their meanings. */
export function explain(terminal: Terminal, code: string | undefined, options: { readonly json: boolean; readonly locale: "en" | "ru" }): void {
  const { locale } = options;
  if (code === undefined) {
    const all = Object.entries(errorCatalogue).map(([name, entry]) => ({ code: name, meaning: entry.meaning[locale] }));
    if (options.json) return printJson(terminal, all);
    for (const { code: name, meaning } of all) terminal.stdout.write(`${name}: ${meaning}\n`);
    return;
  }
  if (!isErrorCode(code)) throw new SaldoError("cli.wrong_usage", { code: "unknown" });
  const { meaning, cause, remedy } = errorEntry(code);
  if (options.json) return printJson(terminal, { code, meaning: meaning[locale], cause: cause[locale], remedy: remedy[locale] });
  terminal.stdout.write(`${code}\n  ${meaning[locale]}\n  ${cause[locale]}\n  ${remedy[locale]}\n`);
}
