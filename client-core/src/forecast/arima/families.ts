import type { SarimaForm } from "./form.ts";
import { sarima } from "./sarima.ts";

type Season = Pick<SarimaForm, "seasonalP" | "seasonalD" | "seasonalQ">;
type Order = readonly [SarimaForm["p"], SarimaForm["d"], SarimaForm["q"]];

const forms = (orders: readonly Order[], season: Season): SarimaForm[] => orders.map(([p, d, q]) => ({ p, d, q, ...season, constant: false }));
const plain: Season = { seasonalP: 0, seasonalD: 0, seasonalQ: 0 };

/** The season drifts and is differenced away: the airline model and its neighbours. */
export const driftingSeason = sarima({
  id: "arima-drifting-season",
  periodsMin: 2.5,
  forms: forms([[0, 1, 1], [1, 1, 1], [0, 1, 2]], { seasonalP: 0, seasonalD: 1, seasonalQ: 1 }),
});

/** The season is stationary with a long memory: last year's months return, drawn towards their mean. */
export const returningSeason = sarima({
  id: "arima-returning-season",
  periodsMin: 2.5,
  forms: forms([[0, 1, 1], [1, 1, 1], [2, 1, 1]], { seasonalP: 1, seasonalD: 0, seasonalQ: 1 }),
});

/** The season fades: only the last year's months matter, in part. */
export const fadingSeason = sarima({
  id: "arima-fading-season",
  periodsMin: 2.5,
  forms: forms([[0, 1, 1], [1, 1, 1], [2, 1, 1]], { seasonalP: 1, seasonalD: 0, seasonalQ: 0 }),
});

/** No season. */
export const noSeason = sarima({ id: "arima-no-season", periodsMin: 0, forms: forms([[0, 1, 1], [1, 1, 1], [0, 1, 2]], plain) });
