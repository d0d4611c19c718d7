import type { KindModel } from "./log-odds.ts";
import { statedModels, type FittedKind, type ScoredKind } from "./model.ts";

/** A model for every kind that is scored. */
export type KindModels = Readonly<Record<ScoredKind, KindModel>>;

/** Fitted by `npm run eval -- findings-weights`, which prints this; see docs/findings.md for from what. Kinds whose signals have not changed since keep the weights they had. */
const fittedModels: Readonly<Record<FittedKind, KindModel>> = {
  duplicate_exact: { bias: -5.176, weights: [9.136, -0.607, -0.183, -1.816, 0.06, -1.324, -1.482, -1.902] },
  duplicate_near: { bias: -7.731, weights: [5.783, -1.391, 0, 1.508, 4.644, 0.609, -1.189, 0.009, -2.049] },
  split_invoice: { bias: -14.454, weights: [2.633, 0.614, 4.77, 0.221, 0.835, 4.231, -0.917] },
  amount_unlike_vendor: { bias: -11.733, weights: [0.878, 0.712, 0.319, 0.322, 0, 0.322, 0.55] },
  amount_unlike_category: { bias: -8.37, weights: [0.029, 0.084, 0.981, 4.052] },
  round_amount: { bias: -13.76, weights: [4.838, 0.728, 0.968, 0.314, 0, 0.852, 0] },
  category_unlike_vendor: { bias: -10.734, weights: [0.6, 0.391, 0.466, -1.906, 2.588, -0.119, 0.243, 0.344, 0.718] },
  new_vendor_large: { bias: -12.396, weights: [0.95, 0.649, 0.094, 4.577, 1.188] },
  off_hours: { bias: -12.553, weights: [0.705, 1.611, 0, 0.102] },
};

/** The models as the product has them. */
export const kindModels: KindModels = { ...fittedModels, ...statedModels };
