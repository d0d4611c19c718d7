import type { Candidate } from "./candidate.ts";
import { logistic, logOddsOf } from "./log-odds.ts";
import { featureNames, type ScoredKind } from "./model.ts";
import type { KindModels } from "./weights.ts";

/** A candidate with the probability that a person will call it right. */
export interface Scored {
  readonly candidate: Candidate;
  readonly scorePermille: number;
  /** What spoke for it and against it: parts of the log-odds in thousandths, the weightiest first. */
  readonly signals: readonly { readonly name: string; readonly weightMilli: number }[];
}

/** Shifts of the log-odds a workspace's verdicts make, for one candidate. */
export type Shift = (candidate: Candidate) => number;

/** The signal that holds what earlier verdicts did. */
export const verdictsSignal = "verdicts so far";

/** Nothing is certain: far beyond what was fitted a score says no more. */
const scorePermilleMax = 990;

/** Scores a candidate by the model of its kind and by what people said before of others like it; undefined when it is less likely than `permilleMin`. */
export function scoreCandidate(candidate: Candidate, models: KindModels, shift: Shift, permilleMin: number): Scored | undefined {
  if (!isScored(candidate.kind)) throw new TypeError(`no model of ${candidate.kind}`);
  const model = models[candidate.kind];
  const learned = shift(candidate);
  const stated = candidate.stated ?? [];
  const likely = logistic(logOddsOf(model, candidate.features) + stated.reduce((sum, { logOdds }) => sum + logOdds, learned));
  const scorePermille = Math.min(scorePermilleMax, Math.round(1_000 * likely));
  if (scorePermille < permilleMin) return undefined;
  const names: readonly string[] = featureNames[candidate.kind];
  const parts = names.map((name, index) => ({ name, weightMilli: Math.round(1_000 * (model.weights[index] ?? 0) * (candidate.features[index] ?? 0)) }));
  parts.push(...stated.map(({ name, logOdds }) => ({ name, weightMilli: Math.round(1_000 * logOdds) })));
  parts.push({ name: verdictsSignal, weightMilli: Math.round(1_000 * learned) });
  const signals = parts.filter(({ weightMilli }) => weightMilli !== 0).toSorted((a, b) => Math.abs(b.weightMilli) - Math.abs(a.weightMilli));
  return { candidate, scorePermille, signals };
}

function isScored(kind: Candidate["kind"]): kind is ScoredKind {
  return Object.hasOwn(featureNames, kind);
}
