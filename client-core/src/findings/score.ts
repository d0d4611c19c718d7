import type { Candidate } from "./candidate.ts";
import { models, type KindModel } from "./model.ts";

/** A candidate with the probability that a person will call it right. */
export interface Scored {
  readonly candidate: Candidate;
  readonly scorePermille: number;
  /** What spoke for it and against it: parts of the log-odds in thousandths, the weightiest first. */
  readonly signals: readonly { readonly name: string; readonly weightMilli: number }[];
}

const modelOf = new Map<string, KindModel>(Object.entries(models));

/** Scores a candidate by the model of its kind. Throws `TypeError` for a kind that has none. */
export function scoreCandidate(candidate: Candidate): Scored {
  const model = modelOf.get(candidate.kind);
  if (model === undefined) throw new TypeError(`no model of ${candidate.kind}`);
  const parts = model.names.map((name, index) => ({ name, weightMilli: Math.round(1_000 * (model.weights[index] ?? 0) * (candidate.features[index] ?? 0)) }));
  const logOdds = parts.reduce((sum, { weightMilli }) => sum + weightMilli / 1_000, model.bias);
  const signals = parts.filter(({ weightMilli }) => weightMilli !== 0).toSorted((a, b) => Math.abs(b.weightMilli) - Math.abs(a.weightMilli));
  return { candidate, scorePermille: Math.round(1_000 * logistic(logOdds)), signals };
}

/** The probability of log-odds. */
export function logistic(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
