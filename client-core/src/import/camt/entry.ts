import type { XmlReader } from "../xml/reader.ts";
import { eachChild } from "./elements.ts";

/** An amount as the file writes it. */
export interface AmountText {
  readonly text: string;
  readonly currency: string;
}

/** One of the payments an entry is made of. */
export interface PaymentDetails {
  amount: AmountText | undefined;
  /** CRDT or DBIT; empty when it is that of the entry. */
  mark: string;
  bankReference: string;
  debtor: string;
  debtorAccount: string;
  creditor: string;
  creditorAccount: string;
  remittance: string;
  note: string;
}

/** An entry of a statement, as it stands. */
export interface Entry {
  readonly line: number;
  amount: AmountText | undefined;
  mark: string;
  status: string;
  bookedOn: string;
  valueOn: string;
  bankReference: string;
  /** Sub-family of the ISO bank transaction code. */
  code: string;
  note: string;
  readonly details: PaymentDetails[];
}

/** Most payments of one entry that become parts of its row. */
export const partsMax = 1_000;

/** Reads the `Ntry` just opened (camt.052/053/054, versions 2 to 8). */
export function readEntry(xml: XmlReader): Entry {
  const entry: Entry = { line: xml.line, amount: undefined, mark: "", status: "", bookedOn: "", valueOn: "", bankReference: "", code: "", note: "", details: [] };
  eachChild(xml, (name) => {
    switch (name) {
      case "Amt":
        entry.amount = readAmountText(xml);
        break;
      case "CdtDbtInd":
        entry.mark = xml.innerText().trim();
        break;
      // `<Sts>…` and `<Sts><Cd>…`, `<Dt>…` and `<DtTm>…` alike: what text there is.
      case "Sts":
        entry.status = xml.innerText().trim();
        break;
      case "BookgDt":
        entry.bookedOn = xml.innerText().trim();
        break;
      case "ValDt":
        entry.valueOn = xml.innerText().trim();
        break;
      case "AcctSvcrRef":
        entry.bankReference = xml.innerText().trim();
        break;
      case "BkTxCd":
        entry.code = readCode(xml);
        break;
      case "AddtlNtryInf":
        entry.note = xml.innerText();
        break;
      case "NtryDtls":
        eachChild(xml, (child) => {
          if (child === "TxDtls" && entry.details.length <= partsMax) entry.details.push(readPayment(xml));
        });
    }
  });
  return entry;
}

/** The amount of the `Amt` just opened. */
export function readAmountText(xml: XmlReader): AmountText {
  const currency = xml.attribute("Ccy") ?? "";
  return { currency, text: xml.innerText().trim() };
}

function readCode(xml: XmlReader): string {
  let code = "";
  eachChild(xml, (name) => {
    if (name !== "Domn") return;
    eachChild(xml, (domain) => {
      if (domain !== "Fmly") return;
      eachChild(xml, (family) => {
        if (family === "SubFmlyCd") code = xml.innerText().trim();
      });
    });
  });
  return code;
}

function readPayment(xml: XmlReader): PaymentDetails {
  const payment: PaymentDetails = { amount: undefined, mark: "", bankReference: "", debtor: "", debtorAccount: "", creditor: "", creditorAccount: "", remittance: "", note: "" };
  eachChild(xml, (name) => {
    switch (name) {
      case "Amt":
        payment.amount = readAmountText(xml);
        break;
      case "AmtDtls":
        eachChild(xml, (kind) => {
          if (kind !== "TxAmt" || payment.amount !== undefined) return;
          eachChild(xml, (child) => {
            if (child === "Amt") payment.amount = readAmountText(xml);
          });
        });
        break;
      case "CdtDbtInd":
        payment.mark = xml.innerText().trim();
        break;
      case "Refs":
        eachChild(xml, (child) => {
          if (child === "AcctSvcrRef") payment.bankReference = xml.innerText().trim();
        });
        break;
      case "RltdPties":
        readParties(xml, payment);
        break;
      case "RmtInf":
        payment.remittance = readRemittance(xml);
        break;
      case "AddtlTxInf":
        payment.note = xml.innerText();
    }
  });
  return payment;
}

function readParties(xml: XmlReader, payment: PaymentDetails): void {
  eachChild(xml, (name) => {
    if (name === "Dbtr") payment.debtor = readName(xml);
    else if (name === "Cdtr") payment.creditor = readName(xml);
    else if (name === "DbtrAcct") payment.debtorAccount = readAccountId(xml);
    else if (name === "CdtrAcct") payment.creditorAccount = readAccountId(xml);
  });
}

/** `Nm`, since version 8 inside of `Pty`. */
function readName(xml: XmlReader): string {
  let found = "";
  eachChild(xml, (name) => {
    if (name === "Nm") found = xml.innerText().trim();
    else if (name === "Pty" || name === "Agt") found = readName(xml);
  });
  return found;
}

function readAccountId(xml: XmlReader): string {
  let found = "";
  eachChild(xml, (name) => {
    if (name === "Id") found = readIdOf(xml);
  });
  return found;
}

/** The IBAN or other number inside the `Id` just opened. */
export function readIdOf(xml: XmlReader): string {
  let found = "";
  eachChild(xml, (kind) => {
    if (kind === "IBAN") found = xml.innerText().trim();
    else if (kind === "Othr") {
      eachChild(xml, (child) => {
        if (child === "Id") found = xml.innerText().trim();
      });
    }
  });
  return found;
}

/** Free lines joined, else the creditor's reference. */
function readRemittance(xml: XmlReader): string {
  const lines: string[] = [];
  let reference = "";
  eachChild(xml, (name) => {
    if (name === "Ustrd") lines.push(xml.innerText().trim());
    else if (name === "Strd") {
      eachChild(xml, (child) => {
        if (child !== "CdtrRefInf") return;
        eachChild(xml, (inner) => {
          if (inner === "Ref") reference = xml.innerText().trim();
        });
      });
    }
  });
  return lines.length > 0 ? lines.join(" ") : reference;
}
