/** ISO 4217 codes in use; other three-letter words are not taken for a currency. */
const isoCodes = new Set(
  ("AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK " +
    "DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW " +
    "KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR " +
    "PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS " +
    "VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL").split(" "),
);

/** Signs and names people and banks write instead of a code. */
const codeByMark: Readonly<Record<string, string>> = {
  "$": "USD", "us$": "USD", "usd$": "USD", "€": "EUR", "£": "GBP", "₽": "RUB", "₴": "UAH", "₸": "KZT", "₹": "INR", "¥": "JPY", "₺": "TRY", "₪": "ILS",
  "₩": "KRW", "₫": "VND", "₾": "GEL", "֏": "AMD", "zł": "PLN", "kč": "CZK", "ft": "HUF", "lei": "RON", "лв": "BGN", "r$": "BRL", "a$": "AUD", "c$": "CAD",
  "s$": "SGD", "hk$": "HKD", "nz$": "NZD", "mx$": "MXN", "rs": "INR", "fr": "CHF", "sfr": "CHF",
  "р": "RUB", "руб": "RUB", "рубль": "RUB", "рубли": "RUB", "рублей": "RUB", "российский рубль": "RUB", "rur": "RUB", "810": "RUB", "643": "RUB",
  "840": "USD", "978": "EUR", "156": "CNY", "826": "GBP", "398": "KZT", "933": "BYN", "756": "CHF",
  "доллар": "USD", "доллар сша": "USD", "долл": "USD", "евро": "EUR", "тенге": "KZT", "юань": "CNY", "юани": "CNY", "гривна": "UAH", "грн": "UAH", "тг": "KZT",
  "euro": "EUR", "euros": "EUR", "us dollar": "USD", "dollar": "USD", "dollars": "USD", "pound": "GBP", "pounds": "GBP", "pound sterling": "GBP", "rmb": "CNY",
};

/** The code a currency cell or the mark beside an amount stands for, or `undefined`. */
export function currencyOfMark(text: string): string | undefined {
  const upper = text.toUpperCase();
  if (isoCodes.has(upper)) return upper;
  const lower = text.toLowerCase().trim().replace(/\.+$/, "");
  return Object.hasOwn(codeByMark, lower) ? codeByMark[lower] : undefined;
}

/** The currency a header, a preamble line or a column name speaks of: a code or sign standing as its own word. */
export function currencyInText(text: string): string | undefined {
  for (const word of text.split(/[\s,;:()[\]/_"|=-]+/)) {
    if (isoCodes.has(word) && word !== "ALL" && word !== "TOP" && word !== "TRY") return word;
    if (/^(?:₽|€|£|₴|₸|₹|₺|руб\.?|rur)$/i.test(word)) return currencyOfMark(word);
    if (/^(?:US|R|A|C|S|HK|NZ|MX)?\$$/i.test(word)) return currencyOfMark(word);
  }
  return undefined;
}

/** Currency digits of a 20-digit Russian account number (places 6–8, Bank of Russia 579-P), or of the country of an IBAN (ISO 13616). */
export function currencyOfAccount(account: string): string | undefined {
  const plain = account.replace(/\s/g, "");
  if (/^[1-9]\d{19}$/.test(plain)) return currencyOfMark(plain.slice(5, 8));
  const country = /^([A-Z]{2})\d{2}[A-Z0-9]{11,30}$/.exec(plain)?.[1];
  if (country === undefined) return undefined;
  return euroCountries.has(country) ? "EUR" : currencyByCountry[country];
}

const euroCountries = new Set("AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK MC SM VA AD".split(" "));
const currencyByCountry: Readonly<Record<string, string>> = {
  GB: "GBP", CH: "CHF", LI: "CHF", PL: "PLN", CZ: "CZK", HU: "HUF", RO: "RON", SE: "SEK", NO: "NOK", DK: "DKK", TR: "TRY", KZ: "KZT", UA: "UAH", BY: "BYN",
  GE: "GEL", AE: "AED", SA: "SAR", IL: "ILS", RS: "RSD",
};

/** What legal forms, institutions and the language of the headers suggest, weakest evidence of all. */
export function currencyByLanguage(sampleText: string): { currency: string; weight: number } | undefined {
  const tests: readonly (readonly [string, RegExp])[] = [
    ["RUB", /(?:^|[^\p{L}])(?:ООО|ОАО|ПАО|ИП|Сумма|Дата|операции|платежа|назначение|счета)(?=[^\p{L}]|$)/giu],
    ["GBP", /\b(?:PLC|LLP|Ltd|Limited|HMRC|VAT|Council|Borough|NHS)\b/gi],
    ["EUR", /\b(?:GmbH|Buchung\w*|Betrag|Verwendungszweck|Libell?[eé]|Montant|Importe|Concepto|Importo|Causale|SARL|S\.L\.|Recibo|Bizum|Transferencia\w*)/gi],
    ["USD", /\b(?:Inc|LLC|Corp|ACH|Zelle|Venmo|IRS|ZIP)\b/gi],
  ];
  let best: { currency: string; weight: number } | undefined;
  for (const [currency, pattern] of tests) {
    const weight = sampleText.match(pattern)?.length ?? 0;
    if (weight > 0 && (best === undefined || weight > best.weight)) best = { currency, weight };
  }
  return best;
}
