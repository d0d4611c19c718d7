import type { JudgedFinding } from "./judged.ts";
import { logistic, logit } from "./log-odds.ts";
import { verdictsSignal, type Shift, type Signals } from "./score.ts";

/** How far each sort of lesson may lead: standard deviations of what is assumed of it before anything was said (log-odds; shares for signals). */
export interface Lessons {
  /** All findings of a workspace, those of a kind, of a kind at a counterparty, and what one signal of a kind weighs. */
  readonly all: number;
  readonly kind: number;
  readonly subject: number;
  readonly signal: number;
}

const usualLessons: Lessons = { all: 0.5, kind: 0.7, subject: 1.2, signal: 0.3 };
/** Verdicts shift log-odds no further. */
const shiftMax = 3;
/** Rounds of the fit; it settles in fewer. */
const rounds = 25;
/** No lesson changes by more in one step of the fit. */
const stepMax = 1;

/**
 * What verdicts teach: findings were right more or less often than their scores said, so the next ones are likelier or less likely, as far as they have
 * something in common: the workspace, the kind, the counterparty, what spoke for them. The most probable lessons given all verdicts and an assumption that
 * there is nothing to learn (a Gaussian prior at zero), so that one verdict changes little of a kind and more of one counterparty. `wrong` and `expected`
 * are alike here: nobody needed the finding.
 */
export function learnedShift(judged: readonly JudgedFinding[], lessons: Lessons = usualLessons): Shift {
  const learned = new Map<string, number>();
  const examples = judged.filter(({ finding }) => finding.kind !== "reported").map(({ finding, verdict }) => exampleOf(finding, verdict === "right", lessons));
  const taught = new Map<string, { readonly variance: number; readonly by: { readonly example: Example; readonly strength: number }[] }>();
  for (const example of examples) {
    for (const { name, strength, deviation } of example.touches) {
      const one = taught.get(name) ?? { variance: deviation ** 2, by: [] };
      one.by.push({ example, strength });
      taught.set(name, one);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const [name, { variance, by }] of taught) {
      const before = learned.get(name) ?? 0;
      let slope = -before / variance;
      let curve = 1 / variance;
      for (const { example, strength } of by) {
        const likely = logistic(example.logOdds);
        slope += strength * (example.isRight - likely);
        curve += strength ** 2 * likely * (1 - likely);
      }
      const step = Math.max(-stepMax, Math.min(stepMax, slope / curve));
      learned.set(name, before + step);
      for (const { example, strength } of by) example.logOdds += strength * step;
    }
  }
  return ({ kind, subjectKey }, signals) => {
    let shift = 0;
    for (const { name, strength } of touchesOf(kind, subjectKey.slice(0, subjectCharsMax), signals, lessons)) shift += strength * (learned.get(name) ?? 0);
    return Math.max(-shiftMax, Math.min(shiftMax, shift));
  };
}

/** What a judged finding teaches about, and its log-odds as far as the lessons have come. */
interface Example {
  readonly touches: readonly Touch[];
  readonly isRight: 0 | 1;
  logOdds: number;
}

/** A lesson a finding has to do with, and how much. */
interface Touch {
  readonly name: string;
  readonly strength: number;
  readonly deviation: number;
}

/** As much of a counterparty's key as a finding keeps. */
const subjectCharsMax = 300;

function exampleOf({ kind, scorePermille, evidence: { signals, subjectKey } }: JudgedFinding["finding"], isRight: boolean, lessons: Lessons): Example {
  const earlier = signals.find(({ name }) => name === verdictsSignal)?.weightMilli ?? 0;
  return { touches: touchesOf(kind, subjectKey, signals, lessons), isRight: isRight ? 1 : 0, logOdds: logit(scorePermille / 1_000) - earlier / 1_000 };
}

function touchesOf(kind: string, subjectKey: string, signals: Signals, lessons: Lessons): Touch[] {
  const touches: Touch[] = [
    { name: "all", strength: 1, deviation: lessons.all },
    { name: `kind ${kind}`, strength: 1, deviation: lessons.kind },
  ];
  if (subjectKey !== "") touches.push({ name: `subject ${kind} ${subjectKey}`, strength: 1, deviation: lessons.subject });
  for (const { name, weightMilli } of signals) if (name !== verdictsSignal) touches.push({ name: `signal ${kind} ${name}`, strength: weightMilli / 1_000, deviation: lessons.signal });
  return touches.filter(({ deviation }) => deviation > 0);
}
