import { askBelowConfidence, importLimits } from "../limits.ts";
import type { ColumnRole, Decision, Question, ReadRow, Refusal, RefusalCode, SampleRow, StatementFacts, TextEncoding, UnderstoodColumn } from "../model.ts";
import { newSink, type RecordSource, type RowSink } from "../sink.ts";

/** The fields of a structured format as columns: their meaning is given, so it needs no judgement. */
export function fieldsOfFormat(fields: readonly (readonly [name: string, role: ColumnRole])[]): UnderstoodColumn[] {
  return fields.map(([name, role], index) => ({ index, name, role, confidence: 1, reason: { code: "field_of_format", params: {} } }));
}

/** The first records of a source as they stand in the file beside what was read of them. Reads no further. */
export function sampleOf(source: RecordSource): SampleRow[] {
  const sample: SampleRow[] = [];
  for (let sink = newSink(); sample.length < importLimits.sampleRowsMax && source.next(sink); sink = newSink()) {
    const read = sink.rows[0] ?? sink.refused[0] ?? sink.skipped[0];
    if (read !== undefined) sample.push({ line: source.line, cells: [...source.cells], read });
  }
  return sample;
}

/** Puts a refusal into a sink. */
export function refuse(sink: RowSink, line: number, reasonCode: RefusalCode, column: string | null): void {
  const refusal: Refusal = { line, reasonCode, column };
  sink.refused.push(refusal);
}

/** A row with nothing but what every format gives. */
export type PlainRow = Pick<ReadRow, "line" | "postedOn" | "amountMinor" | "currency" | "description" | "statement" | "account">;

/** Completes a row: fields not given are null. */
export function rowOf(row: PlainRow & Partial<ReadRow>): ReadRow {
  return {
    line: row.line,
    postedOn: row.postedOn,
    amountMinor: row.amountMinor,
    currency: row.currency,
    description: row.description,
    counterparty: row.counterparty ?? null,
    account: row.account,
    category: row.category ?? null,
    bankId: row.bankId ?? null,
    counterpartyAccount: row.counterpartyAccount ?? null,
    counterpartyTaxId: row.counterpartyTaxId ?? null,
    kind: row.kind ?? null,
    statement: row.statement,
    parts: row.parts ?? null,
  };
}

/** A text without line breaks and doubled blanks; null when nothing is left. */
export function cleanText(text: string | undefined): string | null {
  if (text === undefined) return null;
  const isSpaced = text.includes("  ") || text.includes("\n") || text.includes("\t") || text.includes("\u00a0");
  const clean = isSpaced ? text.replace(/\s+/g, " ").trim() : text.trim();
  return clean === "" ? null : clean;
}

/** Facts of a statement nothing is known of yet. */
export const noFacts: StatementFacts = { account: null, bank: null, currency: null, from: null, to: null, openingMinor: null, closingMinor: null };

/** The questions a structured format can leave open: its currency, and letters that fit several encodings. */
export function exchangeQuestions({ currency, encoding }: { readonly currency: Decision<string>; readonly encoding: Decision<TextEncoding> }): Question[] {
  const ask = (code: "currency" | "encoding", { value, confidence, reason }: Decision<string>, options: readonly string[]): Question[] =>
    confidence >= askBelowConfidence ? [] : [{ code, answerKey: code, options, chosen: value, confidence, reason }];
  return [...ask("currency", currency, [currency.value]), ...ask("encoding", encoding, ["utf-8", "windows-1250", "windows-1251", "windows-1252", "ibm866"])];
}
