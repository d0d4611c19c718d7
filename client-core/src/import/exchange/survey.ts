import { SaldoError } from "@saldo/schema";
import { importLimits } from "../limits.ts";
import type { Decision, ImportHints, SampleRow, StatementFacts } from "../model.ts";
import { newSink, type RecordSource } from "../sink.ts";
import { currencyOfAccount } from "../values/currency.ts";

/** A source that learns of the statements of its file while it reads them. */
export interface StatementSource extends RecordSource {
  /** What is known so far; whole after the last record. */
  readonly statements: readonly StatementFacts[];
}

/** What one pass over a file says: its statements and its first records as they stand beside what was read of them. */
export interface ExchangeSurvey {
  readonly statements: readonly StatementFacts[];
  readonly sample: readonly SampleRow[];
  /** Different accounts of the statements. */
  readonly accounts: readonly string[];
}

/** Reads a source to its end. Throws `import.no_statement` when the file has none, and the errors of the format. */
export function surveyOf(source: StatementSource): ExchangeSurvey {
  const sample: SampleRow[] = [];
  for (let sink = newSink(); source.next(sink); sink = newSink()) {
    const read = sink.rows[0] ?? sink.refused[0] ?? sink.skipped[0];
    if (read !== undefined && sample.length < importLimits.sampleRowsMax) sample.push({ line: source.line, cells: [...source.cells], read });
  }
  const { statements } = source;
  if (statements.length === 0) throw new SaldoError("import.no_statement");
  return { statements, sample, accounts: [...new Set(statements.flatMap(({ account }) => account ?? []))] };
}

/** Room for one more statement. Throws `import.too_many_statements`. */
export function requireRoom(statements: readonly StatementFacts[]): void {
  if (statements.length >= importLimits.statementsMax) throw new SaldoError("import.too_many_statements", { statementsMax: importLimits.statementsMax });
}

/** The currency of rows that name none: as said, as the statements or account numbers name it, the workspace's, or a guess to be asked. */
export function exchangeCurrency(statements: readonly StatementFacts[], hints: ImportHints): Decision<string> {
  const decided = (value: string, confidence: number, code: string): Decision<string> => ({ value, confidence, reason: { code, params: { currency: value } } });
  if (hints.answers?.currency !== undefined) return { value: hints.answers.currency, confidence: 1, reason: { code: "you_said", params: {} } };
  const named = statements.find(({ currency }) => currency !== null)?.currency;
  const everyNamed = statements.every(({ currency }) => currency !== null);
  if (named !== undefined && named !== null) return decided(named, everyNamed ? 0.99 : 0.6, "currency_of_statement");
  for (const { account } of statements) {
    const byAccount = currencyOfAccount(account ?? "");
    if (byAccount !== undefined) return decided(byAccount, 0.85, "currency_account");
  }
  if (hints.defaultCurrency !== undefined) return decided(hints.defaultCurrency, 0.8, "currency_workspace");
  return decided("USD", 0.2, "currency_unknown");
}
