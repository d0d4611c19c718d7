import type { JudgedFinding } from "./judged.ts";
import { logistic, logit } from "./log-odds.ts";
import { verdictsSignal, type Shift } from "./score.ts";

/** How far each sort of lesson may lead: standard deviations of what is assumed of it before anything was said, in log-odds. */
export interface Lessons {
  /** All findings of a workspace, those of a kind, and of a kind at a counterparty. */
  readonly all: number;
  readonly kind: number;
  readonly subject: number;
  /** The part of a lesson upwards that is believed: it would have more told, of which nothing was judged. */
  readonly upwards: number;
}

const usualLessons: Lessons = { all: 0.5, kind: 0.7, subject: 1.2, upwards: 0.3 };
/** Verdicts shift log-odds no further. */
const shiftMax = 3;
/** Rounds of the fit; it settles in fewer. */
const rounds = 25;
/** No lesson changes by more in one step of the fit. */
const stepMax = 1;

/**
 * What verdicts teach: findings were right more or less often than their scores said, so the next ones are likelier or less likely, as far as they have
 * something in common: the workspace, the kind, the counterparty. The most probable lessons given all verdicts and an assumption that
 * there is nothing to learn (a Gaussian prior at zero), so that one verdict changes little of a kind and more of one counterparty. `wrong` and `expected`
 * are alike here: nobody needed the finding.
 */
export function learnedShift(judged: readonly JudgedFinding[], lessons: Lessons = usualLessons): Shift {
  const learned = new Map<string, number>();
  const examples = judged.filter(({ finding }) => finding.kind !== "reported").map(({ finding, verdict }) => exampleOf(finding, verdict === "right", lessons));
  const taught = new Map<string, { readonly variance: number; readonly by: Example[] }>();
  for (const example of examples) {
    for (const { name, deviation } of example.touches) {
      const one = taught.get(name) ?? { variance: deviation ** 2, by: [] };
      one.by.push(example);
      taught.set(name, one);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const [name, { variance, by }] of taught) {
      const before = learned.get(name) ?? 0;
      let slope = -before / variance;
      let curve = 1 / variance;
      for (const { isRight, logOdds } of by) {
        const likely = logistic(logOdds);
        slope += isRight - likely;
        curve += likely * (1 - likely);
      }
      const step = Math.max(-stepMax, Math.min(stepMax, slope / curve));
      learned.set(name, before + step);
      for (const example of by) example.logOdds += step;
    }
  }
  return ({ kind, subjectKey }) => {
    let shift = 0;
    for (const { name } of touchesOf(kind, subjectKey.slice(0, subjectCharsMax), lessons)) shift += learned.get(name) ?? 0;
    return Math.max(-shiftMax, Math.min(shiftMax, shift > 0 ? lessons.upwards * shift : shift));
  };
}

/** What a judged finding teaches about, and its log-odds as far as the lessons have come. */
interface Example {
  readonly touches: readonly Touch[];
  readonly isRight: 0 | 1;
  logOdds: number;
}

/** A lesson a finding has to do with. */
interface Touch {
  readonly name: string;
  readonly deviation: number;
}

/** As much of a counterparty's key as a finding keeps. */
const subjectCharsMax = 300;

function exampleOf({ kind, scorePermille, evidence: { signals, subjectKey } }: JudgedFinding["finding"], isRight: boolean, lessons: Lessons): Example {
  const earlier = signals.find(({ name }) => name === verdictsSignal)?.weightMilli ?? 0;
  return { touches: touchesOf(kind, subjectKey, lessons), isRight: isRight ? 1 : 0, logOdds: logit(scorePermille / 1_000) - earlier / 1_000 };
}

function touchesOf(kind: string, subjectKey: string, lessons: Lessons): Touch[] {
  const touches: Touch[] = [
    { name: "all", deviation: lessons.all },
    { name: `kind ${kind}`, deviation: lessons.kind },
  ];
  if (subjectKey !== "") touches.push({ name: `subject ${kind} ${subjectKey}`, deviation: lessons.subject });
  return touches.filter(({ deviation }) => deviation > 0);
}
