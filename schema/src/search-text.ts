/** Text of a row as search compares it: lower case in every script, ё as е, single spaces. Search terms go through the same function. */
export function searchTextOf(description: string, counterpartyName: string | null): string {
  const whole = counterpartyName === null || counterpartyName === "" ? description : `${description} ${counterpartyName}`;
  return whole.toLowerCase().replaceAll("ё", "е").replace(/\s+/gu, " ").trim();
}
