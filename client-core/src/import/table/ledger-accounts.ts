import { plainWords } from "../values/words.ts";

/** What an account of a journal is: one's own money, what is owed either way, or where money comes from and goes. */
export type LedgerAccountKind = "own" | "opening" | "other";

const ownRoots =
  /^(?:assets?|liabilit(?:y|ies)|активы?|пассивы?|обязательства|aktiva|passiva|vermogen|verbindlichkeiten|actifs?|passifs?|activos?|pasivos?|attivo|attivita|passivo|passivita|aktywa|pasywa|zobowiazania|activa|tillgangar|skulder|aktiver|passiver|bank|cash|checking|savings)(?: |$)/;
/** Assets and debts that are no money: what customers owe, stock, machines, taxes to be settled. */
const noMoney =
  /(?:^| )(?:receivables?|payables?|a ?r|a ?p|inventory|stock|equipment|vehicles?|buildings?|fixed|furniture|depreciation|accumulated|prepaid|prepayments?|deferred|accru(?:als?|ed)|vat|gst|tax(?:es)?|debtors?|creditors?|loans?|mortgage|дебиторы|дебиторка|кредиторы|ндс|налоги?|запасы|оборудование|forderungen|vorrate|anlagen|umsatzsteuer|vorsteuer|darlehen|creances|stocks|clients?|fournisseurs)(?: |$)/;
const opening = /(?:^| )(?:opening|starting|closing|начальные?|входящие?|eroffnung\w*|anfangs\w*|ouverture|apertura)(?: |$)/;
const ownMoney = /(?:^| )(?:bank\w*|checking|chequing|savings?|current account|cash|petty cash|till|card|wallet|paypal|stripe|касса|расчетный|банк|карта|giro\w*|kasse|sparkasse|caisse|banque|caja|banco|cassa|banca|kassa)(?: |$)/;

/** Tells what an account is by its name in levels, `Assets:Bank:Checking`. */
export function accountKind(name: string): LedgerAccountKind {
  const [root = "", ...rest] = name.split(":");
  if (/^(?:equity|капитал|eigenkapital|capitaux|capital|patrimonio)(?: |$)/.test(plainWords(root))) return opening.test(plainWords(rest.join(" "))) ? "opening" : "other";
  if (!name.includes(":") || !ownRoots.test(plainWords(root))) return "other";
  return noMoney.test(plainWords(rest.join(" "))) ? "other" : "own";
}

/** True when a name without levels speaks of money at hand. */
export function looksLikeOwnMoney(name: string): boolean {
  return ownMoney.test(plainWords(name));
}
