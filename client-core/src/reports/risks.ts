import { compareBytewise, type DashboardReport, type DashboardRisk, type Month } from "@saldo/schema";
import type { Counterparty } from "./counterparties.ts";
import { basisPoints, type Totals } from "./totals.ts";

/** How many risks a dashboard names. */
const risksMax = 3;

/** What the rules look at. */
export interface RiskFacts {
  /** The month the comparisons are of: the report's, or the last complete one of a report on the whole books. */
  readonly month: Month;
  readonly current: Totals;
  /** The days it is compared with; null when the books do not reach back to them. */
  readonly previous: Totals | null;
  readonly burnRateMinor: number | null;
  readonly runway: DashboardReport["runway"];
  /** Revenue and expenses of the twelve months the counterparties were looked for in. */
  readonly year: Totals;
  readonly customer: Counterparty | undefined;
  readonly supplier: Counterparty | undefined;
  /** The expense category that grew most over its mean of the three months before. */
  readonly jump: CategoryJump | undefined;
  /** Expenses of the period, and those of them without a category. */
  readonly expensesMinor: number;
  readonly uncategorisedMinor: number;
}

/** An expense category against its usual amount. */
export interface CategoryJump {
  readonly categoryId: string;
  readonly name: string;
  readonly amountMinor: number;
  readonly usualMinor: number;
}

/** A rule: the risk it sees, or nothing. Thresholds are in basis points unless said. */
type Rule = (facts: RiskFacts) => DashboardRisk | undefined;

/** Runway below 3 months is high, below 6 medium, below 12 low; at stake is a month's burn. */
const cashRunsOut: Rule = ({ runway, burnRateMinor }) => {
  if (runway.kind !== "months" || runway.tenths >= 120) return undefined;
  const severity = runway.tenths < 30 ? "high" : runway.tenths < 60 ? "medium" : "low";
  return { code: "cash_runs_out", severity, amountMinor: burnRateMinor ?? 0, parameters: { monthsTenths: runway.tenths } };
};

/** Money goes out and nobody has said how much there is. */
const burningWithoutBalance: Rule = ({ runway, burnRateMinor }) =>
  runway.kind === "unknown_balance" && burnRateMinor !== null && burnRateMinor > 0
    ? { code: "burning_without_balance", severity: "medium", amountMinor: burnRateMinor, parameters: {} }
    : undefined;

/** A loss of more than a fifth of revenue is high. */
const lossThisMonth: Rule = ({ current, month }) => {
  const loss = current.expensesMinor - current.revenueMinor;
  if (loss <= 0) return undefined;
  const severity = current.revenueMinor === 0 || basisPoints(loss, current.revenueMinor) > 2_000 ? "high" : "medium";
  return { code: "loss_this_month", severity, amountMinor: loss, parameters: { month } };
};

/** Revenue a tenth below the same days of the month before is medium, three tenths high. */
const revenueFalling: Rule = ({ current, previous, month }) => {
  if (previous === null || previous.revenueMinor <= 0) return undefined;
  const fall = previous.revenueMinor - current.revenueMinor;
  const fallBasisPoints = basisPoints(fall, previous.revenueMinor);
  if (fallBasisPoints < 1_000) return undefined;
  return { code: "revenue_falling", severity: fallBasisPoints >= 3_000 ? "high" : "medium", amountMinor: fall, parameters: { month, fallBasisPoints } };
};

/** Expenses up by a tenth or more, and by at least five points more than revenue. */
const expensesGrowingFaster: Rule = ({ current, previous, month }) => {
  if (previous === null || previous.expensesMinor <= 0 || previous.revenueMinor <= 0) return undefined;
  const growth = current.expensesMinor - previous.expensesMinor;
  const expensesBasisPoints = basisPoints(growth, previous.expensesMinor);
  const revenueBasisPoints = basisPoints(current.revenueMinor - previous.revenueMinor, previous.revenueMinor);
  if (expensesBasisPoints < 1_000 || expensesBasisPoints - revenueBasisPoints < 500) return undefined;
  return { code: "expenses_growing_faster", severity: "medium", amountMinor: growth, parameters: { month, expensesBasisPoints, revenueBasisPoints } };
};

/** One name behind four tenths of a year's revenue is medium, behind six tenths high. */
const oneCustomer: Rule = ({ customer, year }) => {
  if (!customer || year.revenueMinor <= 0) return undefined;
  const shareBasisPoints = basisPoints(customer.amountMinor, year.revenueMinor);
  if (shareBasisPoints < 4_000) return undefined;
  const severity = shareBasisPoints >= 6_000 ? "high" : "medium";
  return { code: "one_customer", severity, amountMinor: customer.amountMinor, parameters: { name: customer.name, shareBasisPoints } };
};

/** One name behind four tenths of a year's expenses is low, behind six tenths medium. */
const oneSupplier: Rule = ({ supplier, year }) => {
  if (!supplier || year.expensesMinor <= 0) return undefined;
  const shareBasisPoints = basisPoints(supplier.amountMinor, year.expensesMinor);
  if (shareBasisPoints < 4_000) return undefined;
  const severity = shareBasisPoints >= 6_000 ? "medium" : "low";
  return { code: "one_supplier", severity, amountMinor: supplier.amountMinor, parameters: { name: supplier.name, shareBasisPoints } };
};

/** An expense category at one and a half times its usual amount, where the increase is a twentieth of the month's expenses. */
const categoryJump: Rule = ({ jump, current, month }) => {
  if (!jump || jump.usualMinor <= 0 || current.expensesMinor <= 0) return undefined;
  const increase = jump.amountMinor - jump.usualMinor;
  const growthBasisPoints = basisPoints(increase, jump.usualMinor);
  if (growthBasisPoints < 5_000 || basisPoints(increase, current.expensesMinor) < 500) return undefined;
  const parameters = { month, categoryId: jump.categoryId, name: jump.name, growthBasisPoints };
  return { code: "category_jump", severity: growthBasisPoints >= 20_000 ? "high" : "medium", amountMinor: increase, parameters };
};

/** A tenth of the period's expenses without a category is low, three tenths medium. */
const uncategorised: Rule = ({ uncategorisedMinor, expensesMinor }) => {
  if (expensesMinor <= 0) return undefined;
  const shareBasisPoints = basisPoints(uncategorisedMinor, expensesMinor);
  if (shareBasisPoints < 1_000) return undefined;
  return { code: "uncategorised", severity: shareBasisPoints >= 3_000 ? "medium" : "low", amountMinor: uncategorisedMinor, parameters: { shareBasisPoints } };
};

const rules: readonly Rule[] = [
  cashRunsOut,
  burningWithoutBalance,
  lossThisMonth,
  revenueFalling,
  expensesGrowingFaster,
  oneCustomer,
  oneSupplier,
  categoryJump,
  uncategorised,
];
const rank = { high: 0, medium: 1, low: 2 } as const;

/** The three worst risks: by severity, then by the money at stake, then by code. */
export function topRisks(facts: RiskFacts): DashboardRisk[] {
  const seen = rules.flatMap((rule) => rule(facts) ?? []);
  seen.sort((a, b) => rank[a.severity] - rank[b.severity] || b.amountMinor - a.amountMinor || compareBytewise(a.code, b.code));
  return seen.slice(0, risksMax);
}
