import { exactFeatures, nearFeatures } from "./duplicates.ts";

/** How a kind is scored: log-odds of being right as a sum over its features. */
export interface KindModel {
  readonly names: readonly string[];
  readonly bias: number;
  readonly weights: readonly number[];
}

/** The models of the kinds that are scored by features. */
export const models = {
  duplicate_exact: { names: exactFeatures, bias: -3, weights: [3.5, -1.5, -0.5, -3, 0.3, -1, -0.5] },
  duplicate_near: { names: nearFeatures, bias: -6, weights: [4.5, -2, -1, 2, 2, 0.3, -1, -0.2, -2] },
} as const satisfies Readonly<Record<string, KindModel>>;

