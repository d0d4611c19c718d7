import { minor, statementsMax, type Minor, type StatementReport } from "@saldo/schema";
import type { ReadBatch, ReadRow, Refusal, SkippedLine, Understanding } from "../../import/index.ts";
import { collectStatements, type StatementSums } from "./statement-sums.ts";

/** Most refused or skipped lines a survey lists. */
const listedLinesMax = 1_000;

/** Money of the rows of a file in one currency. */
export interface FileSum {
  readonly currency: string;
  readonly inMinor: Minor;
  /** Positive. */
  readonly outMinor: Minor;
}

/** What a file holds as a whole. */
export interface FileTold {
  readonly rowsRead: number;
  readonly sums: readonly FileSum[];
  readonly firstOn: string | null;
  readonly lastOn: string | null;
  readonly statements: readonly StatementReport[];
  readonly refused: readonly Refusal[];
  readonly refusedCount: number;
  readonly skipped: readonly SkippedLine[];
  readonly skippedCount: number;
}

/** Gathers what a reading of a file tells, whichever pass reads it. */
export interface FileSurvey {
  take(batch: ReadBatch): void;
  /** A row, with the account it goes to. */
  takeRow(row: ReadRow, accountId: string): void;
  told(): FileTold;
}

/** Makes a {@link FileSurvey}. */
export function surveyFile(understanding: Understanding): FileSurvey {
  const statements: StatementSums = collectStatements(understanding);
  const sums = new Map<string, { inMinor: number; outMinor: number }>();
  const refused: Refusal[] = [];
  const skipped: SkippedLine[] = [];
  let [rowsRead, refusedCount, skippedCount] = [0, 0, 0];
  let [firstOn, lastOn]: [string | null, string | null] = [null, null];
  return {
    take(batch) {
      refusedCount += batch.refused.length;
      skippedCount += batch.skipped.length;
      if (refused.length < listedLinesMax) refused.push(...batch.refused.slice(0, listedLinesMax - refused.length));
      if (skipped.length < listedLinesMax) skipped.push(...batch.skipped.slice(0, listedLinesMax - skipped.length));
    },
    takeRow(row, accountId) {
      rowsRead++;
      const { currency, amountMinor, postedOn } = row;
      let sum = sums.get(currency);
      if (sum === undefined) sums.set(currency, (sum = { inMinor: 0, outMinor: 0 }));
      if (amountMinor > 0) sum.inMinor += amountMinor;
      else sum.outMinor -= amountMinor;
      if (firstOn === null || postedOn < firstOn) firstOn = postedOn;
      if (lastOn === null || postedOn > lastOn) lastOn = postedOn;
      statements.add(row, accountId);
    },
    told() {
      const sorted = [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sum]) => ({ currency, inMinor: minor(sum.inMinor), outMinor: minor(sum.outMinor) }));
      return { rowsRead, sums: sorted, firstOn, lastOn, statements: statements.reports().slice(0, statementsMax), refused, refusedCount, skipped, skippedCount };
    },
  };
}
