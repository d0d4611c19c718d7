import { SaldoError } from "@saldo/schema";
import { expect } from "vitest";
import { readRows, sayReason, sayRefusal, saySkip, understandFile, type Decision, type Understanding } from "../index.ts";

/** Whatever was decided of a file, in any of its fields. */
function decisionsOf(understanding: Understanding): Pick<Decision<unknown>, "confidence" | "reason">[] {
  const fields: readonly unknown[] = Object.values(understanding);
  return [...fields, ...understanding.columns, ...understanding.questions].flatMap((field) => (isDecision(field) ? [field] : []));
}

function isDecision(field: unknown): field is Decision<unknown> {
  return typeof field === "object" && field !== null && "confidence" in field && "reason" in field;
}

/** Reads a file to its end; only catalogue errors may come out, every record is accounted for, every reason has words, parts add up. */
export async function readOrRefuse(bytes: Uint8Array): Promise<void> {
  try {
    const understanding = await understandFile(bytes);
    for (const decision of decisionsOf(understanding)) {
      expect(decision.confidence).toBeGreaterThanOrEqual(0);
      expect(decision.confidence).toBeLessThanOrEqual(1);
      expect(sayReason(decision.reason, "ru")).not.toMatch(/\{[a-z]+\}/);
      expect(sayReason(decision.reason, "en")).not.toBe("");
    }
    for await (const batch of readRows(bytes, understanding, { batchRows: 3 })) {
      for (const row of batch.rows) {
        expect(row.postedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
        expect(Number.isSafeInteger(row.amountMinor)).toBe(true);
        expect(row.currency).toMatch(/^[A-Z]{3}$/);
        expect(row.statement).toBeLessThan(understanding.statements.length);
        if (row.parts !== null) expect(row.parts.reduce((sum, part) => sum + part.amountMinor, 0)).toBe(row.amountMinor);
      }
      for (const line of batch.refused) expect(sayRefusal(line.reasonCode, "en")).not.toBe("");
      for (const line of batch.skipped) expect(saySkip(line.reasonCode, "en")).not.toBe("");
    }
  } catch (error) {
    if (!(error instanceof SaldoError)) throw error;
  }
}
