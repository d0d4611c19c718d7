import { SaldoError, type Minor } from "@saldo/schema";
import { cleanText, noFacts, refuse, rowOf } from "../exchange/understood.ts";
import { requireRoom, type StatementSource } from "../exchange/survey.ts";
import type { RowKind, StatementFacts, TextEncoding } from "../model.ts";
import type { RowSink } from "../sink.ts";
import { TextPieces } from "../text/pieces.ts";
import { currencyOfMark } from "../values/currency.ts";
import { createDateText, dateRefusal, readDate } from "../values/date.ts";
import { readPlainAmount } from "../values/plain-amount.ts";
import { TagReader } from "./tags.ts";
import type { FileBytes } from "../../file-bytes.ts";

/** What reading needs to know beside the bytes. */
export interface OfxSettings {
  readonly encoding: TextEncoding;
  readonly bomBytes: number;
  /** The currency of statements that name none. */
  readonly currency: string;
}

/** Opens an OFX or QFX file (1.x SGML, 2.x XML) for reading its transactions. */
export function openOfx(bytes: FileBytes, settings: OfxSettings): StatementSource {
  return new OfxSource(bytes, settings);
}

/** Elements that begin a statement: bank account, credit card, investment account. */
const statementTags = new Set(["STMTRS", "CCSTMTRS", "INVSTMTRS"]);
const ownAccountTags = new Set(["BANKACCTFROM", "CCACCTFROM", "INVACCTFROM"]);
const otherAccountTags = new Set(["BANKACCTTO", "CCACCTTO"]);
const feeTypes = new Set(["FEE", "SRVCHG"]);

type Fields = Map<string, string>;

class OfxSource implements StatementSource {
  readonly statements: StatementFacts[] = [];
  line = 0;
  private readonly pieces: TextPieces;
  private readonly tags: TagReader;
  private readonly dateText = createDateText();
  private fields: Fields = new Map();
  /** True when the start of the next transaction was met before the end of the one at hand. */
  private isOpen = false;
  private isEnded = false;
  private context = "";

  constructor(
    bytes: FileBytes,
    private readonly settings: OfxSettings,
  ) {
    this.pieces = new TextPieces(bytes, settings.encoding, settings.bomBytes);
    this.tags = new TagReader(this.pieces);
  }

  get bytesRead(): number {
    return this.pieces.bytesRead;
  }

  get cells(): readonly string[] {
    return ["DTPOSTED", "TRNAMT", "NAME", "MEMO", "FITID", "TRNTYPE"].map((name) => this.fields.get(name) ?? "");
  }

  next(sink: RowSink): boolean {
    const { tags } = this;
    for (;;) {
      if (!this.isOpen && !tags.next()) {
        if (!this.isEnded) throw new SaldoError("import.cut_off", { line: tags.line });
        return false;
      }
      if (this.isOpen || (tags.name === "STMTTRN" && !tags.isClose)) {
        this.readTransaction();
        this.toRow(sink);
        return true;
      }
      this.readFact();
    }
  }

  private readFact(): void {
    const { name, value, isClose } = this.tags;
    if (isClose) {
      if (name === "OFX") this.isEnded = true;
      if (name === this.context) this.context = "";
      return;
    }
    if (statementTags.has(name)) {
      requireRoom(this.statements);
      this.statements.push(noFacts);
    } else if (ownAccountTags.has(name) || name === "LEDGERBAL" || name === "AVAILBAL") this.context = name;
    else if (name === "CURDEF") this.learn({ currency: currencyOfMark(value) ?? null });
    else if (name === "DTSTART") this.learnPeriod(value, "from");
    else if (name === "DTEND") this.learnPeriod(value, "to");
    else if (this.context === "LEDGERBAL" && name === "BALAMT") this.learn({ closingMinor: this.moneyOf(value) });
    else if (ownAccountTags.has(this.context)) {
      if (name === "ACCTID") this.learn({ account: cleanText(value) });
      if (name === "BANKID") this.learn({ bank: cleanText(value) });
    }
  }

  private get facts(): StatementFacts {
    return this.statements.at(-1) ?? noFacts;
  }

  private learn(facts: Partial<StatementFacts>): void {
    const last = this.statements.length - 1;
    if (last >= 0) this.statements[last] = { ...this.facts, ...facts };
  }

  /** Several lists of one statement: the earliest beginning and the latest end. */
  private learnPeriod(text: string, key: "from" | "to"): void {
    const packed = readOfxDate(text);
    if (packed < 0) return;
    const day = this.dateText(packed);
    const known = this.facts[key];
    if (known === null || (key === "from" ? day < known : day > known)) this.learn({ [key]: day });
  }

  private moneyOf(text: string): Minor | null {
    const amount = readPlainAmount(text, this.facts.currency ?? this.settings.currency);
    return amount.ok ? amount.amountMinor : null;
  }

  /** Collects the leaves of a transaction; those of its sub-elements under their own prefix. */
  private readTransaction(): void {
    const { tags } = this;
    const fields: Fields = new Map();
    this.line = tags.line;
    this.isOpen = false;
    let inside = "";
    for (;;) {
      if (!tags.next()) throw new SaldoError("import.cut_off", { line: this.line });
      const { name, value, isClose } = tags;
      if (name === "STMTTRN" || name === "BANKTRANLIST") {
        this.isOpen = !isClose && name === "STMTTRN";
        this.fields = fields;
        return;
      }
      if (isClose) {
        if (name === inside) inside = "";
      } else if (value !== "") fields.set(inside === "" ? name : `${inside}.${name}`, value);
      else if (otherAccountTags.has(name) || name === "PAYEE" || name === "CURRENCY" || name === "ORIGCURRENCY") inside = name;
    }
  }

  private toRow(sink: RowSink): void {
    const { fields, line, facts } = this;
    const at = (name: string): string => fields.get(name) ?? "";
    const packed = readOfxDate(at("DTPOSTED") || at("DTUSER"));
    if (packed < 0) return refuse(sink, line, dateRefusal(packed), "DTPOSTED");
    // Amounts under CURRENCY are in that currency; under ORIGCURRENCY they are converted already (OFX 2.2, 5.2).
    const named = fields.has("CURRENCY.CURSYM") ? currencyOfMark(at("CURRENCY.CURSYM")) : (facts.currency ?? this.settings.currency);
    if (named === undefined) return refuse(sink, line, "currency_unknown", "CURSYM");
    const amount = readPlainAmount(at("TRNAMT"), named);
    if (!amount.ok) return refuse(sink, line, `amount_${amount.problem}`, "TRNAMT");
    const name = cleanText(at("NAME") || at("PAYEE.NAME"));
    const kind: RowKind | null = feeTypes.has(at("TRNTYPE").toUpperCase()) ? "fee" : null;
    sink.rows.push(
      rowOf({
        line,
        postedOn: this.dateText(packed),
        amountMinor: amount.amountMinor,
        currency: named,
        description: cleanText(at("MEMO")) ?? name ?? "",
        counterparty: name,
        account: facts.account,
        statement: Math.max(0, this.statements.length - 1),
        bankId: cleanText(at("FITID")),
        counterpartyAccount: cleanText(at("BANKACCTTO.ACCTID") || at("CCACCTTO.ACCTID")),
        kind,
      }),
    );
    return undefined;
  }
}

/** `YYYYMMDD[HHMMSS[.XXX]][[offset:zone]]`: the day as the bank wrote it, without any change of zone. */
function readOfxDate(text: string): number {
  return readDate(/^\d{8}/.test(text) ? text.slice(0, 8) : text, "YMD");
}
