import type { ReportDays, RowsBehind } from "@saldo/schema";
import type { TransactionFilter } from "./transactions.ts";

/** The filter that lists the rows behind a figure of a report, in some days. Their money by `measure` is the figure. */
export function filterOfRows(rows: RowsBehind, currency: string, days: ReportDays): Omit<TransactionFilter, "workspaceId"> {
  return { currency, from: days.from, to: days.to, ...narrowingOfRows(rows) };
}

/** The same without currency and days. */
export function narrowingOfRows({ measure, transfers, categoryIds, accountId, counterpartyName, exceptCounterpartyNames }: RowsBehind): Omit<TransactionFilter, "workspaceId"> {
  return {
    ...(measure === "net" ? {} : { direction: measure }),
    ...(transfers === "with" ? {} : transfers === "without" ? { excludeTransfers: true } : { onlyTransfers: true }),
    ...(categoryIds === undefined ? {} : { categoryIds }),
    ...(accountId === undefined ? {} : { accountId }),
    ...(counterpartyName === undefined ? {} : { counterpartyName }),
    ...(exceptCounterpartyNames === undefined ? {} : { exceptCounterpartyNames }),
  };
}
