import { sayFinding, type FindingText } from "@saldo/client-core/findings/words";
import { noCurrency, type Finding } from "@saldo/schema";
import type { Locale } from "../../../format/locale.ts";
import type { Formatters } from "../../i18n/formatters.ts";

/** A finding in the reader's words and figures. */
export function findingText({ evidence, currency }: Finding, locale: Locale, f: Formatters): FindingText {
  const text = sayFinding(evidence.facts, locale, {
    money: (amountMinor) => f.money(amountMinor, currency ?? noCurrency),
    date: (date) => f.date(date),
    share: (permille) => f.percent(permille / 1000, permille < 100 ? 1 : 0),
  });
  // A card is headed by what happened, and a heading has no full stop.
  return { ...text, happened: text.happened.replace(/\.$/u, "") };
}
