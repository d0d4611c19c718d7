import { cleanText } from "../exchange/understood.ts";

/** What the details of a movement (`:86:`) say. */
export interface MovementDetails {
  readonly description: string;
  readonly counterparty: string | null;
  readonly counterpartyAccount: string | null;
}

/**
 * Reads `:86:`: German code fields (`166?00…?20…?32…`), Dutch words between slashes (`/NAME/…/REMI/…`), or plain text. Content that does not
 * keep to its own rules is kept as text, never lost.
 */
export function readDetails(lines: readonly string[]): MovementDetails {
  const joined = lines.join("");
  const coded = /^\d{3}([^\d\w\s])\d{2}/.exec(joined);
  if (coded) return readCoded(joined.slice(3), coded[1] ?? "?");
  if (/^\/(?:TRTP|TRCD|IBAN|BIC|NAME|REMI|EREF|CNTP|ORDP|BENM|MARF|PREF)\//.test(joined)) return readSlashed(joined);
  return { description: cleanText(lines.join(" ")) ?? "", counterparty: null, counterpartyAccount: null };
}

/** Codes: 00 kind of booking, 20–29 and 60–63 purpose, 30 bank, 31 account, 32 and 33 name (DFÜ-Abkommen, annex 3). */
function readCoded(text: string, separator: string): MovementDetails {
  let [purpose, name, account, booking] = ["", "", "", ""];
  for (const part of text.split(separator)) {
    const code = Number(part.slice(0, 2));
    const value = part.slice(2);
    if ((code >= 20 && code <= 29) || (code >= 60 && code <= 63)) purpose += value;
    else if (code === 32 || code === 33) name += value;
    else if (code === 31) account = value;
    else if (code === 0) booking = value;
  }
  return { description: cleanText(remittanceOf(purpose)) ?? cleanText(booking) ?? "", counterparty: cleanText(name), counterpartyAccount: cleanText(account) };
}

/** The purpose proper of a SEPA payment, when it is marked; else all of it. */
function remittanceOf(purpose: string): string {
  const marked = /SVWZ\+(.*?)(?=(?:EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|ABWA|ABWE|IBAN|BIC)\+|$)/s.exec(purpose)?.[1];
  return marked === undefined || marked.trim() === "" ? purpose : marked;
}

function readSlashed(text: string): MovementDetails {
  const words = new Map<string, string>();
  const parts = text.split(/\/(TRTP|TRCD|IBAN|BIC|NAME|REMI|EREF|CNTP|ORDP|BENM|MARF|PREF|CSID|ISDT|ADDR|PURP|RTRN|ULTD|ULTC)\//);
  for (let at = 1; at + 1 < parts.length; at += 2) {
    const [key, value] = [parts[at] ?? "", parts[at + 1] ?? ""];
    if (value !== "" && !words.has(key)) words.set(key, value);
  }
  // CNTP holds account, bank, name and town, set apart by slashes.
  const [account, , name] = (words.get("CNTP") ?? "").split("/");
  const remittance = words.get("REMI")?.replace(/^(?:USTD|STRD)\/\/?(?:CUR\/)?/, "").replace(/\/+$/, "");
  return {
    description: cleanText(remittance) ?? cleanText(words.get("TRTP")) ?? cleanText(text) ?? "",
    counterparty: cleanText(words.get("NAME")) ?? cleanText(name),
    counterpartyAccount: cleanText(words.get("IBAN")) ?? cleanText(account),
  };
}
