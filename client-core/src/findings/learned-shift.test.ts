import type { Finding, FindingVerdict } from "@saldo/schema";
import { expect, test } from "vitest";
import type { Candidate } from "./candidate.ts";
import type { JudgedFinding } from "./judged.ts";
import { learnedShift } from "./learned-shift.ts";
import { verdictsSignal } from "./score.ts";

const judged = (kind: Finding["kind"], subjectKey: string, scorePermille: number, verdict: FindingVerdict, earlierMilli = 0): JudgedFinding => ({
  finding: {
    stableKey: `${kind}:x`,
    kind,
    severity: "low",
    scorePermille,
    amountMinor: null,
    currency: null,
    evidence: { version: 1, facts: { kind: "reported", counterparty: subjectKey, amountMinor: 1, onDate: "2026-01-01" }, rows: [], signals: earlierMilli === 0 ? [] : [{ name: verdictsSignal, weightMilli: earlierMilli }], subjectKey },
  },
  verdict,
  judgedAt: "2026-01-01T00:00:00.000Z",
});
const many = (count: number, make: (index: number) => JudgedFinding) => Array.from({ length: count }, (_, index) => make(index));
const about = (kind: Candidate["kind"], subjectKey: string): Candidate => ({ kind, suspects: [], beside: [], features: [], facts: judged(kind, subjectKey, 1, "right").finding.evidence.facts, stakeMinor: null, identity: [], subjectKey });
const shiftOf = (verdicts: readonly JudgedFinding[], candidate: Candidate) => learnedShift(verdicts, { all: 0.5, kind: 0.7, subject: 1.2, upwards: 1 })(candidate);

test("verdicts as often right as promised teach nothing", () => {
  const verdicts = many(40, (index) => judged("round_amount", `v${index}`, 500, index % 2 === 0 ? "right" : "wrong"));
  expect(Math.abs(shiftOf(verdicts, about("round_amount", "other")))).toBeLessThan(0.01);
});

test("a kind that is wrong more often than promised loses, others lose less, the counterparty itself most", () => {
  const verdicts = many(6, (index) => judged("round_amount", `v${index}`, 600, "wrong"));
  const [own, sameKind, otherKind] = [shiftOf(verdicts, about("round_amount", "v0")), shiftOf(verdicts, about("round_amount", "new")), shiftOf(verdicts, about("duplicate_near", "new"))];
  expect(own).toBeLessThan(sameKind);
  expect(sameKind).toBeLessThan(otherKind);
  expect(otherKind).toBeLessThan(0);
  expect(Math.abs(shiftOf(verdicts.slice(0, 1), about("round_amount", "new")))).toBeLessThan(0.6);
});

test("what earlier verdicts did to a score is not learned away by the next ones", () => {
  // Shifted up by two from 27% to 73%, and 73% were right.
  const verdicts = many(40, (index) => judged("round_amount", `v${index}`, 731, index % 4 === 0 ? "wrong" : "right", 2_000));
  expect(shiftOf(verdicts, about("round_amount", "new"))).toBeGreaterThan(1.2);
});
