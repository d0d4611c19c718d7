import type { BusinessForecast, ForecastComponent } from "@saldo/schema";
import { moneyRange, saturated } from "../money-range.ts";
import { monthsAhead, profitSign, type OutlookBasis } from "./basis.ts";
import { simulatedCash } from "./cash-paths.ts";

/** Totals and cash by month; see {@link BusinessForecast}. */
export type Outlook = Pick<BusinessForecast, "points" | "cashOutBasisPoints">;

/**
 * Totals with their ranges, the cash path and when cash may run out, from the parts. Every mean of a total is the sum of its parts exactly. The same parts
 * give the same outlook: simulated paths have a fixed seed.
 */
export function outlookOf(basis: OutlookBasis): Outlook {
  const cash = simulatedCash(basis);
  const points = monthsAhead(basis).map((month, step) => {
    const revenue = totalAt(basis, step, "revenue");
    const expenses = totalAt(basis, step, "expense");
    const net = totalAt(basis, step, undefined);
    return { month, revenue, expenses, net, cash: cash?.ranges[step] ?? null };
  });
  return { points, cashOutBasisPoints: cash === null ? null : [...cash.outBasisPoints] };
}

/** Fewer degrees of freedom than this are not taken for a total of several. */
const totalDegreesOfFreedom = 8;

function totalAt({ components, correlationPermille, widthPermille }: OutlookBasis, step: number, kind: ForecastComponent["kind"] | undefined) {
  const chosen = components.map((component, index) => ({ component, index })).filter(({ component }) => kind === undefined || component.kind === kind);
  const [only] = chosen;
  const signOf = (component: ForecastComponent) => (kind === undefined ? profitSign(component) : 1);
  const mean = saturated(chosen.reduce((sum, { component }) => sum + signOf(component) * (component.months[step]?.meanMinor ?? 0), 0));
  if (kind !== undefined && chosen.length === 1 && only !== undefined) {
    const { shape, degreesOfFreedom, months } = only.component;
    return moneyRange({ shape, degreesOfFreedom, mean, deviation: months[step]?.deviationMinor ?? 0 }, "atLeastZero");
  }
  const variance = chosen.reduce((sum, a) => sum + chosen.reduce((inner, b) => {
    const together = (correlationPermille[a.index]?.[b.index] ?? 0) / 1_000;
    return inner + together * signOf(a.component) * signOf(b.component) * deviationAt(a.component, step) * deviationAt(b.component, step);
  }, 0), 0);
  const width = (kind === undefined ? widthPermille.net : widthPermille.expenses) / 1_000;
  const degreesOfFreedom = Math.min(totalDegreesOfFreedom, ...chosen.map(({ component }) => component.degreesOfFreedom));
  const deviation = width * Math.sqrt(Math.max(0, variance));
  return moneyRange({ shape: "normal", degreesOfFreedom, mean, deviation }, kind === undefined ? "none" : "atLeastZero");
}

function deviationAt(component: ForecastComponent, step: number): number {
  return component.months[step]?.deviationMinor ?? 0;
}
