/** SQL name of a column: snake_case of its camelCase key. */
export function sqlName(columnKey: string): string {
  return columnKey.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
