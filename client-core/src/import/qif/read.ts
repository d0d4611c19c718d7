import { minor, type Minor } from "@saldo/schema";
import { requireRoom, type StatementSource } from "../exchange/survey.ts";
import { cleanText, noFacts, refuse, rowOf } from "../exchange/understood.ts";
import type { DateOrder, DecimalStyle, ReadRow, StatementFacts, TextEncoding } from "../model.ts";
import type { RowSink } from "../sink.ts";
import { LineReader } from "../text/lines.ts";
import { TextPieces } from "../text/pieces.ts";
import { readAmount } from "../values/amount.ts";
import { createDateText, dateRefusal, readDate } from "../values/date.ts";
import { isMoneySection, QifReader, type QifRecord } from "./records.ts";
import type { FileBytes } from "../../file-bytes.ts";

/** What reading needs to know beside the bytes: a QIF file says neither currency nor the order of its dates. */
export interface QifSettings {
  readonly encoding: TextEncoding;
  readonly bomBytes: number;
  readonly currency: string;
  readonly dateOrder: DateOrder;
  readonly decimal: DecimalStyle;
}

/** Opens a QIF file for reading its transactions; each account is a statement. */
export function openQif(bytes: FileBytes, settings: QifSettings): StatementSource {
  return new QifSource(bytes, settings);
}

/** A date as QIF writes it: `1/ 5' 6` is 1/5/2006. */
export function plainQifDate(text: string): string {
  return text.replace(/\s*([/.'-])\s*/g, "$1").replace(/'(\d{1,2})$/, (_, year: string) => `/20${year.padStart(2, "0")}`).replace("'", "/");
}

/** The amount of a record as written. */
export function amountTextOf({ fields }: QifRecord): string {
  return valueOf(fields, "T") || valueOf(fields, "U");
}

/** The value of the first line with a letter, or nothing. */
export function valueOf(fields: QifRecord["fields"], letter: string): string {
  return fields.find(([own]) => own === letter)?.[1] ?? "";
}

class QifSource implements StatementSource {
  readonly statements: StatementFacts[] = [];
  line = 0;
  private readonly pieces: TextPieces;
  private readonly records: QifReader;
  private readonly dateText = createDateText();
  private readonly statementByAccount = new Map<string | null, number>();
  private fields: QifRecord["fields"] = [];

  constructor(
    bytes: FileBytes,
    private readonly settings: QifSettings,
  ) {
    this.pieces = new TextPieces(bytes, settings.encoding, settings.bomBytes);
    this.records = new QifReader(new LineReader(this.pieces));
  }

  get bytesRead(): number {
    return this.pieces.bytesRead;
  }

  get cells(): readonly string[] {
    return ["D", "T", "P", "M", "L"].map((letter) => valueOf(this.fields, letter));
  }

  next(sink: RowSink): boolean {
    const record = this.records.next();
    if (record === undefined) return false;
    this.line = record.line;
    this.fields = record.fields;
    if (isMoneySection(record.section)) this.toRow(record, sink);
    else sink.skipped.push({ line: record.line, reasonCode: "other_record" });
    return true;
  }

  private statementOf(account: string | null): number {
    const known = this.statementByAccount.get(account);
    if (known !== undefined) return known;
    requireRoom(this.statements);
    const index = this.statements.push({ ...noFacts, account, currency: null }) - 1;
    this.statementByAccount.set(account, index);
    return index;
  }

  private toRow(record: QifRecord, sink: RowSink): void {
    const { line, fields, account } = record;
    const { currency, dateOrder } = this.settings;
    const statement = this.statementOf(account);
    const amount = readAmount(amountTextOf(record), this.settings.decimal, currency);
    if (!amount.ok) return refuse(sink, line, `amount_${amount.problem}`, "T");
    const packed = readDate(plainQifDate(valueOf(fields, "D")), dateOrder);
    if (packed < 0) return refuse(sink, line, dateRefusal(packed), "D");
    const payee = cleanText(valueOf(fields, "P"));
    const label = readLabel(valueOf(fields, "L"));
    const facts = this.statements[statement];
    if (facts !== undefined && /^opening balance$/i.test(payee ?? "") && (label.account === null || account === null || label.account === account)) {
      this.statements[statement] = { ...facts, account: account ?? label.account, openingMinor: amount.amountMinor };
      return void sink.skipped.push({ line, reasonCode: "balance_line" });
    }
    const row = rowOf({
      line,
      postedOn: this.dateText(packed),
      amountMinor: amount.amountMinor,
      currency,
      description: cleanText(valueOf(fields, "M")) ?? payee ?? "",
      counterparty: payee,
      account: facts?.account ?? account,
      statement,
      category: label.category,
      counterpartyAccount: label.account,
      kind: label.account === null ? null : "transfer",
    });
    sink.rows.push({ ...row, parts: this.partsOf(row, fields) });
    return undefined;
  }

  /** The splits of a record (S category, E memo, $ amount), when there are several and they add up to it. */
  private partsOf(row: ReadRow, fields: QifRecord["fields"]): ReadRow[] | null {
    const parts: ReadRow[] = [];
    let left: number = row.amountMinor;
    let [category, memo] = ["", ""];
    for (const [letter, value] of fields) {
      if (letter === "S") [category, memo] = [value, ""];
      else if (letter === "E") memo = value;
      else if (letter === "$") {
        const amount = readAmount(value, this.settings.decimal, row.currency);
        if (!amount.ok) return null;
        left -= amount.amountMinor;
        parts.push(partOf(row, amount.amountMinor, category, memo));
      }
    }
    return parts.length > 1 && left === 0 ? parts : null;
  }
}

function partOf(row: ReadRow, amountMinor: Minor, category: string, memo: string): ReadRow {
  const label = readLabel(category);
  return {
    ...row,
    amountMinor: minor(amountMinor),
    description: cleanText(memo) ?? row.description,
    category: label.category,
    counterpartyAccount: label.account,
    kind: label.account === null ? null : "transfer",
  };
}

/** `Category:Sub/Class`, or `[Account]` for a transfer. */
function readLabel(text: string): { readonly category: string | null; readonly account: string | null } {
  const account = /^\[([^\]]+)\]/.exec(text)?.[1];
  if (account !== undefined) return { category: null, account: cleanText(account) };
  const category = cleanText(text.split("/")[0]);
  return { category: category === "--Split--" ? null : category, account: null };
}
