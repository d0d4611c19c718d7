import { whatIfList, type BusinessForecast, type Month, type WhatIf } from "@saldo/schema";
import { outlookOf } from "./outlook.ts";
import { withWhatIf } from "./what-if.ts";

/** Changes to try that are kept under a name; amounts in minor units of their currency. */
export interface SavedScenario {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly changes: readonly WhatIf[];
}

/** A forecast after changes, and how many of them it has no place for. */
export interface TriedForecast {
  readonly report: BusinessForecast;
  readonly leftOut: number;
}

/**
 * A forecast after changes to try. Left out is what it has no place for: changes of parts it does not have, of months that are not ahead, and amounts in
 * another currency.
 */
export function tryChanges(report: BusinessForecast, changes: readonly WhatIf[], currency: string = report.currency): TriedForecast {
  const last = report.points.at(-1)?.month ?? report.asOfMonth;
  const applied = changes.filter((change) => {
    switch (change.kind) {
      case "percent":
        return report.components.some(({ id }) => id === change.componentId) && (change.from ?? "") <= last;
      case "one_off":
        return currency === report.currency && change.month > report.asOfMonth && change.month <= last;
      case "hire":
        return currency === report.currency && change.from <= last;
      default:
        return change satisfies never;
    }
  });
  const leftOut = changes.length - applied.length;
  if (applied.length === 0) return { report, leftOut };
  const changed = withWhatIf(report, applied);
  return { report: { ...changed, ...outlookOf(changed) }, leftOut };
}

/** What a forecast comes to: the figures scenarios are compared by. */
export interface ForecastOutcome {
  /** Of all months together. */
  readonly profitMinor: number;
  /** At the end of the last month, and where it is lowest at the end of a month; null when no balance is known. */
  readonly cash: { readonly lastMinor: number; readonly lowestMinor: number; readonly lowestMonth: Month } | null;
  /** Probability that cash has run out by the end, in hundredths of a percent. */
  readonly cashOutBasisPoints: number | null;
}

/** What is expected of a forecast as a whole. */
export function outcomeOf({ points, cashOutBasisPoints }: Pick<BusinessForecast, "points" | "cashOutBasisPoints">): ForecastOutcome {
  const ends = points.flatMap(({ month, cash }) => (cash === null ? [] : [{ month, amountMinor: cash.mean }]));
  const [first, ...rest] = ends;
  const lowest = first === undefined ? undefined : rest.reduce((low, end) => (end.amountMinor < low.amountMinor ? end : low), first);
  return {
    profitMinor: points.reduce((sum, { net }) => sum + net.mean, 0),
    cash: lowest === undefined ? null : { lastMinor: ends.at(-1)?.amountMinor ?? 0, lowestMinor: lowest.amountMinor, lowestMonth: lowest.month },
    cashOutBasisPoints: cashOutBasisPoints?.at(-1) ?? null,
  };
}

/** A saved scenario beside the forecast without it. */
export interface ComparedScenario extends ForecastOutcome {
  readonly scenario: SavedScenario;
  /** Profit against the forecast without it. */
  readonly profitChangeMinor: number;
  readonly leftOut: number;
}

/** Each scenario's outcome against that of the forecast as it is. */
export function compareScenarios(report: BusinessForecast, scenarios: readonly SavedScenario[]): ComparedScenario[] {
  const base = outcomeOf(report);
  return scenarios.map((scenario) => {
    const tried = tryChanges(report, scenario.changes, scenario.currency);
    const outcome = outcomeOf(tried.report);
    return { scenario, ...outcome, profitChangeMinor: outcome.profitMinor - base.profitMinor, leftOut: tried.leftOut };
  });
}

/** A row as a scenario; undefined when another version wrote changes this one does not know. */
export function savedScenarioOf({ id, name, currency, changes }: { readonly id: string; readonly name: string; readonly currency: string; readonly changes: unknown }): SavedScenario | undefined {
  const parsed = whatIfList.safeParse(changes);
  return parsed.success ? { id, name, currency, changes: parsed.data } : undefined;
}
