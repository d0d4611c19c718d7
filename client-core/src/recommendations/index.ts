export { advise, adviceOf } from "./advise.ts";
export type { AdviceBooks, AdviceCategory, AdviceLedger, AdviceRow, CashAhead } from "./ledger.ts";
export type { MeasuredResult } from "./measure.ts";
export type { StandingAdvice } from "./standing.ts";
export { readAdviceBooks, type AdviceRequest } from "./stored-books.ts";
export { adviseWorkspace, withDecisions, type WorkspaceAdvice } from "./workspace-advice.ts";
export { adviceLedger, monthlySums } from "./ledger.ts";
export { byValue, priorityOf } from "./priority.ts";
export { isCutByRules, isVendor } from "./subjects.ts";
