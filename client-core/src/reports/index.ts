export { readBookRange, readingOnce, readWorkspaceCurrency } from "./books.ts";
export { computeDashboard, type DashboardRequest } from "./dashboard.ts";
export { changePartsMax, openChanges, type ChangePart, type ChangeRequest, type Changes, type FigureChange } from "./detail/change.ts";
export { computeDetail, type DetailRequest } from "./detail/detail.ts";
export { filterOfRows, narrowingOfRows } from "./drill-down.ts";
export { countByCategory, listAccounts, listCategories, listImports, listRates, listRules } from "./lists.ts";
export { monthlyTotals, type MonthlyTotal } from "./monthly-totals.ts";
export { quickPage } from "./quick-page.ts";
export { listedTotals } from "./quick-totals.ts";
export { refreshRollups } from "../rollups/index.ts";
export {
  listTransactions,
  totalsByKind,
  totalTransactions,
  transactionPageRowsMax,
  type CurrencyTotal,
  type KindTotal,
  type TransactionFilter,
} from "./transactions.ts";
