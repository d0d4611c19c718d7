import { findingRowsMax, idOfFinding, type Finding } from "@saldo/schema";
import { benfordDeviation } from "./benford.ts";
import type { Candidate } from "./candidate.ts";
import { candidatesOf } from "./candidates.ts";
import { dateOf, type Ledger } from "./ledger.ts";
import { scoreCandidate, type Scored, type Shift } from "./score.ts";
import { kindModels, type KindModels } from "./weights.ts";

/** Most rows in question of a thousand: people stop reading lists that are longer. */
const rowsPerThousandMax = 15;
/** The share of them one kind may take: what a ledger is full of is its habit. */
const kindShareMax = 0.4;
/** Rows in question a small ledger may have whatever its size. */
const rowsFloor = 10;
/** Findings less likely right than this are not told. */
const scorePermilleMin = 280;
/** Single rows less likely than this are passed over before anything is written of them: verdicts seldom lift one from there over the threshold. */
const logOddsFloor = -2.5;

/** What was found in a ledger. */
export interface FoundInLedger {
  /** The likeliest and costliest first. */
  readonly findings: readonly Finding[];
  /** Rows that were looked at. */
  readonly rows: number;
}

/** A ledger with everything in it that may be a finding: the costly half of the work, which verdicts do not change. */
export interface Examined {
  readonly ledger: Ledger;
  readonly candidates: readonly Candidate[];
  readonly digits: ReturnType<typeof benfordDeviation>;
}

/** What people said before. */
export interface Verdicts {
  readonly shift: Shift;
  /** Stable keys of findings that were judged. */
  readonly judged: ReadonlySet<string>;
}

const noVerdicts: Verdicts = { shift: () => 0, judged: new Set() };

/** Finds what is worth a look in a ledger. Pure: equal ledgers give equal findings. */
export function findFindings(ledger: Ledger, models: KindModels = kindModels): FoundInLedger {
  return tellFindings(examineLedger(ledger, models), noVerdicts, models);
}

/** Looks through a ledger. */
export function examineLedger(ledger: Ledger, models: KindModels = kindModels): Examined {
  return { ledger, candidates: candidatesOf(ledger, models, logOddsFloor), digits: benfordDeviation(ledger) };
}

/** The findings of an examined ledger, given what people said. What was judged is not told again, nor is anything else of its rows. */
export function tellFindings({ ledger, candidates, digits }: Examined, { shift, judged }: Verdicts, models: KindModels = kindModels): FoundInLedger {
  const keyOf = keysOf(candidates);
  const taken = new Set<number>();
  if (judged.size > 0) for (const candidate of candidates) if (judged.has(keyOf(candidate))) for (const row of candidate.suspects) taken.add(row);
  const told = candidates.flatMap((candidate) => scoreCandidate(candidate, models, shift, scorePermilleMin) ?? []);
  const fresh = told.filter(({ candidate }) => judged.size === 0 || !judged.has(keyOf(candidate)));
  const kept = withinBudget(withoutRepeats(fresh.toSorted(bySeverity(ledger)), taken), Math.max(rowsFloor, Math.floor((ledger.count * rowsPerThousandMax) / 1_000)));
  const findings = kept.map((one) => toFinding(ledger, one, keyOf(one.candidate)));
  const ofDigits = digits === undefined ? [] : [digitsFinding(digits)].filter(({ stableKey }) => !judged.has(stableKey));
  return { findings: [...findings, ...ofDigits], rows: ledger.count };
}

/** A row in question is told of once, by its likeliest finding. */
function withoutRepeats(scored: readonly Scored[], taken: Set<number>): Scored[] {
  return scored.filter(({ candidate: { suspects } }) => {
    if (suspects.length > 0 && suspects.every((row) => taken.has(row))) return false;
    for (const row of suspects) taken.add(row);
    return true;
  });
}

/** The first findings, as long as they put no more rows in question than a person will look at, and no kind takes most of that. */
function withinBudget(scored: readonly Scored[], rowsMax: number): Scored[] {
  const ofKind = new Map<string, number>();
  let rows = 0;
  return scored.filter(({ candidate: { kind, suspects } }) => {
    const own = Math.max(1, suspects.length);
    const together = (ofKind.get(kind) ?? 0) + own;
    if (rows + own > rowsMax || together > Math.max(rowsFloor, kindShareMax * rowsMax)) return false;
    rows += own;
    ofKind.set(kind, together);
    return true;
  });
}

function bySeverity(ledger: Ledger): (a: Scored, b: Scored) => number {
  const place = ({ candidate }: Scored) => candidate.suspects[0] ?? ledger.count;
  return (a, b) => b.scorePermille - a.scorePermille || (b.candidate.stakeMinor ?? 0) - (a.candidate.stakeMinor ?? 0) || place(a) - place(b);
}

function toFinding(ledger: Ledger, { candidate, scorePermille, signals }: Scored, stableKey: string): Finding {
  const { kind, suspects, beside, facts, stakeMinor, subjectKey } = candidate;
  const row = (role: "suspect" | "beside") => (place: number) => ({
    transactionId: ledger.ids[place] ?? "",
    postedOn: dateOf(ledger.day[place] ?? 0),
    amountMinor: ledger.amountMinor[place] ?? 0,
    role,
  });
  const first = suspects[0] ?? beside[0];
  return {
    stableKey,
    kind,
    severity: severityOf(scorePermille),
    scorePermille,
    amountMinor: stakeMinor,
    currency: first === undefined ? null : (ledger.currencies[ledger.currency[first] ?? 0] ?? null),
    evidence: { version: 1, facts, rows: [...suspects.map(row("suspect")), ...beside.map(row("beside"))].slice(0, findingRowsMax), signals: [...signals], subjectKey: subjectKey.slice(0, 300) },
  };
}

/** Keys of candidates by what they say. Those that say the same are numbered in their order, which is the ledger's. */
function keysOf(candidates: readonly Candidate[]): (candidate: Candidate) => string {
  const seen = new Map<string, number>();
  const contents = new Map<Candidate, string>();
  for (const candidate of candidates) {
    const content = `${candidate.kind}\n${candidate.identity.join("\n")}`;
    const again = seen.get(content) ?? 0;
    seen.set(content, again + 1);
    contents.set(candidate, again === 0 ? content : `${content}\n${again}`);
  }
  return (candidate) => `${candidate.kind}:${idOfFinding(contents.get(candidate) ?? "")}`;
}

/** What the first digits of a whole ledger say: information, which puts no row in question. */
function digitsFinding(facts: NonNullable<Examined["digits"]>): Finding {
  const evidence: Finding["evidence"] = { version: 1, facts, rows: [], signals: [], subjectKey: "" };
  return { stableKey: `benford:${idOfFinding(`benford\n${facts.digit}`)}`, kind: "benford", severity: "low", scorePermille: 0, amountMinor: null, currency: null, evidence };
}

/** From seven in ten on a finding is high, from a half on medium. */
function severityOf(scorePermille: number): Finding["severity"] {
  return scorePermille >= 700 ? "high" : scorePermille >= 500 ? "medium" : "low";
}
