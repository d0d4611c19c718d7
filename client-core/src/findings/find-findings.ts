import { findingRowsMax, idOfFinding, type Finding, type FindingKind } from "@saldo/schema";
import type { Candidate } from "./candidate.ts";
import { duplicateCandidates } from "./duplicates.ts";
import { dateOf, type Ledger } from "./ledger.ts";
import { scoreCandidate, type Scored } from "./score.ts";
import { typicalAmount } from "./typical.ts";

/** Most findings of a thousand rows: people stop reading lists that are longer. */
const findingsPerThousandMax = 15;
/** Findings a small ledger may have whatever its size. */
const findingsFloor = 10;
/** Findings less likely right than this are not told. */
const scorePermilleMin = 350;

/** What was found in a ledger. */
export interface FoundInLedger {
  /** The likeliest and costliest first. */
  readonly findings: readonly Finding[];
  /** Rows that were looked at. */
  readonly rows: number;
}

/** Finds what is worth a look in a ledger. Pure: equal ledgers give equal findings. */
export function findFindings(ledger: Ledger): FoundInLedger {
  const scored = duplicateCandidates(ledger, typicalAmount(ledger)).map(scoreCandidate);
  const told = scored.filter(({ scorePermille }) => scorePermille >= scorePermilleMin).toSorted(bySeverity(ledger));
  const kept = withoutRepeats(told).slice(0, Math.max(findingsFloor, Math.floor((ledger.count * findingsPerThousandMax) / 1_000)));
  const keys = new Map<string, number>();
  return { findings: kept.map((one) => toFinding(ledger, one, keys)), rows: ledger.count };
}

/** A row in question is told of once, by its likeliest finding. */
function withoutRepeats(scored: readonly Scored[]): Scored[] {
  const taken = new Set<number>();
  return scored.filter(({ candidate: { suspects } }) => {
    if (suspects.length > 0 && suspects.every((row) => taken.has(row))) return false;
    for (const row of suspects) taken.add(row);
    return true;
  });
}

function bySeverity(ledger: Ledger): (a: Scored, b: Scored) => number {
  const place = ({ candidate }: Scored) => candidate.suspects[0] ?? ledger.count;
  return (a, b) => b.scorePermille - a.scorePermille || (b.candidate.stakeMinor ?? 0) - (a.candidate.stakeMinor ?? 0) || place(a) - place(b);
}

function toFinding(ledger: Ledger, { candidate, scorePermille, signals }: Scored, keys: Map<string, number>): Finding {
  const { kind, suspects, beside, facts, stakeMinor, subjectKey } = candidate;
  const row = (role: "suspect" | "beside") => (place: number) => ({
    transactionId: ledger.ids[place] ?? "",
    postedOn: dateOf(ledger.day[place] ?? 0),
    amountMinor: ledger.amountMinor[place] ?? 0,
    role,
  });
  const first = suspects[0] ?? beside[0];
  return {
    stableKey: stableKey(candidate, keys),
    kind,
    severity: severityOf(kind, scorePermille),
    scorePermille,
    amountMinor: stakeMinor,
    currency: first === undefined ? null : (ledger.currencies[ledger.currency[first] ?? 0] ?? null),
    evidence: { version: 1, facts, rows: [...suspects.map(row("suspect")), ...beside.map(row("beside"))].slice(0, findingRowsMax), signals: [...signals], subjectKey: subjectKey.slice(0, 300) },
  };
}

/** Two findings that say the same get numbers in their order, which is the ledger's. */
function stableKey({ kind, identity }: Candidate, keys: Map<string, number>): string {
  const content = `${kind}\n${identity.join("\n")}`;
  const again = keys.get(content) ?? 0;
  keys.set(content, again + 1);
  return `${kind}:${idOfFinding(again === 0 ? content : `${content}\n${again}`)}`;
}

/** From seven in ten on a finding is high, from a half on medium. What is only information is low. */
function severityOf(kind: FindingKind, scorePermille: number): Finding["severity"] {
  if (kind === "benford") return "low";
  return scorePermille >= 700 ? "high" : scorePermille >= 500 ? "medium" : "low";
}
