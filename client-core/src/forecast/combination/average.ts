import type { FittedModel, PredictiveSteps } from "../forecast-model.ts";

/** Methods err in part against each other: the error of their mean is smaller than the mean of what each expects. */
const cancelling = 0.89;

/**
 * The plain mean of several fitted methods: point forecasts, and standard deviations less what cancels. Equal weights are hard to beat and cannot
 * be over-fitted (Makridakis et al. 2020, on the M4 competition). Throws when there is no member.
 */
export function averageOf(members: readonly FittedModel[]): FittedModel {
  const [first] = members;
  if (first === undefined) throw new RangeError("an average needs a member");
  if (members.length === 1) return first;
  return {
    name: members.map((member) => member.name).join(" + "),
    parameters: {},
    aicc: Infinity,
    degreesOfFreedom: Math.round(meanOf(members.map((member) => member.degreesOfFreedom))),
    standardisedErrors: meanOfEach(members.map((member) => member.standardisedErrors)),
    predict(horizon) {
      const steps = members.map((member) => member.predict(horizon));
      return averageSteps(steps);
    },
    withValues(values) {
      const moved = members.flatMap((member) => member.withValues(values) ?? []);
      return moved.length === members.length ? averageOf(moved) : undefined;
    },
  };
}

function averageSteps(steps: readonly PredictiveSteps[]): PredictiveSteps {
  return { mean: meanOfEach(steps.map((step) => step.mean)), standardDeviation: meanOfEach(steps.map((step) => step.standardDeviation)).map((value) => cancelling * value) };
}

function meanOfEach(rows: readonly (readonly number[])[]): number[] {
  return Array.from({ length: rows[0]?.length ?? 0 }, (_, at) => meanOf(rows.map((row) => row[at] ?? 0)));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
