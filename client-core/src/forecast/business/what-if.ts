import { whatIfPercentMin, type ForecastComponent, type Month, type WhatIf } from "@saldo/schema";
import { saturated } from "../money-range.ts";
import { monthsAhead, type OutlookBasis } from "./basis.ts";

/** Ids of the components that amounts of a what-if go into. */
export const whatIfIds = { revenue: "what_if:revenue", expense: "what_if:expense" } as const;

/**
 * The basis after some changes, in their order; {@link outlookOf} and `scenarioOf` of it give the rest. A percentage changes mean and width alike; a sum or a
 * person is certain. Months outside of the forecast change nothing. Throws `RangeError` on a component that is not there or less than −100%.
 */
export function withWhatIf<Basis extends OutlookBasis>(basis: Basis, changes: readonly WhatIf[]): Basis {
  return changes.reduce((changed, change) => {
    switch (change.kind) {
      case "percent":
        return withPercent(changed, change);
      case "one_off":
        return withAmounts(changed, (month) => (month === change.month ? change.amountMinor : 0));
      case "hire":
        return withAmounts(changed, (month) => (month >= change.from ? -change.count * change.monthlyCostMinor : 0));
      default:
        return change satisfies never;
    }
  }, basis);
}

function withPercent<Basis extends OutlookBasis>(basis: Basis, { componentId, percent, from }: Extract<WhatIf, { kind: "percent" }>): Basis {
  if (!(percent >= whatIfPercentMin)) throw new RangeError("nothing falls by more than 100%");
  if (!basis.components.some(({ id }) => id === componentId)) throw new RangeError("no such component");
  const months = monthsAhead(basis);
  const factor = 1 + percent / 100;
  const changed = (component: ForecastComponent): ForecastComponent => ({
    ...component,
    months: component.months.map((month, step) =>
      (months[step] ?? "") < (from ?? "") ? month : { meanMinor: saturated(month.meanMinor * factor), deviationMinor: saturated(month.deviationMinor * factor), knownMinor: saturated(month.knownMinor * factor) },
    ),
  });
  return { ...basis, components: basis.components.map((component) => (component.id === componentId ? changed(component) : component)) };
}

/** Adds amounts with their sign: what comes in to revenue, what goes out to expenses, each in a component of its own. */
function withAmounts<Basis extends OutlookBasis>(basis: Basis, amountOf: (month: Month) => number): Basis {
  const amounts = monthsAhead(basis).map(amountOf);
  const sides = [
    { kind: "revenue" as const, amounts: amounts.map((amount) => Math.max(0, amount)) },
    { kind: "expense" as const, amounts: amounts.map((amount) => Math.max(0, -amount)) },
  ];
  return sides.reduce((changed, { kind, amounts: side }) => (side.some((amount) => amount > 0) ? withCertain(changed, kind, side) : changed), basis);
}

function withCertain<Basis extends OutlookBasis>(basis: Basis, kind: ForecastComponent["kind"], amounts: readonly number[]): Basis {
  const id = whatIfIds[kind];
  const plus = (component: ForecastComponent): ForecastComponent => ({
    ...component,
    months: component.months.map(({ meanMinor, deviationMinor, knownMinor }, step) => {
      const amount = amounts[step] ?? 0;
      return { meanMinor: saturated(meanMinor + amount), deviationMinor, knownMinor: saturated(knownMinor + amount) };
    }),
  });
  if (basis.components.some((component) => component.id === id)) {
    return { ...basis, components: basis.components.map((component) => (component.id === id ? plus(component) : component)) };
  }
  const certain: ForecastComponent = {
    id,
    kind,
    categoryId: null,
    name: null,
    slot: 0,
    pooled: 0,
    model: "known",
    shape: "normal",
    degreesOfFreedom: 1_000,
    history: (basis.components[0]?.history ?? []).map(() => 0),
    months: amounts.map(() => ({ meanMinor: 0, deviationMinor: 0, knownMinor: 0 })),
    backtest: null,
  };
  const size = basis.components.length;
  const correlationPermille = [...basis.correlationPermille.map((row) => [...row, 0]), [...new Array<number>(size).fill(0), 1_000]];
  return { ...basis, correlationPermille, components: [...basis.components, plus(certain)] };
}
