/** White space that is not one space between words; most bank texts have none, and a test is cheaper than a replacement. */
const unevenSpace = /^\s|\s$|\s\s|[^\S ]/u;

/** Text of a row as search compares it: lower case in every script, ё as е, single spaces. Search terms go through the same function. */
export function searchTextOf(description: string, counterpartyName: string | null): string {
  const whole = (counterpartyName === null || counterpartyName === "" ? description : `${description} ${counterpartyName}`).toLowerCase();
  const folded = whole.includes("ё") ? whole.replaceAll("ё", "е") : whole;
  return unevenSpace.test(folded) ? folded.replace(/\s+/gu, " ").trim() : folded;
}
