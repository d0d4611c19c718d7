export { monthsAhead, profitSign, type OutlookBasis } from "./basis.ts";
export { outlookOf, type Outlook } from "./outlook.ts";
export { compareScenarios, outcomeOf, tryChanges, type ComparedScenario, type ForecastOutcome, type SavedScenario, type TriedForecast } from "./saved-scenarios.ts";
export { scenarioNames, scenarioOf, type Scenario, type ScenarioDriver, type ScenarioMonth, type ScenarioName } from "./scenarios.ts";
export { whatIfIds, withWhatIf } from "./what-if.ts";
