/** Beginnings of month names, January first: enough letters to tell them apart in each language. */
const monthBeginnings: readonly (readonly string[])[] = [
  // en, de, nl
  ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  ["jan", "feb", "mrz", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"],
  ["jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
  ["jän", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"],
  ["mrt"].flatMap((name) => ["", "", name, "", "", "", "", "", "", "", "", ""]),
  // ru, nominative and genitive
  ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
  ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
  // fr, es, it, pt
  ["janv", "fév", "mars", "avr", "mai", "juin", "juil", "aoû", "sept", "oct", "nov", "déc"],
  ["janv", "fev", "mars", "avr", "mai", "juin", "juil", "aou", "sept", "oct", "nov", "dec"],
  ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
  ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"],
  ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"],
  // pl
  ["sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"],
];

/** The month (1–12) a name or its abbreviation stands for, or `undefined`. */
export function monthByName(name: string): number | undefined {
  const lower = name.toLowerCase();
  for (const names of monthBeginnings) {
    const month = names.findIndex((beginning) => beginning !== "" && lower.startsWith(beginning));
    if (month >= 0) return month + 1;
  }
  return undefined;
}
