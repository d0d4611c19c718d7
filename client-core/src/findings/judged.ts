import { analysisQuality, finding, findingVerdict, type AnalysisQuality, type Finding, type FindingVerdict } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { readRows, type SqlReader } from "../store/index.ts";

/** A finding a person judged, as it was then. */
export interface JudgedFinding {
  readonly finding: Finding;
  readonly verdict: FindingVerdict;
  readonly judgedAt: string;
}

/** The findings of a workspace that people judged and have not opened again, newest first. One a newer version kept in another form is passed over. */
export async function readJudged(reader: SqlReader, workspaceId: string): Promise<JudgedFinding[]> {
  const rows = await readRows(reader, "finding", sql`where "workspace_id" = ${workspaceId} and "status" <> 'open' order by "created_at" desc, "id"`);
  return rows.flatMap(({ id: _id, workspaceId: _workspace, status, createdAt, ...found }) => {
    const verdict = findingVerdict.safeParse(status);
    const parsed = finding.safeParse(found);
    return verdict.success && parsed.success ? [{ finding: parsed.data, verdict: verdict.data, judgedAt: createdAt }] : [];
  });
}

/** How often people said what, and the problems they saw that the engine had not. */
export interface VerdictCounts {
  readonly right: number;
  readonly wrong: number;
  readonly expected: number;
  readonly missed: number;
}

/** Counts verdicts by finding. */
export function countVerdicts(judged: readonly JudgedFinding[]): VerdictCounts {
  const count = (verdict: FindingVerdict, isReported: boolean) => judged.filter((one) => one.verdict === verdict && (one.finding.kind === "reported") === isReported).length;
  return { right: count("right", false), wrong: count("wrong", false), expected: count("expected", false), missed: count("right", true) };
}

/** How good findings are by rows; see `AnalysisQuality` for what counts as what. `open` are those nobody judged yet, of `rows` looked at. */
export function qualityOf(judged: readonly JudgedFinding[], open: readonly Finding[], rows: number): AnalysisQuality {
  const rowsOf = (which: readonly Finding[]) => new Set(which.flatMap((one) => suspectsOf(one)));
  const of = (fits: (one: JudgedFinding) => boolean) => rowsOf(judged.filter(fits).map((one) => one.finding));
  const truePositives = of(({ finding: { kind }, verdict }) => kind !== "reported" && verdict === "right");
  const falsePositives = without(of(({ finding: { kind }, verdict }) => kind !== "reported" && verdict !== "right"), truePositives);
  const falseNegatives = without(of(({ finding: { kind }, verdict }) => kind === "reported" && verdict === "right"), truePositives);
  const unjudged = without(rowsOf(open), new Set([...truePositives, ...falsePositives, ...falseNegatives]));
  const seen = truePositives.size + falsePositives.size + falseNegatives.size;
  return seen === 0
    ? { accuracy: null, precision: null, recall: null, f1Score: null, falsePositiveRate: null }
    : qualityOfCounts(truePositives.size, falsePositives.size, falseNegatives.size, Math.max(0, rows - seen - unjudged.size));
}

/** {@link AnalysisQuality} of a count of rows of each outcome. */
export function qualityOfCounts(truePositives: number, falsePositives: number, falseNegatives: number, trueNegatives: number): AnalysisQuality {
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return analysisQuality.parse({
    accuracy: share(truePositives + trueNegatives, truePositives + falsePositives + falseNegatives + trueNegatives),
    precision: share(truePositives, truePositives + falsePositives),
    recall: share(truePositives, truePositives + falseNegatives),
    f1Score: share(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
    falsePositiveRate: share(falsePositives, falsePositives + trueNegatives),
  });
}

/** The rows a finding puts in question; one about no single row counts as one. */
function suspectsOf({ stableKey, evidence }: Finding): string[] {
  const suspects = evidence.rows.filter(({ role }) => role === "suspect").map(({ transactionId }) => transactionId);
  return suspects.length === 0 ? [stableKey] : suspects;
}

function without(set: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> {
  return new Set([...set].filter((one) => !others.has(one)));
}
