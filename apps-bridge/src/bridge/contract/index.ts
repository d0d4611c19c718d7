import { defineMethods } from "../methods.ts";
import { categoryMethods } from "./categories.ts";
import { cloudMethods } from "./cloud.ts";
import { dashboardMethods } from "./dashboard.ts";
import { detailMethods } from "./detail.ts";
import { editMethods } from "./edits.ts";
import { findingMethods } from "./findings.ts";
import { forecastMethods } from "./forecast.ts";
import { importMethods } from "./import.ts";
import { inspectorMethods } from "./inspector.ts";
import { noteMethods } from "./notes.ts";
import { plannedMethods } from "./planned.ts";
import { rateMethods } from "./rates.ts";
import { recommendationMethods } from "./recommendations.ts";
import { scenarioMethods } from "./scenarios.ts";
import { sessionMethods } from "./session.ts";
import { syncMethods } from "./sync.ts";
import { transactionMethods } from "./transactions.ts";
import { unopenedMethods } from "./unopened.ts";
import { unsentMethods } from "./unsent.ts";

/** Everything a screen may ask the core. */
export const saldoMethods = defineMethods({
  ...sessionMethods,
  ...importMethods,
  ...dashboardMethods,
  ...detailMethods,
  ...transactionMethods,
  ...categoryMethods,
  ...cloudMethods,
  ...editMethods,
  ...findingMethods,
  ...forecastMethods,
  ...recommendationMethods,
  ...noteMethods,
  ...plannedMethods,
  ...rateMethods,
  ...scenarioMethods,
  ...syncMethods,
  ...unopenedMethods,
  ...unsentMethods,
  ...inspectorMethods,
});
/** See {@link saldoMethods}. */
export type SaldoMethods = typeof saldoMethods;
