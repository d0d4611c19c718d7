import type { ForecastComponent, Month } from "@saldo/schema";
import { studentQuantile } from "../intervals.ts";
import { saturated } from "../money-range.ts";
import { monthsAhead, profitSign, type OutlookBasis } from "./basis.ts";

/** Which course of business: the expected one, or the one in ten better or worse. */
export type ScenarioName = "pessimistic" | "realistic" | "optimistic";
/** From worse to better. */
export const scenarioNames: readonly ScenarioName[] = ["pessimistic", "realistic", "optimistic"];

/** One month of a scenario; the amounts of the components are in their order and add up to the totals. */
export interface ScenarioMonth {
  readonly month: Month;
  readonly componentsMinor: readonly number[];
  readonly revenueMinor: number;
  readonly expensesMinor: number;
  readonly netMinor: number;
  /** At the end of the month; null when no balance is known. */
  readonly cashMinor: number | null;
}

/** What makes a scenario differ from the expected course: how much it adds to profit over the whole time. */
export interface ScenarioDriver {
  readonly componentId: string;
  readonly effectMinor: number;
}

/** A course of business with a name. */
export interface Scenario {
  readonly name: ScenarioName;
  /** Probability that profit of the whole time is lower, in percent. */
  readonly quantilePercent: 10 | 50 | 90;
  readonly months: readonly ScenarioMonth[];
  readonly netMinor: number;
  /** Largest effects first; those that pull the other way are left out. */
  readonly drivers: readonly ScenarioDriver[];
}

const quantiles = { pessimistic: 10, realistic: 50, optimistic: 90 } as const;
const directions = { pessimistic: -1, realistic: 0, optimistic: 1 } as const;
const driversMax = 3;
/** A tenth of the outcomes lie beyond this many deviations: Student's t as for totals. */
const reach = studentQuantile("80", 8);

/**
 * The course of business at which profit of the whole time is at the 10%, 50% or 90% quantile: each amount is what is then to be expected of it, its mean
 * moved by its covariance with that profit. So amounts add up, and what moves most is what drives the scenario.
 */
export function scenarioOf(basis: OutlookBasis, name: ScenarioName): Scenario {
  const moves = movesOf(basis, directions[name]);
  let cash = basis.cash?.openingMinor ?? null;
  const months = monthsAhead(basis).map((month, step): ScenarioMonth => {
    const componentsMinor = amountsAt(basis, moves, step, directions[name]);
    const sumOf = (kind: ForecastComponent["kind"]) => saturated(componentsMinor.reduce((sum, amount, at) => sum + (basis.components[at]?.kind === kind ? amount : 0), 0));
    const [revenueMinor, expensesMinor] = [sumOf("revenue"), sumOf("expense")];
    const netMinor = saturated(revenueMinor - expensesMinor);
    cash = cash === null ? null : saturated(cash + netMinor);
    return { month, componentsMinor, revenueMinor, expensesMinor, netMinor, cashMinor: cash };
  });
  const netMinor = saturated(months.reduce((sum, month) => sum + month.netMinor, 0));
  return { name, quantilePercent: quantiles[name], months, netMinor, drivers: driversOf(basis, months, directions[name]) };
}

/** Amounts of a month, none below zero; a month that this would turn the other way stays as expected. */
function amountsAt({ components }: OutlookBasis, moves: readonly (readonly number[])[], step: number, direction: -1 | 0 | 1): number[] {
  const means = components.map(({ months }) => months[step]?.meanMinor ?? 0);
  const moved = means.map((mean, at) => saturated(Math.max(0, mean + (moves[at]?.[step] ?? 0))));
  const gain = components.reduce((sum, component, at) => sum + profitSign(component) * ((moved[at] ?? 0) - (means[at] ?? 0)), 0);
  return gain * direction < 0 ? means : moved;
}

/** How far each component moves in each month. */
function movesOf({ components, correlationPermille, persistencePermille, widthPermille, horizonMonths }: OutlookBasis, direction: -1 | 0 | 1): number[][] {
  const lasting = persistencePermille / 1_000;
  const deviationsOf = (component: ForecastComponent) => Array.from({ length: horizonMonths }, (_, step) => component.months[step]?.deviationMinor ?? 0);
  const deviations = components.map(deviationsOf);
  const wholes = deviations.map((row) => row.reduce((sum, value) => sum + value, 0));
  // Covariance of each amount with the profit of the whole time.
  const withProfit = deviations.map((row, i) =>
    row.map((own, step) =>
      components.reduce((sum, other, j) => {
        const together = (correlationPermille[i]?.[j] ?? 0) / 1_000;
        return sum + profitSign(other) * together * own * (lasting * (wholes[j] ?? 0) + (1 - lasting) * (deviations[j]?.[step] ?? 0));
      }, 0),
    ),
  );
  const variance = components.reduce((sum, component, i) => sum + profitSign(component) * (withProfit[i] ?? []).reduce((inner, value) => inner + value, 0), 0);
  if (!(variance > 0)) return withProfit.map((row) => row.map(() => 0));
  const scale = (direction * reach * (widthPermille.net / 1_000)) / Math.sqrt(variance);
  return withProfit.map((row) => row.map((value) => value * scale));
}

function driversOf({ components }: OutlookBasis, months: readonly ScenarioMonth[], direction: -1 | 0 | 1): ScenarioDriver[] {
  return components
    .map((component, at) => {
      const moved = months.reduce((sum, { componentsMinor }, step) => sum + (componentsMinor[at] ?? 0) - (component.months[step]?.meanMinor ?? 0), 0);
      return { componentId: component.id, effectMinor: saturated(profitSign(component) * moved) };
    })
    .filter(({ effectMinor }) => effectMinor * direction > 0)
    .sort((a, b) => Math.abs(b.effectMinor) - Math.abs(a.effectMinor))
    .slice(0, driversMax);
}
