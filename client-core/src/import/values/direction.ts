import { plainWords } from "./words.ts";

/** Which way money went, as a word of a direction column says; `neutral` moves nothing. */
export type Direction = "in" | "out" | "neutral";

const words: Readonly<Record<Direction, readonly string[]>> = {
  in: [
    "cr", "c", "credit", "credits", "credited", "k", "kreedit", "kreditas", "kredits", "in", "income", "incoming", "inflow", "deposit", "deposits", "received", "receipt", "money in", "paid in", "transfer in", "plus", "+",
    "приход", "поступление", "зачисление", "пополнение", "доход", "кредит", "кт", "к", "входящий", "входящая", "вх",
    "haben", "h", "gutschrift", "eingang", "zugang", "einnahme", "einnahmen", "bij", "entrata", "entrate", "avere", "accredito",
    "abono", "ingreso", "haber", "recette", "receita", "credito", "uznanie", "wplyw",
  ],
  out: [
    "dr", "db", "d", "debit", "debits", "debited", "deebet", "debetas", "debets", "out", "expense", "expenses", "outgoing", "outflow", "withdrawal", "withdrawals", "spent", "spend", "sent", "cost",
    "money out", "paid out", "transfer out", "minus", "-",
    "расход", "списание", "дебет", "дт", "д", "исходящий", "исходящая", "исх", "выплата",
    "soll", "s", "lastschrift", "ausgang", "abgang", "belastung", "ausgabe", "ausgaben", "af", "uscita", "uscite", "dare", "addebito",
    "cargo", "gasto", "debe", "depense", "despesa", "debito", "obciazenie", "wydatek",
  ],
  neutral: ["neutral", "none", "internal"],
};

const directionByWord = new Map<string, Direction>();
for (const direction of ["in", "out", "neutral"] as const) for (const word of words[direction]) directionByWord.set(word, direction);
directionByWord.set("revenue", "in");

/** The direction a cell names, or `undefined` when it is no such word. */
export function directionOf(text: string): Direction | undefined {
  const clean = text.trim();
  return directionByWord.get(clean) ?? directionByWord.get(plainWords(clean));
}

const receipts = /(?:^| )(?:payment(?: received)?(?: \w+)? thank you|thank you for your payment|payment received|pagamento (?:recebido|ricevuto)|pago recibido|paiement recu|zahlung erhalten|zahlungseingang|betaling ontvangen|(?:платеж|оплата) получена?н?)(?: |$)/;

/** True when a text tells of a payment received, as the issuer of a card does on its own statement; the money came in there. */
export function thanksForPayment(text: string): boolean {
  return text.length <= 80 && /pa[yi]|pago|paga|zahlung|betaling|плат/i.test(text) && receipts.test(plainWords(text));
}

const purchases = new Set(["purchase", "purchases", "card purchase", "pos purchase", "debit card purchase", "credit card purchase", "покупка", "покупки", "kauf", "kartenkauf", "achat", "compra", "acquisto", "zakup", "aankoop"]);

/** True when a whole cell says that something was bought, which whoever keeps the books paid for. */
export function isPurchaseWord(text: string): boolean {
  return text.length >= 4 && text.length <= 24 && purchases.has(text.toLowerCase());
}

const outOfBooks =
  /(?:^| )(?:fees?|bank charges?|service charges?|card (?:payment|purchase)|purchases?|atm|(?:cash )?withdrawal|direct debit|rent|salar(?:y|ies)|wages|payroll|(?:bill )?payment to|paid to|комиссия|комиссии|аренда|аренды|арендная|зарплата|зарплаты|заработная|ндфл|налог|налога|поставщику|снятие|покупка|miete|gehalt|gehalter|lohn|gebuhr|gebuhren|kartenzahlung|lastschrift|loyer|salaire|salaires|frais|prelevement|alquiler|nomina|comision|compra|affitto|stipendio|stipendi|commissioni|czynsz|wynagrodzenie|prowizja|huur|salaris|aluguel|salarios?|tarifa|kira|maas)(?: |$)/;
const intoBooks =
  /(?:^| )(?:received from|receipt from|payment from|customer payment|(?:cash |cheque )?deposit|interest (?:earned|received)|sales|от покупателя|выручка|выручки|zahlungseingang|kundenzahlung|encaissement|cobro|incasso|wplata|recebimento)(?: |$)/;

/** Which way money went by words that mean the same in any books, such as rent or a customer's payment; undefined where they say nothing. */
export function directionByWords(text: string): "in" | "out" | undefined {
  const plain = plainWords(text);
  const [out, into] = [outOfBooks.test(plain), intoBooks.test(plain)];
  return out === into || /(?:^| )(?:refunds?|reversal|returned|возврат|storno|сторно)(?: |$)/.test(plain) ? undefined : out ? "out" : "in";
}

const returns = new Set(["return", "returns", "refund", "refunds", "refunded", "возврат", "возвраты", "возврат товара", "повернення", "retoure", "ruckerstattung", "rückerstattung", "remboursement", "devolucion", "devolución", "reembolso", "rimborso", "reso", "zwrot", "terugbetaling"]);

/** True when a whole cell says that something sold or bought was given back: then the money goes the other way. */
export function isReturnWord(text: string): boolean {
  return text.length >= 4 && text.length <= 24 && returns.has(text.toLowerCase());
}

const notCompleted = new Set([
  "failed", "declined", "reverted", "cancelled", "canceled", "pending", "rejected", "denied", "expired", "voided", "void", "removed", "refused", "on hold", "authorised", "authorized",
  "отклонен", "отклонена", "отклонено", "отказ", "отменен", "отменена", "отменено", "в обработке", "не выполнен", "не выполнена", "ожидает", "неуспешно", "ошибка", "vorgemerkt", "umsatz vorgemerkt", "abgelehnt", "storniert",
  "ausstehend", "en attente", "pendiente", "in sospeso", "in behandeling", "geweigerd", "tagasi lukatud", "atmesta", "noraidits", "refuzat", "reddedildi", "elutasitva", "zamitnuto", "oczekujaca", "oczekujacy", "annule", "annulee", "cancelado", "cancelada", "annullato", "annullata", "odrzucona", "blocked", "in progress", "не завершено", "зарезервировано", "холд", "hold", "скасовано", "відхилено",
]);
const completed = new Set([
  "ok", "completed", "complete", "cleared", "posted", "booked", "settled", "success", "successful", "succeeded", "done", "paid", "processed", "reconciled", "executed",
  "исполнен", "исполнена", "исполнено", "проведен", "проведена", "проведено", "выполнен", "выполнена", "успешно", "завершен", "завершена", "завершено", "gebucht", "umsatz gebucht", "обработано",
  "abgeschlossen", "ausgefuhrt", "termine", "terminee", "completado", "completada", "completato", "completata", "contabilizzato", "voltooid", "geaccepteerd", "uitgevoerd", "zakonczona", "zakonczony", "udfort", "sent", "paid out", "confirmed", "active", "виконано", "проведено",
]);

/** True when a status cell says that no money moved. */
export function isNotCompleted(text: string): boolean {
  return notCompleted.has(plainWords(text));
}

/** True when a cell is one of the words of a status column. */
export function isStatusWord(text: string): boolean {
  const word = plainWords(text);
  return completed.has(word) || notCompleted.has(word);
}

const totalWords =
  /^(?:(?:grand |sub ?)?totals?|итого|всего|итог|обороты?|оборот за|gesamt|gesamtsumme|summe|zwischensumme|somme|sous total|totale|totaal|kaive|apyvarta|apgrozijums|razem|suma|сумма операций|количество операций|number of transactions|records?|rows)(?: |$)/;
const balanceWords =
  /(?:^#?| )(?:(?:opening|closing|starting|ending|beginning|start|end|brought forward|carried forward|previous|current|available|ledger) balance|balance (?:brought|carried) forward|balance (?:b|c) ?(?:f|d)|(?:входящий|исходящий|начальный|конечный|входящее|исходящее|начальное|конечное) (?:остаток|баланс|сальдо)|(?:остаток|сальдо) на|saldo(?: (?:am|vom|per|koncowe|poczatkowe|iniciale?|final|anterior|initial))|anfangssaldo|endsaldo|anfangsbestand|endbestand|kontostand|solde (?:initial|final|au)|(?:alg|lopp)saldo|likutis (?:pradziai|pabaigai)|(?:sakuma|beigu) atlikums|saldo$)/;

/** True when a cell begins like a line of totals. */
export function isTotalText(text: string): boolean {
  return totalWords.test(plainWords(text));
}

/** True when a cell speaks of an opening or closing balance. */
export function isBalanceText(text: string): boolean {
  return balanceWords.test(plainWords(text));
}
