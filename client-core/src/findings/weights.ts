import type { KindModel } from "./log-odds.ts";
import { statedModels, type FittedKind, type ScoredKind } from "./model.ts";

/** A model for every kind that is scored. */
export type KindModels = Readonly<Record<ScoredKind, KindModel>>;

/** Fitted by `npm run eval -- findings-weights`, which prints this; see docs/findings.md for from what. */
const fittedModels: Readonly<Record<FittedKind, KindModel>> = {
  duplicate_exact: { bias: -5.176, weights: [9.136, -0.607, -0.183, -1.816, 0.06, -1.324, -1.482, -1.902] },
  duplicate_near: { bias: -7.731, weights: [5.783, -1.391, 0, 1.508, 4.644, 0.609, -1.189, 0.009, -2.049] },
  split_invoice: { bias: -13.511, weights: [2.666, 0, 4.454, 0.239, 0.732, 4.203, -0.95] },
  amount_unlike_vendor: { bias: -9.844, weights: [0.913, 0.694, 0.252, 0.368, 0, 0.436] },
  amount_unlike_category: { bias: -8.37, weights: [0.029, 0.084, 0.981, 4.052] },
  round_amount: { bias: -13.76, weights: [4.838, 0.728, 0.968, 0.314, 0, 0.852, 0] },
  category_unlike_vendor: { bias: -5.964, weights: [0.821, 0.416, 0.66, -2.21, 1.929, -0.117, 0.245] },
  new_vendor_large: { bias: -12.396, weights: [0.95, 0.649, 0.094, 4.577, 1.188] },
  off_hours: { bias: -12.553, weights: [0.705, 1.611, 0, 0.102] },
};

/** The models as the product has them. */
export const kindModels: KindModels = { ...fittedModels, ...statedModels };
