export { monthsAhead, profitSign, type OutlookBasis } from "./basis.ts";
export { outlookOf, type Outlook } from "./outlook.ts";
export { scenarioNames, scenarioOf, type Scenario, type ScenarioDriver, type ScenarioMonth, type ScenarioName } from "./scenarios.ts";
export { whatIfIds, withWhatIf, type WhatIf } from "./what-if.ts";
