import { minor, SaldoError, type Minor } from "@saldo/schema";
import { requireRoom, type StatementSource } from "../exchange/survey.ts";
import { cleanText, noFacts, refuse, rowOf } from "../exchange/understood.ts";
import type { StatementFacts, TextEncoding } from "../model.ts";
import type { RowSink } from "../sink.ts";
import { LineReader } from "../text/lines.ts";
import { TextPieces } from "../text/pieces.ts";
import { currencyOfMark } from "../values/currency.ts";
import { createDateText } from "../values/date.ts";
import { readPlainAmount } from "../values/plain-amount.ts";
import { readDetails } from "./details.ts";
import { FieldReader, type SwiftField } from "./messages.ts";
import { readMovement, readShortDate } from "./movement.ts";
import type { FileBytes } from "../../file-bytes.ts";

/** What reading needs to know beside the bytes. */
export interface Mt940Settings {
  readonly encoding: TextEncoding;
  readonly bomBytes: number;
  /** The currency of statements whose balance names none. */
  readonly currency: string;
}

/** Opens a file of MT940 messages for reading its movements; each message is a statement, so is each page of a long one. */
export function openMt940(bytes: FileBytes, settings: Mt940Settings): StatementSource {
  return new Mt940Source(bytes, settings);
}

class Mt940Source implements StatementSource {
  readonly statements: StatementFacts[] = [];
  line = 0;
  private readonly pieces: TextPieces;
  private readonly fields: FieldReader;
  private readonly dateText = createDateText();
  private pending: SwiftField | "end" | undefined;
  private texts: readonly string[] = [];
  /** Line where a statement began that has no closing balance yet; 0 when none is open. */
  private openSince = 0;

  constructor(
    bytes: FileBytes,
    private readonly settings: Mt940Settings,
  ) {
    this.pieces = new TextPieces(bytes, settings.encoding, settings.bomBytes);
    this.fields = new FieldReader(new LineReader(this.pieces));
  }

  get bytesRead(): number {
    return this.pieces.bytesRead;
  }

  get cells(): readonly string[] {
    return this.texts;
  }

  next(sink: RowSink): boolean {
    for (;;) {
      const field = this.pending ?? this.fields.next();
      this.pending = undefined;
      if (field === undefined) {
        if (this.openSince > 0) throw new SaldoError("import.cut_off", { line: this.openSince });
        return false;
      }
      if (field === "end") continue;
      if (field.tag === "61") {
        this.readRow(field, sink);
        return true;
      }
      this.readFact(field);
    }
  }

  private readFact({ tag, lines, line }: SwiftField): void {
    const text = (lines[0] ?? "").trim();
    switch (tag) {
      case "20":
        requireRoom(this.statements);
        this.statements.push(noFacts);
        this.openSince = line;
        break;
      case "25":
        this.learn(accountOf(text));
        break;
      case "60F":
      case "60M": {
        const { day, currency, amountMinor } = this.balanceOf(text);
        this.learn({ openingMinor: amountMinor, from: day, currency });
        break;
      }
      // An interim report (MT942) names the currency with its floor limit and has no balances.
      case "34F":
        this.learn({ currency: currencyOfMark(text.slice(0, 3)) ?? null });
        this.openSince = 0;
        break;
      case "62F":
      case "62M": {
        const { day, amountMinor } = this.balanceOf(text);
        this.learn({ closingMinor: amountMinor, to: day });
        this.openSince = 0;
        break;
      }
    }
  }

  private get facts(): StatementFacts {
    return this.statements.at(-1) ?? noFacts;
  }

  private learn(facts: Partial<StatementFacts>): void {
    const last = this.statements.length - 1;
    if (last >= 0) this.statements[last] = { ...this.facts, ...facts };
  }

  /** `C160229EUR1200,00` */
  private balanceOf(text: string): { readonly day: string | null; readonly currency: string | null; readonly amountMinor: Minor | null } {
    const [, mark = "", date = "", letters = "", digits = ""] = /^([CD])(\d{6})([A-Z]{3})([\d.,]+)/.exec(text) ?? [];
    const packed = readShortDate(date);
    const currency = currencyOfMark(letters) ?? null;
    const amount = readPlainAmount(digits, currency ?? this.settings.currency);
    return { day: packed < 0 ? null : this.dateText(packed), currency, amountMinor: amount.ok ? minor(mark === "D" ? -amount.amountMinor : amount.amountMinor) : null };
  }

  /** A statement line with the details after it. */
  private readRow(field: SwiftField, sink: RowSink): void {
    this.line = field.line;
    const after = this.fields.next();
    const detailLines = typeof after === "object" && after.tag === "86" ? after.lines : [];
    if (detailLines.length === 0) this.pending = after;
    this.texts = [field.lines[0] ?? "", detailLines.join("\n")];
    const { facts } = this;
    const currency = facts.currency ?? this.settings.currency;
    const movement = readMovement(field.lines[0] ?? "", currency);
    if (movement === "expected") return void sink.skipped.push({ line: field.line, reasonCode: "not_completed" });
    if ("refused" in movement) return refuse(sink, field.line, movement.refused, ":61:");
    const details = readDetails(detailLines);
    sink.rows.push(
      rowOf({
        line: field.line,
        postedOn: this.dateText(movement.bookedOn),
        amountMinor: movement.amountMinor,
        currency,
        ...details,
        description: details.description === "" ? (cleanText(field.lines[1]) ?? "") : details.description,
        account: facts.account,
        statement: Math.max(0, this.statements.length - 1),
        bankId: movement.bankReference,
        kind: movement.type === "CHG" || movement.type === "COM" ? "fee" : null,
      }),
    );
    return undefined;
  }
}

/** `bank/account`, or an account alone, perhaps with its currency behind. */
function accountOf(text: string): Pick<StatementFacts, "account" | "bank"> {
  const slash = text.indexOf("/");
  const [bank, account] = slash < 0 ? [null, text] : [text.slice(0, slash), text.slice(slash + 1)];
  return { bank: cleanText(bank ?? ""), account: cleanText(account.replace(/^([A-Z]{2}\d{2}[A-Z0-9]{11,30}?|\d{6,})\s?[A-Z]{3}$/, "$1")) };
}
