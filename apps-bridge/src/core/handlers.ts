import type { SaldoMethods } from "../bridge/contract/index.ts";
import type { Handlers } from "../bridge/server.ts";
import type { Core } from "./core.ts";
import { categoryHandlers } from "./categories.ts";
import { cloudHandlers } from "./cloud-jobs.ts";
import { dashboardHandlers } from "./dashboard.ts";
import { detailHandlers } from "./detail.ts";
import { editHandlers } from "./edits.ts";
import { findingHandlers } from "./findings.ts";
import { forecastHandlers } from "./forecast.ts";
import { importHandlers } from "./import.ts";
import { inspectorHandlers } from "./inspector.ts";
import { noteHandlers } from "./notes.ts";
import { plannedHandlers } from "./planned.ts";
import { rateHandlers } from "./rates.ts";
import { recommendationHandlers } from "./recommendations.ts";
import { scenarioHandlers } from "./scenarios.ts";
import { sessionHandlers } from "./session.ts";
import { syncHandlers } from "./sync.ts";
import { transactionHandlers } from "./transactions.ts";
import { unopenedHandlers } from "./unopened.ts";
import { unsentHandlers } from "./unsent.ts";

/** Everything a screen may ask, answered by a core. */
export function coreHandlers(core: Core): Handlers<SaldoMethods> {
  return {
    ...sessionHandlers(core),
    ...importHandlers(core),
    ...dashboardHandlers(core),
    ...detailHandlers(core),
    ...transactionHandlers(core),
    ...categoryHandlers(core),
    ...cloudHandlers(core),
    ...editHandlers(core),
    ...findingHandlers(core),
    ...forecastHandlers(core),
    ...recommendationHandlers(core),
    ...noteHandlers(core),
    ...plannedHandlers(core),
    ...rateHandlers(core),
    ...scenarioHandlers(core),
    ...syncHandlers(core),
    ...unopenedHandlers(core),
    ...unsentHandlers(core),
    ...inspectorHandlers(core),
  };
}
