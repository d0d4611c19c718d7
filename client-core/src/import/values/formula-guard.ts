/** What a spreadsheet takes for the beginning of a formula, full-width forms included, behind any white space or NUL. */
// oxlint-disable-next-line no-control-regex -- NUL before a formula is one of the tricks it is for
const formulaStart = /^'*[\s\u0000]*[=+\-@\t\r\n\u0000\uff1d\uff0b\uff0d\uff20]/;
const apostrophe = 39;

/** A text cell that no spreadsheet runs as a formula: an apostrophe goes before it (OWASP ASVS 5.0, 1.2.10). */
export function guardCell(text: string): string {
  return formulaStart.test(text) ? `'${text}` : text;
}

/** The text of a cell without the apostrophe that {@link guardCell}, or any exporter of the same custom, put before it. */
export function unguardCell(text: string): string {
  return text.charCodeAt(0) === apostrophe && formulaStart.test(text) ? text.slice(1) : text;
}
