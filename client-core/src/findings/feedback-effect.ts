import type { AnalysisQuality, Finding, FindingVerdict } from "@saldo/schema";
import { tellFindings, type Examined } from "./find-findings.ts";
import type { JudgedFinding } from "./judged.ts";
import { learnedShift, type Lessons } from "./learned-shift.ts";
import { measureFindings } from "./measure.ts";

/** What was found of the half nobody judged, before and after the verdicts on the other half. */
export interface FeedbackEffect {
  readonly verdicts: number;
  readonly before: AnalysisQuality;
  readonly after: AnalysisQuality;
}

/** How a ledger is cut in two: by counterparty, so that no verdict is on one whose rows are measured, or by time, the earlier half judged. */
export type Halving = { readonly by: "counterparty"; readonly seed: number } | { readonly by: "time" };

/** Judges the findings of one half of a ledger as its answers say, and measures those of the other half with and without what that taught. */
export function feedbackEffect(examined: Examined, answers: ReadonlyMap<string, string>, halving: Halving, lessons?: Lessons): FeedbackEffect {
  const isMeasured = measuredRows(examined, halving);
  const { findings } = tellFindings(examined, { shift: () => 0, judged: new Set() });
  const judged = findings.filter((finding) => finding.kind !== "benford" && suspectsOf(finding).length > 0 && !suspectsOf(finding).some((id) => isMeasured.has(id))).map((finding) => judgedAs(finding, suspectsOf(finding).some((id) => answers.has(id)) ? "right" : "wrong"));
  const known = new Set(judged.map(({ finding }) => finding.stableKey));
  const asked = new Map([...answers].filter(([id]) => isMeasured.has(id)));
  const qualityWith = (shift: ReturnType<typeof learnedShift>) => {
    const told = tellFindings(examined, { shift, judged: known }).findings.filter((finding) => suspectsOf(finding).some((id) => isMeasured.has(id)));
    return measureFindings(told, isMeasured.size, asked).quality;
  };
  return { verdicts: judged.length, before: qualityWith(() => 0), after: qualityWith(learnedShift(judged, lessons)) };
}

function suspectsOf({ evidence }: Finding): string[] {
  return evidence.rows.filter(({ role }) => role === "suspect").map(({ transactionId }) => transactionId);
}

function judgedAs(finding: Finding, verdict: FindingVerdict): JudgedFinding {
  return { finding, verdict, judgedAt: "2026-01-01T00:00:00.000Z" };
}

/** The ids of the rows that are measured. */
function measuredRows({ ledger: { count, ids, vendor, vendorKeys } }: Examined, halving: Halving): ReadonlySet<string> {
  const isMeasured = (row: number) => (halving.by === "time" ? row >= count / 2 : hashOf(`${halving.seed} ${vendorKeys[vendor[row] ?? 0] ?? ""}`) % 2 === 1);
  return new Set(ids.filter((_, row) => isMeasured(row)));
}

/** FNV-1a with its bits mixed. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 15)) >>> 0;
}
