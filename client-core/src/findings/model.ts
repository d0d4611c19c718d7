import { exactFeatures, nearFeatures } from "./duplicates.ts";
import type { KindModel } from "./log-odds.ts";
import { paceFeatures } from "./pace.ts";
import { regularFeatures } from "./regular.ts";
import { rowFeatures } from "./row-candidates.ts";
import { splitFeatures } from "./splits.ts";

/** The features of each kind whose model is fitted. */
export const fittedFeatures = { duplicate_exact: exactFeatures, duplicate_near: nearFeatures, split_invoice: splitFeatures, ...rowFeatures } as const;

/** A kind whose model is fitted. */
export type FittedKind = keyof typeof fittedFeatures;

/** The features of every kind that is scored. */
export const featureNames = { ...fittedFeatures, category_pace: paceFeatures, ...regularFeatures } as const;

/** A kind that is scored. */
export type ScoredKind = keyof typeof featureNames;

/**
 * Models of the kinds no labelled data was found for: stated, not fitted. Each says one thing: at the point where a person would begin to look
 * (`pace.ts`, `regular.ts`) the chance of being right is a half.
 */
export const statedModels: Readonly<Record<Exclude<ScoredKind, FittedKind>, KindModel>> = {
  category_pace: { bias: -4, weights: [1, 4] },
  recurring_missing: { bias: -4, weights: [0.6, 1, 2] },
  price_step: { bias: -2, weights: [0.6, 3, 0.7] },
};
