import type { DashboardReport, Row } from "@saldo/schema";

/** Rows of generated books, as plain arrays. */
export interface PlainBooks {
  readonly workspaces: Row<"workspace">[];
  readonly accounts: Row<"account">[];
  readonly categories: Row<"category">[];
  readonly imports: Row<"import">[];
  readonly transactions: Row<"transaction">[];
}

/** What the recomputation is asked. */
export interface PlainRequest {
  readonly workspaceId: string;
  readonly currency: string;
  readonly month: string;
  readonly today: string;
}

type PlainReport = Omit<DashboardReport, "topRisks">;

/**
 * The dashboard worked out a second time by plain loops and JavaScript dates, without SQL and without any code of the reports, to hold
 * against them. Risks are not among it.
 */
export function recomputedDashboard(books: PlainBooks, request: PlainRequest): PlainReport {
  const all = countedTransactions(books, request.workspaceId);
  const own = all.filter((row) => row.currency === request.currency);
  const kinds = new Map(books.categories.map((category) => [category.id, category.kind]));
  const business = own.filter((row) => row.kind !== "transfer" && (row.categoryId === null || kinds.get(row.categoryId) !== "transfer"));
  const dates = own.map((row) => row.postedOn).toSorted();
  const first = dates[0];
  const last = dates[dates.length - 1];
  const done = (month: string) => last !== undefined && monthIsDone(month, last, request.today);
  const days = plainDays(request.month, { first, last, done });
  const within = (rows: Row<"transaction">[], range: { from: string; to: string } | null) =>
    range === null ? [] : rows.filter((row) => row.postedOn >= range.from && row.postedOn <= range.to);
  const now = within(business, days);
  const before = within(business, days.compared);
  const cash = plainCash(books, own, request, last);
  const trend = plainTrend(business, last === undefined || days.to < last ? days.to : last, first, done);
  const burnOf = plainBurn(business, first, last, done);
  const burnRateMinor = burnOf === null ? null : Math.sign(burnOf.outflowMinor) * Math.round(Math.abs(burnOf.outflowMinor) / burnOf.months) || 0;
  return {
    version: 3,
    currency: request.currency,
    period: { kind: request.month === "all" ? "all" : "month", from: days.from, to: days.to, partial: days.partial, dataThrough: last ?? null },
    comparedWith: reaches(first, days.compared),
    yearAgo: plainYearAgo(business, first, days),
    cashPath: plainCashPath(own, cash, trend, last),
    transactionCount: within(own, days).length,
    revenue: { currentMinor: came(now), previousMinor: came(before) },
    expenses: { currentMinor: went(now), previousMinor: went(before) },
    profit: { currentMinor: net(now), previousMinor: net(before) },
    profitMarginBasisPoints: margin(now),
    previousProfitMarginBasisPoints: margin(before),
    burnRateMinor,
    burnOf,
    runway: plainRunway(burnRateMinor, cash),
    cash,
    revenueTrend: trend,
    categoryBreakdown: plainBreakdown(now, before, books.categories),
    otherCurrencies: plainOthers(all, request.currency, kinds),
  };
}

type Transactions = readonly Row<"transaction">[];

/** The rows of a workspace that count. */
export function countedTransactions(books: PlainBooks, workspaceId: string): Row<"transaction">[] {
  const complete = new Set<string>();
  for (const each of books.imports) if (each.status === "complete" && each.workspaceId === workspaceId) complete.add(each.id);
  const counted: Row<"transaction">[] = [];
  for (const row of books.transactions) {
    if (row.workspaceId !== workspaceId || row.isSplit) continue;
    if (row.importId !== null && !complete.has(row.importId)) continue;
    counted.push(row);
  }
  return counted;
}

function came(rows: Transactions): number {
  let sum = 0;
  for (const row of rows) if (row.amountMinor > 0) sum += row.amountMinor;
  return sum;
}

function went(rows: Transactions): number {
  let sum = 0;
  for (const row of rows) if (row.amountMinor < 0) sum -= row.amountMinor;
  return sum;
}

function net(rows: Transactions): number {
  let sum = 0;
  for (const row of rows) sum += row.amountMinor;
  return sum;
}

function margin(rows: Transactions): number | null {
  const revenue = came(rows);
  if (revenue === 0) return null;
  const exact = (net(rows) / revenue) * 10_000;
  return Math.sign(exact) * Math.round(Math.abs(exact)) || 0;
}

const dayMs = 86_400_000;

function asDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function endOf(month: string): string {
  return asDate(Date.parse(`${nextMonth(month)}-01`) - dayMs);
}

function nextMonth(month: string): string {
  return asDate(Date.parse(`${month}-28`) + 4 * dayMs).slice(0, 7);
}

function previousMonth(month: string): string {
  return asDate(Date.parse(`${month}-01`) - dayMs).slice(0, 7);
}

function monthIsDone(month: string, last: string, today: string): boolean {
  const lastMonth = last.slice(0, 7);
  if (month < lastMonth) return true;
  if (month > lastMonth) return false;
  const missing = (Date.parse(endOf(month)) - Date.parse(last)) / dayMs;
  return missing === 0 || (missing <= 3 && today > endOf(month));
}

interface Known {
  readonly first: string | undefined;
  readonly last: string | undefined;
  readonly done: (month: string) => boolean;
}

function plainDays(month: string, { first, last, done }: Known) {
  if (month === "all") {
    if (first === undefined || last === undefined) throw new Error("the whole of empty books is not asked for here");
    return { from: first, to: last, partial: !done(last.slice(0, 7)), compared: null };
  }
  const partial = !done(month);
  const running = partial && last?.slice(0, 7) === month;
  const to = running ? last : endOf(month);
  const before = previousMonth(month);
  const sameDay = `${before}-${to.slice(8)}`;
  const comparedTo = running && sameDay < endOf(before) ? sameDay : endOf(before);
  return { from: `${month}-01`, to, partial, compared: { from: `${before}-01`, to: comparedTo } };
}

/** The days, when the books begin by the end of their first month. */
function reaches<Days extends { from: string; to: string } | null>(first: string | undefined, days: Days): Days | null {
  return days !== null && first !== undefined && first.slice(0, 7) <= days.from.slice(0, 7) ? days : null;
}

function plainYearAgo(business: Transactions, first: string | undefined, { from, to, compared }: { from: string; to: string; compared: object | null }): DashboardReport["yearAgo"] {
  if (compared === null) return null;
  const earlier = (month: string) => `${Number(month.slice(0, 4)) - 1}${month.slice(4, 7)}`;
  const isEnd = to === endOf(to.slice(0, 7));
  const days = reaches(first, { from: `${earlier(from)}-01`, to: isEnd ? endOf(earlier(to)) : `${earlier(to)}-${to.slice(8)}` });
  if (days === null) return null;
  const rows = business.filter((row) => row.postedOn >= days.from && row.postedOn <= days.to);
  return { days, revenueMinor: came(rows), expensesMinor: went(rows) };
}

function plainCashPath(own: Transactions, cash: DashboardReport["cash"], trend: DashboardReport["revenueTrend"], last: string | undefined): DashboardReport["cashPath"] {
  if (cash === null || last === undefined) return [];
  const accounts = cash.accounts.map(({ accountId }) => accountId);
  return trend.map(({ month }) => {
    const later = own.filter((row) => accounts.includes(row.accountId) && row.postedOn > endOf(month));
    return { month, balanceMinor: cash.totalMinor - net(later), on: month === last.slice(0, 7) ? last : endOf(month) };
  });
}

function plainBurn(business: Transactions, first: string | undefined, last: string | undefined, done: (month: string) => boolean): DashboardReport["burnOf"] {
  if (first === undefined || last === undefined) return null;
  const months: string[] = [];
  for (let month = last.slice(0, 7); month >= first.slice(0, 7) && months.length < 3; month = previousMonth(month)) {
    if (done(month)) months.push(month);
  }
  const [latest, earliest] = [months[0], months[months.length - 1]];
  if (latest === undefined || earliest === undefined) return null;
  const outflowMinor = -net(business.filter((row) => months.includes(row.postedOn.slice(0, 7)))) || 0;
  return { from: `${earliest}-01`, to: endOf(latest), months: months.length, outflowMinor };
}

function plainCash(books: PlainBooks, own: Transactions, { workspaceId, currency, today }: PlainRequest, last: string | undefined): DashboardReport["cash"] {
  const accounts = books.accounts.filter((account) => account.workspaceId === workspaceId && account.currency === currency && !account.archived);
  const known = accounts.filter((account) => account.balanceMinor !== null);
  if (known.length === 0) return null;
  let asOf = last ?? "";
  const balances = known.map((account) => {
    const since = account.balanceAsOf;
    if (since !== null && since > asOf) asOf = since;
    const later = own.filter((row) => row.accountId === account.id && since !== null && row.postedOn > since);
    return { accountId: account.id, name: account.name, balanceMinor: (account.balanceMinor ?? 0) + net(later), saidMinor: account.balanceMinor ?? 0, saidFor: since };
  });
  balances.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)) || Buffer.compare(Buffer.from(a.accountId), Buffer.from(b.accountId)));
  let totalMinor = 0;
  for (const { balanceMinor } of balances) totalMinor += balanceMinor;
  return { totalMinor, asOf: asOf || today, accounts: balances, unknownAccounts: accounts.length - known.length };
}

function plainRunway(burn: number | null, cash: DashboardReport["cash"]): DashboardReport["runway"] {
  if (burn !== null && burn <= 0) return { kind: "no_burn" };
  if (cash === null) return { kind: "unknown_balance" };
  if (burn === null) return { kind: "no_burn" };
  return { kind: "months", tenths: cash.totalMinor <= 0 ? 0 : Math.min(12_000, Math.floor((cash.totalMinor / burn) * 10)) };
}

function plainTrend(business: Transactions, to: string, first: string | undefined, done: (month: string) => boolean): DashboardReport["revenueTrend"] {
  const trend: DashboardReport["revenueTrend"] = [];
  if (first === undefined) return trend;
  for (let month = to.slice(0, 7); month >= first.slice(0, 7) && trend.length < 13; month = previousMonth(month)) {
    const rows = business.filter((row) => row.postedOn.startsWith(month));
    trend.unshift({ month, revenueMinor: came(rows), expensesMinor: went(rows), profitMinor: net(rows), partial: !done(month) });
  }
  return trend;
}

function plainBreakdown(now: Transactions, before: Transactions, categories: readonly Row<"category">[]): DashboardReport["categoryBreakdown"] {
  const ids = new Set(now.filter((row) => row.amountMinor < 0).map((row) => row.categoryId));
  const total = went(now);
  const rows = [...ids].map((categoryId) => {
    const category = categories.find((each) => each.id === categoryId);
    const amountMinor = went(now.filter((row) => row.categoryId === categoryId));
    const previousMinor = went(before.filter((row) => row.categoryId === categoryId));
    const exact = BigInt(amountMinor) * 10_000n;
    const share = { whole: Number(exact / BigInt(total)), rest: Number(exact % BigInt(total)) };
    return { categoryId, name: category?.name ?? null, slot: category?.slot ?? 0, amountMinor, previousMinor, share };
  });
  rows.sort((a, b) => b.amountMinor - a.amountMinor || Buffer.compare(Buffer.from(a.name ?? "\u{10ffff}"), Buffer.from(b.name ?? "\u{10ffff}")));
  let left = 10_000 - rows.reduce((sum, row) => sum + row.share.whole, 0);
  for (const row of rows.toSorted((a, b) => b.share.rest - a.share.rest)) if (left-- > 0) row.share.whole++;
  return rows.map(({ share, ...row }) => ({ ...row, shareBasisPoints: share.whole }));
}

function plainOthers(all: Transactions, currency: string, kinds: ReadonlyMap<string, string>): DashboardReport["otherCurrencies"] {
  const others = [...new Set(all.map((row) => row.currency))].filter((each) => each !== currency).toSorted();
  return others.map((each) => {
    const rows = all.filter((row) => row.currency === each);
    const business = rows.filter((row) => row.kind !== "transfer" && (row.categoryId === null || kinds.get(row.categoryId) !== "transfer"));
    const days = rows.map((row) => row.postedOn).toSorted();
    return { currency: each, from: days[0] ?? "", to: days[days.length - 1] ?? "", revenueMinor: came(business), expensesMinor: went(business), transactionCount: rows.length };
  });
}
