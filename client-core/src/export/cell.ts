/** A cell of a delimited file, quoted where it must be. */
export function quoteCell(text: string, delimiter: string): string {
  return text.includes('"') || text.includes(delimiter) || text.includes("\n") || text.includes("\r") || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
