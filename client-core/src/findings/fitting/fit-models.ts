import type { FindingKind } from "@saldo/schema";
import { candidatesOf } from "../candidates.ts";
import type { Candidate } from "../candidate.ts";
import type { Ledger } from "../ledger.ts";
import { fittedFeatures, type FittedKind } from "../model.ts";
import { kindModels, type KindModels } from "../weights.ts";
import { fitLogistic, type Direction, type Example } from "./fit-logistic.ts";

/** A ledger whose anomalies are known. */
export interface LabelledLedger {
  readonly ledger: Ledger;
  /** What a row is by its id; rows that are in order are left out. */
  readonly labels: ReadonlyMap<string, FindingKind>;
  /** What each of its candidates counts. */
  readonly weight: number;
  /** Ledgers of one source share their say. */
  readonly source: string;
}

/** A candidate with what its rows are. */
export interface LabelledCandidate {
  readonly candidate: Candidate;
  /** True when a row in question is an anomaly of this kind; null when it is one of another kind, which teaches nothing. */
  readonly isRight: boolean | null;
  readonly vendor: number;
  readonly day: number;
  readonly row: number;
}

/** Which way each feature may speak. */
const directions: Readonly<Record<FittedKind, readonly Direction[]>> = {
  duplicate_exact: [1, -1, -1, -1, 1, -1, -1, -1],
  duplicate_near: [1, -1, -1, 1, 1, 1, -1, 0, -1],
  split_invoice: [1, 1, 1, 1, 1, 1, -1],
  amount_unlike_vendor: [1, 1, 1, 1, 1, 1, 1],
  amount_unlike_category: [1, 1, 1, 1],
  round_amount: [1, 1, 1, 1, 1, 1, 1],
  category_unlike_vendor: [1, 1, 1, -1, 1, 0, 1, 1, 1],
  new_vendor_large: [1, 1, 1, 1, 1],
  off_hours: [1, 1, 1, 1],
};

/** The fitted kinds. */
export const fittedKinds = Object.keys(fittedFeatures).filter((kind): kind is FittedKind => Object.hasOwn(directions, kind));

/** Kinds of anomalies that also make a candidate of a kind right: an amount ten times the usual is one, whatever it is compared with. */
const alike: Readonly<Partial<Record<FittedKind, readonly FindingKind[]>>> = { amount_unlike_category: ["amount_unlike_vendor"] };

/** Every candidate of a ledger beside what its rows are. */
export function labelledCandidates({ ledger, labels }: Pick<LabelledLedger, "ledger" | "labels">): LabelledCandidate[] {
  return candidatesOf(ledger, kindModels, -Infinity).flatMap((candidate) => {
    const kind = fittedKinds.find((one) => one === candidate.kind);
    const [row] = candidate.suspects;
    if (kind === undefined || row === undefined) return [];
    const own = candidate.suspects.flatMap((suspect) => labels.get(ledger.ids[suspect] ?? "") ?? []);
    const isRight = own.some((label) => label === kind || alike[kind]?.includes(label)) ? true : own.length > 0 ? null : false;
    return [{ candidate, isRight, vendor: ledger.vendor[row] ?? 0, day: ledger.day[row] ?? 0, row }];
  });
}

/** Fits the models of all kinds to candidates of several sources; each is a list with the weight of its candidates. A kind nobody planted keeps its model. */
export function fitModels(sources: readonly { readonly candidates: readonly LabelledCandidate[]; readonly weight: number }[]): KindModels {
  const fitted = fittedKinds.map((kind) => {
    const examples = sources.flatMap(({ candidates, weight }) =>
      candidates.flatMap(({ candidate, isRight }): Example[] => (candidate.kind === kind && isRight !== null ? [{ features: candidate.features, isRight, weight }] : [])),
    );
    const isPlanted = examples.some(({ isRight }) => isRight);
    return [kind, isPlanted ? fitLogistic(examples, directions[kind]) : kindModels[kind]] as const;
  });
  return { ...kindModels, ...Object.fromEntries(fitted) };
}
