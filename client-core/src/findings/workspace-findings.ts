import { finding, idOfFinding, type AnalysisQuality, type Finding, type Row } from "@saldo/schema";
import type { SqlReader } from "../store/index.ts";
import { examineLedger, tellFindings, type Examined } from "./find-findings.ts";
import { countVerdicts, qualityOf, readJudged, type JudgedFinding, type VerdictCounts } from "./judged.ts";
import { learnedShift } from "./learned-shift.ts";
import { readLedger } from "./stored-ledger.ts";

/** What there is to say about the rows of a workspace, and what people said of it. */
export interface WorkspaceFindings {
  /** Those nobody judged, the likeliest and costliest first. */
  readonly open: readonly Finding[];
  /** Those people judged, the newest first. */
  readonly judged: readonly JudgedFinding[];
  readonly verdicts: VerdictCounts;
  readonly quality: AnalysisQuality;
  /** Rows that were looked at. */
  readonly rows: number;
}

/** Looks through the rows of a workspace. This costs a pass over all of them: keep the answer while they stay as they are. */
export async function examineWorkspace(reader: SqlReader, workspaceId: string, pause?: () => Promise<void>): Promise<Examined> {
  return examineLedger(await readLedger(reader, workspaceId, pause));
}

/** Puts what was seen together with what people said, which also changes how likely the rest is. A finding that was judged does not come back. */
export async function withVerdicts(reader: SqlReader, workspaceId: string, examined: Examined): Promise<WorkspaceFindings> {
  const judged = await readJudged(reader, workspaceId);
  const known = new Set(judged.map((one) => one.finding.stableKey));
  const { findings: open, rows } = tellFindings(examined, { shift: learnedShift(judged), judged: known });
  return { open, judged, verdicts: countVerdicts(judged), quality: qualityOf(judged, open, rows), rows };
}

/** A row a person saw a problem in that no finding told of, as a finding. */
export function reportedFinding({ id, postedOn, amountMinor, currency, counterpartyName, description }: Row<"transaction">): Finding {
  const counterparty = (counterpartyName ?? description).slice(0, 300);
  const size = Math.abs(amountMinor);
  return finding.parse({
    stableKey: `reported:${idOfFinding(`reported\n${id}`)}`,
    kind: "reported",
    severity: "medium",
    scorePermille: 0,
    amountMinor: size,
    currency,
    evidence: {
      version: 1,
      facts: { kind: "reported", counterparty, amountMinor: size, onDate: postedOn },
      rows: [{ transactionId: id, postedOn, amountMinor, role: "suspect" }],
      signals: [],
      subjectKey: "",
    },
  });
}
