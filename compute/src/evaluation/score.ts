import { causeKinds, type CauseKind, type PlantedCause } from "./causes.ts";
import type { Alarm } from "./pipeline.ts";

/** One decision: whether a ledger holds a kind of cause, and what was said. */
export interface Decision {
  readonly kind: CauseKind;
  readonly isPlanted: boolean;
  readonly isTold: boolean;
  /** Of a right alarm with a known effect: told effect over the true one, less one. Null otherwise. */
  readonly effectError: number | null;
}

/** Decides on every kind for one ledger. A planted cause counts as told when an alarm of its kind names its subject. */
export function decide(causes: readonly PlantedCause[], alarms: readonly Alarm[]): Decision[] {
  const entailed = new Set(causes.flatMap(({ entails }) => entails));
  return causeKinds.flatMap((kind): Decision[] => {
    const told = alarms.filter((alarm) => alarm.kind === kind);
    const cause = causes.find((planted) => planted.kind === kind);
    if (cause === undefined) return entailed.has(kind) ? [] : [{ kind, isPlanted: false, isTold: told.length > 0, effectError: null }];
    const right = told.filter(({ subject }) => cause.subject === null || subject === cause.subject);
    return [{ kind, isPlanted: true, isTold: right.length > 0, effectError: effectErrorOf(cause, right) }];
  });
}

/** The alarm nearest to the true effect stands for what a reader sees of it. */
function effectErrorOf({ effectMinor }: PlantedCause, right: readonly Alarm[]): number | null {
  if (effectMinor === null || effectMinor <= 0) return null;
  const errors = right.flatMap((alarm) => (alarm.effectMinor === null ? [] : [alarm.effectMinor / effectMinor - 1]));
  return errors.length === 0 ? null : errors.reduce((best, error) => (Math.abs(error) < Math.abs(best) ? error : best));
}

/** How good decisions are, as shares of one. */
export interface Scores {
  readonly decisions: number;
  readonly planted: number;
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly falsePositiveRate: number;
  /** Share of right alarms with a known effect that are within a tenth of it. */
  readonly effectWithinTenth: number;
}

const effectErrorMax = 0.1;

/** Scores decisions. A share of nothing is 1: nothing was wrong. */
export function scoreDecisions(decisions: readonly Decision[]): Scores {
  const count = (fits: (decision: Decision) => boolean) => decisions.filter(fits).length;
  const truePositives = count(({ isPlanted, isTold }) => isPlanted && isTold);
  const falsePositives = count(({ isPlanted, isTold }) => !isPlanted && isTold);
  const planted = count(({ isPlanted }) => isPlanted);
  const share = (part: number, whole: number) => (whole === 0 ? 1 : part / whole);
  const precision = share(truePositives, truePositives + falsePositives);
  const recall = share(truePositives, planted);
  return {
    decisions: decisions.length,
    planted,
    accuracy: share(count(({ isPlanted, isTold }) => isPlanted === isTold), decisions.length),
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    falsePositiveRate: falsePositives / Math.max(1, decisions.length - planted),
    effectWithinTenth: share(
      count(({ effectError }) => effectError !== null && Math.abs(effectError) <= effectErrorMax),
      count(({ effectError }) => effectError !== null),
    ),
  };
}
