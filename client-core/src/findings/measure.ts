import type { AnalysisQuality, Finding } from "@saldo/schema";
import { qualityOfCounts } from "./judged.ts";

/** How findings stand against what is known of the rows. */
export interface Measured {
  readonly quality: AnalysisQuality;
  /** Findings that put rows in question, and such rows, of a thousand rows of the ledger. */
  readonly findingsPerThousand: number;
  readonly rowsPerThousand: number;
  /** Of each answer: how many rows have it, and how many of them findings name. */
  readonly byAnswer: ReadonlyMap<string, { readonly rows: number; readonly found: number }>;
  /** Of each kind of finding: rows in question, and how many of them are anomalies. */
  readonly byKind: ReadonlyMap<string, { readonly rows: number; readonly right: number }>;
}

/** Measures findings by rows: a row is reported when a finding puts it in question, and an anomaly when there is an answer for it. */
export function measureFindings(findings: readonly Finding[], rows: number, answers: ReadonlyMap<string, string>): Measured {
  const reported = new Set<string>();
  const byKind = new Map<string, { rows: number; right: number }>();
  let told = 0;
  for (const { kind, evidence } of findings) {
    const suspects = evidence.rows.filter(({ role }) => role === "suspect").map(({ transactionId }) => transactionId);
    if (suspects.length > 0) told++;
    const own = byKind.get(kind) ?? { rows: 0, right: 0 };
    for (const id of suspects) {
      reported.add(id);
      own.rows++;
      if (answers.has(id)) own.right++;
    }
    byKind.set(kind, own);
  }
  const byAnswer = new Map<string, { rows: number; found: number }>();
  for (const [id, answer] of answers) {
    const own = byAnswer.get(answer) ?? { rows: 0, found: 0 };
    own.rows++;
    if (reported.has(id)) own.found++;
    byAnswer.set(answer, own);
  }
  const right = [...reported].filter((id) => answers.has(id)).length;
  const wrong = reported.size - right;
  return {
    quality: qualityOfCounts(right, wrong, answers.size - right, rows - wrong - answers.size),
    findingsPerThousand: (1_000 * told) / rows,
    rowsPerThousand: (1_000 * reported.size) / rows,
    byAnswer,
    byKind,
  };
}
