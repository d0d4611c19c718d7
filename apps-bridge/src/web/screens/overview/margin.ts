/** Beyond this share of revenue, either way, a margin says less than how many times expenses are revenue. */
const tellingRatioMax = 10;

/** True when a margin is worth reading as percent: 1 is the whole of revenue. */
export function isTellingMargin(ratio: number): boolean {
  return Math.abs(ratio) < tellingRatioMax;
}

/** Profit to revenue, undefined without revenue or where it tells nothing. Minor units in, 1 is the whole. */
export function marginRatio(profitMinor: number, revenueMinor: number): number | undefined {
  if (revenueMinor <= 0) return undefined;
  const ratio = profitMinor / revenueMinor;
  return isTellingMargin(ratio) ? ratio : undefined;
}
