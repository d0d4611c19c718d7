export { backtestDefinition, historyPointsMin, type Backtest, type StepError, type TotalError } from "./backtest.ts";
export { monthsAhead, profitSign, type OutlookBasis } from "./business/basis.ts";
export { forecastBusiness } from "./business/business-forecast.ts";
export type { BusinessMonth, BusinessRequest, ForecastProgress } from "./business/model.ts";
export { outlookOf, type Outlook } from "./business/outlook.ts";
export { occurrencesOf } from "./business/planned-payments.ts";
export {
  comparePast,
  pastOrigins,
  requestAsOf,
} from "./business/past-forecast.ts";
export { readBusiness } from "./business/read-business.ts";
export { forecastAtOnce, runForecast } from "./business/run-forecast.ts";
export { readScenarios } from "./business/read-scenarios.ts";
export { compareScenarios, outcomeOf, tryChanges, type ComparedScenario, type ForecastOutcome, type SavedScenario, type TriedForecast } from "./business/saved-scenarios.ts";
export { scenarioNames, scenarioOf, type Scenario, type ScenarioDriver, type ScenarioMonth, type ScenarioName } from "./business/scenarios.ts";
export { whatIfIds, withWhatIf } from "./business/what-if.ts";
export type { FittedModel, ForecastModel, Prediction, PredictiveSteps } from "./forecast-model.ts";
export type { ForecastSteps } from "./intervals.ts";
export { moneyRange } from "./money-range.ts";
export { seriesStart } from "./series-start.ts";
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
