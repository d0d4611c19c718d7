export { backtestDefinition, historyPointsMin, type Backtest, type StepError, type TotalError } from "./backtest.ts";
export { buildForecastReport } from "./forecast-report.ts";
export type { FittedModel, ForecastModel, Prediction, PredictiveSteps } from "./forecast-model.ts";
export type { ForecastSteps } from "./intervals.ts";
export {
  forecastLedger,
  type ForecastAmount,
  type ForecastMonth,
  type LedgerForecast,
  type LedgerForecastOutcome,
  type LedgerForecastRequest,
  type LedgerMonth,
} from "./ledger-forecast.ts";
export {
  forecastSeries,
  historyPointsMax,
  horizonStepsMax,
  type ChosenModel,
  type NotEnoughPoints,
  type SeriesForecast,
  type SeriesOptions,
  valueAbsMax,
} from "./series-forecast.ts";
