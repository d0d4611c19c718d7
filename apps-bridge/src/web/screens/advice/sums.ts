import type { RecommendationView } from "../../../bridge/contract/recommendations.ts";

/** What open advice is worth together: what it gains by month and once, low and high. Risks and reserves are not gains. */
export function gainsOf(advice: readonly RecommendationView[], currency: string) {
  const gains = advice.filter((one) => one.currency === currency && (one.item.effect.kind === "saves" || one.item.effect.kind === "brings"));
  const sum = (per: "month" | "once", of: "amountMinor" | "lowMinor" | "highMinor") => gains.reduce((total, { item }) => (item.effect.per === per ? total + item.effect[of] : total), 0);
  return {
    month: { amountMinor: sum("month", "amountMinor"), lowMinor: sum("month", "lowMinor"), highMinor: sum("month", "highMinor") },
    once: { amountMinor: sum("once", "amountMinor") },
  };
}
