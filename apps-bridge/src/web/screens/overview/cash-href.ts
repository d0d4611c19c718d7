import type { DashboardReport } from "@saldo/schema";
import { detailHref } from "../../state/transaction-query.ts";
import { dayAfter } from "../days-text.ts";

type Cash = NonNullable<DashboardReport["cash"]>;
type Books = Pick<DashboardReport, "currency" | "period">;

/** The address of the rows a balance moved by since it was said, own transfers too; undefined when none came since or it is not known for which day it was said. */
export function balanceHref({ accountId, balanceMinor, saidMinor, saidFor }: Cash["accounts"][number], books: Books, name: string): string | undefined {
  return movedHref({ accountId, after: saidFor, amountMinor: balanceMinor - saidMinor }, books, name);
}

/** The address of the rows cash moved by from the end of a month until now, where it is all on one account. */
export function cashSinceHref({ balanceMinor, on }: DashboardReport["cashPath"][number], cash: Cash, books: Books, name: string): string | undefined {
  const [account, ...others] = cash.accounts;
  return account === undefined || others.length > 0 ? undefined : movedHref({ accountId: account.accountId, after: on, amountMinor: cash.totalMinor - balanceMinor }, books, name);
}

function movedHref({ accountId, after, amountMinor }: { readonly accountId: string; readonly after: string | null; readonly amountMinor: number }, { currency, period }: Books, name: string): string | undefined {
  const to = period.dataThrough;
  if (after === null || to === null || after >= to) return undefined;
  return detailHref({ rows: { measure: "net", transfers: "with", accountId }, days: { from: dayAfter(after), to }, currency, amountMinor, name });
}

/** The address of the rows of the months a burn rate is the mean of; undefined without one. */
export function burnHref({ burnOf, currency }: Pick<DashboardReport, "burnOf" | "currency">, name: string): string | undefined {
  if (burnOf === null) return undefined;
  const { from, to, outflowMinor } = burnOf;
  return detailHref({ rows: { measure: "net", transfers: "without" }, days: { from, to }, currency, amountMinor: -outflowMinor, name });
}
