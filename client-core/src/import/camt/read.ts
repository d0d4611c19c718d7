import { minor, type Minor } from "@saldo/schema";
import { requireRoom, type StatementSource } from "../exchange/survey.ts";
import { cleanText, noFacts, refuse, rowOf } from "../exchange/understood.ts";
import type { ReadRow, StatementFacts, TextEncoding } from "../model.ts";
import type { RowSink } from "../sink.ts";
import { TextPieces } from "../text/pieces.ts";
import { currencyOfMark } from "../values/currency.ts";
import { createDateText, dateRefusal, readDate } from "../values/date.ts";
import { readPlainAmount } from "../values/plain-amount.ts";
import { XmlReader } from "../xml/reader.ts";
import { eachChild } from "./elements.ts";
import { partsMax, readAmountText, readEntry, readIdOf, type AmountText, type Entry, type PaymentDetails } from "./entry.ts";
import { roundParts } from "./parts.ts";
import type { FileBytes } from "../../file-bytes.ts";

/** What reading needs to know beside the bytes. */
export interface CamtSettings {
  readonly encoding: TextEncoding;
  readonly bomBytes: number;
  readonly currency: string;
}

/**
 * Opens a camt.052, .053 or .054 message (versions 2 to 8) for reading its entries; each `Stmt`, `Rpt` or `Ntfctn` is a statement.
 * `CdtDbtInd` says which way an entry moves the account, also when it is a reversal: `RvslInd` only says that the entry undone went the
 * other way (ISO 20022, ReversalIndicator).
 */
export function openCamt(bytes: FileBytes, settings: CamtSettings): StatementSource {
  return new CamtSource(bytes, settings);
}

const messageNames = new Set(["BkToCstmrStmt", "BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn"]);
const statementNames = new Set(["Stmt", "Rpt", "Ntfctn"]);
/** Entries announced or still changing. */
const notBooked = new Set(["PDNG", "INFO", "FUTR"]);
/** Sub-families of bank transaction codes that are charges. */
const chargeCodes = new Set(["CHRG", "FEES", "COMM"]);

class CamtSource implements StatementSource {
  readonly statements: StatementFacts[] = [];
  line = 0;
  private readonly pieces: TextPieces;
  private readonly xml: XmlReader;
  private readonly dateText = createDateText();
  private texts: readonly string[] = [];
  /** True between the start of a statement and its end, where its elements follow one another. */
  private isInside = false;
  private statementDepth = 0;

  constructor(
    bytes: FileBytes,
    private readonly settings: CamtSettings,
  ) {
    this.pieces = new TextPieces(bytes, settings.encoding, settings.bomBytes);
    this.xml = new XmlReader(textOf(this.pieces), "camt");
  }

  get bytesRead(): number {
    return this.pieces.bytesRead;
  }

  get cells(): readonly string[] {
    return this.texts;
  }

  next(sink: RowSink): boolean {
    const { xml } = this;
    for (;;) {
      const token = xml.next();
      if (token === "end") return false;
      if (token === "close" && this.isInside && xml.depth < this.statementDepth) this.isInside = false;
      if (token !== "open") continue;
      if (!this.isInside) this.enter();
      else if (xml.name === "Ntry") {
        this.toRow(readEntry(xml), sink);
        return true;
      } else this.readFact();
    }
  }

  /** Outside of statements: goes into the document, its message and the next statement, passes over all else. */
  private enter(): void {
    const { xml } = this;
    if (statementNames.has(xml.name)) {
      requireRoom(this.statements);
      this.statements.push(noFacts);
      this.isInside = true;
      this.statementDepth = xml.depth;
    } else if (xml.depth > 1 && !messageNames.has(xml.name)) xml.skip();
  }

  private readFact(): void {
    const { xml } = this;
    if (xml.name === "Acct") this.readAccount();
    else if (xml.name === "Bal") this.readBalance();
    else if (xml.name === "FrToDt") {
      eachChild(xml, (name) => {
        const day = this.dayOf(xml.innerText());
        if (name.startsWith("Fr")) this.learn({ from: day });
        else if (name.startsWith("To")) this.learn({ to: day });
      });
    } else xml.skip();
  }

  private readAccount(): void {
    const { xml } = this;
    let account = "";
    eachChild(xml, (name) => {
      if (name === "Id") account = readIdOf(xml);
      else if (name === "Ccy") this.learn({ currency: currencyOfMark(xml.innerText().trim()) ?? null });
      else if (name === "Svcr") {
        eachChild(xml, () => {
          eachChild(xml, (child) => {
            if (child === "BIC" || child === "BICFI") this.learn({ bank: cleanText(xml.innerText()) });
          });
        });
      }
    });
    this.learn({ account: cleanText(account) });
  }

  private readBalance(): void {
    const { xml } = this;
    let [code, mark, day]: string[] = ["", "", ""];
    let amount: AmountText | undefined;
    eachChild(xml, (name) => {
      if (name === "Tp") code = xml.innerText().trim();
      else if (name === "Amt") amount = readAmountText(xml);
      else if (name === "CdtDbtInd") mark = xml.innerText().trim();
      else if (name === "Dt") day = xml.innerText().trim();
    });
    if (amount === undefined) return;
    const currency = this.facts.currency ?? currencyOfMark(amount.currency) ?? null;
    const amountMinor = this.moneyOf(amount, mark === "DBIT");
    if (code === "CLBD") this.learn({ currency, closingMinor: amountMinor, to: this.facts.to ?? this.dayOf(day ?? "") });
    else if (code === "OPBD" || (code === "PRCD" && this.facts.openingMinor === null)) this.learn({ currency, openingMinor: amountMinor });
  }

  private get facts(): StatementFacts {
    return this.statements.at(-1) ?? noFacts;
  }

  private learn(facts: Partial<StatementFacts>): void {
    const last = this.statements.length - 1;
    if (last >= 0) this.statements[last] = { ...this.facts, ...facts };
  }

  private dayOf(text: string): string | null {
    const packed = readDate(text.trim().slice(0, 10), "YMD");
    return packed < 0 ? null : this.dateText(packed);
  }

  private moneyOf({ text, currency }: AmountText, isOut: boolean): Minor | null {
    const amount = readPlainAmount(text, currencyOfMark(currency) ?? this.settings.currency);
    return amount.ok ? minor(isOut ? -amount.amountMinor : amount.amountMinor) : null;
  }

  private toRow(entry: Entry, sink: RowSink): void {
    const { line, amount, mark } = entry;
    const [only] = entry.details;
    this.line = line;
    this.texts = [entry.bookedOn || entry.valueOn, amount === undefined ? "" : `${amount.text} ${amount.currency}`, mark, only?.remittance ?? entry.note, entry.bankReference];
    if (notBooked.has(entry.status)) return void sink.skipped.push({ line, reasonCode: "not_completed" });
    const packed = readDate((entry.bookedOn || entry.valueOn).slice(0, 10), "YMD");
    if (packed < 0) return refuse(sink, line, dateRefusal(packed), "BookgDt");
    if (amount === undefined) return refuse(sink, line, "amount_missing", "Amt");
    if (mark !== "CRDT" && mark !== "DBIT") return refuse(sink, line, "direction_unknown", "CdtDbtInd");
    const currency = amount.currency === "" ? (this.facts.currency ?? this.settings.currency) : currencyOfMark(amount.currency);
    if (currency === undefined) return refuse(sink, line, "currency_unknown", "Ccy");
    const read = readPlainAmount(amount.text, currency);
    if (!read.ok) return refuse(sink, line, `amount_${read.problem}`, "Amt");
    const isOut = mark === "DBIT";
    const single = entry.details.length === 1 ? only : undefined;
    const row = rowOf({
      line,
      postedOn: this.dateText(packed),
      amountMinor: minor(isOut ? -read.amountMinor : read.amountMinor),
      currency,
      ...textsOf(single ?? onlyTexts(entry), isOut, entry.note),
      account: this.facts.account,
      statement: Math.max(0, this.statements.length - 1),
      bankId: cleanText(entry.bankReference || single?.bankReference),
      kind: chargeCodes.has(entry.code) ? "fee" : null,
    });
    sink.rows.push(single === undefined ? { ...row, parts: partsOf(row, entry) } : row);
    return undefined;
  }
}

/** The payments of a batch entry as parts of its row, when they add up to it. */
function partsOf(row: ReadRow, entry: Entry): ReadRow[] | null {
  const { amount, details, mark } = entry;
  if (amount === undefined || details.length < 2 || details.length > partsMax) return null;
  const shares = details.map((payment): { amount: AmountText | undefined; sign: 1 | -1 } => ({ amount: payment.amount, sign: payment.mark === "" || payment.mark === mark ? 1 : -1 }));
  const amounts = roundParts(amount, shares);
  if (amounts === undefined) return null;
  const direction = mark === "DBIT" ? -1 : 1;
  return details.map((payment, at) => {
    const amountMinor = minor(direction * (amounts[at] ?? 0));
    return { ...row, amountMinor, ...textsOf(payment, amountMinor < 0, entry.note), bankId: cleanText(payment.bankReference) };
  });
}

type Texts = Pick<ReadRow, "description" | "counterparty" | "counterpartyAccount">;

/** The other side of a payment is its creditor when money went out, its debtor when it came in; some banks name only one. */
function textsOf(payment: Pick<PaymentDetails, "debtor" | "debtorAccount" | "creditor" | "creditorAccount" | "remittance" | "note">, isOut: boolean, entryNote: string): Texts {
  const [first, second] = isOut ? [payment.creditor, payment.debtor] : [payment.debtor, payment.creditor];
  const [account, otherAccount] = isOut ? [payment.creditorAccount, payment.debtorAccount] : [payment.debtorAccount, payment.creditorAccount];
  return {
    description: cleanText(payment.remittance) ?? cleanText(payment.note) ?? cleanText(entryNote) ?? "",
    counterparty: cleanText(first || second),
    counterpartyAccount: cleanText(account || otherAccount),
  };
}

function onlyTexts({ note, details }: Entry): PaymentDetails {
  const remittance = details.length === 0 ? "" : note === "" ? (details[0]?.remittance ?? "") : note;
  return { amount: undefined, mark: "", bankReference: "", debtor: "", debtorAccount: "", creditor: "", creditorAccount: "", remittance, note };
}

function* textOf(pieces: TextPieces): Generator<string, void, void> {
  while (!pieces.done) yield pieces.next();
}
