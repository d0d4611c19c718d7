export { readBookRange } from "./books.ts";
export { computeDashboard, type DashboardRequest } from "./dashboard.ts";
export { listAccounts, listCategories, listImports, readImportDates } from "./lists.ts";
export { monthlyTotals, type MonthlyTotal } from "./monthly-totals.ts";
export type { PeriodChoice } from "./period.ts";
export {
  listTransactions,
  totalsByKind,
  totalTransactions,
  transactionPageRowsMax,
  type CurrencyTotal,
  type KindTotal,
  type TransactionFilter,
} from "./transactions.ts";
