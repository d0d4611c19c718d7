import type { JudgedFinding } from "./judged.ts";
import { logit } from "./log-odds.ts";
import type { Shift } from "./score.ts";

/** Verdicts a model's own word counts as: of a kind as a whole, and of one counterparty within a kind. */
const kindPrior = 8;
const subjectPrior = 2;
/** Verdicts shift log-odds no further. */
const shiftMax = 3;

/**
 * What verdicts teach: findings of a kind, and of a counterparty within it, were right more or less often than their scores said, so the next
 * ones are likelier or less likely. A share of right ones is drawn towards what was promised (a Beta prior), so that one verdict
 * changes little of a kind and more of one counterparty. `wrong` and `expected` are alike here: nobody needed the finding.
 */
export function learnedShift(judged: readonly JudgedFinding[]): Shift {
  const kinds = new Map<string, Tally>();
  const subjects = new Map<string, Tally>();
  for (const { finding, verdict } of judged) {
    if (finding.kind === "reported") continue;
    const isRight = verdict === "right";
    const promised = finding.scorePermille / 1_000;
    count(kinds, finding.kind, isRight, promised);
    if (finding.evidence.subjectKey !== "") count(subjects, `${finding.kind}\n${finding.evidence.subjectKey}`, isRight, promised);
  }
  return ({ kind, subjectKey }) => {
    const shift = shiftOf(kinds.get(kind), kindPrior) + shiftOf(subjects.get(`${kind}\n${subjectKey.slice(0, 300)}`), subjectPrior);
    return Math.max(-shiftMax, Math.min(shiftMax, shift));
  };
}

interface Tally {
  right: number;
  all: number;
  promised: number;
}

function count(tallies: Map<string, Tally>, key: string, isRight: boolean, promised: number): void {
  const tally = tallies.get(key) ?? { right: 0, all: 0, promised: 0 };
  tallies.set(key, { right: tally.right + (isRight ? 1 : 0), all: tally.all + 1, promised: tally.promised + promised });
}

function shiftOf(tally: Tally | undefined, prior: number): number {
  if (tally === undefined) return 0;
  const promised = tally.promised / tally.all;
  return logit((tally.right + prior * promised) / (tally.all + prior)) - logit(promised);
}
