import type { ColumnRole } from "../model.ts";
import { plainWords } from "../values/words.ts";

/**
 * Header names by role as banks, wallets and accounting programs write them, best first: with two matches the earlier wins.
 * Written in the plain form of `plainWords`: lower case, no accents, no punctuation.
 */
const aliases: Readonly<Partial<Record<ColumnRole, readonly string[]>>> = {
  date: [
    "transaction date", "date", "posted date", "posting date", "booking date", "post date", "operation date", "date posted", "completed date", "completed on", "date completed", "paid date", "payment date", "date paid",
    "дата операции", "дата совершения операции", "дата проводки", "дата транзакции", "дата проведения", "дата", "дата списания", "дата поступления", "дата платежа", "дата обработки", "дата обработки операции", "дата документа", "дата и время", "период",
    "buchungstag", "buchungsdatum", "datum", "belegdatum", "boekingsdatum", "transactiedatum", "data", "data operazione", "data contabile", "data operacji", "data transakcji", "data ksiegowania",
    "fecha", "fecha operacion", "f operacion", "fecha contable", "date operation", "date de l operation", "date de comptabilisation", "date comptable", "data lancamento", "data mov", "dato", "bokforingsdag", "bokforingsdatum", "transaktionsdatum", "as of date", "asofdate", "date time", "datetime", "timestamp", "created utc", "created", "created on", "day", "when", "effective date", "invoice date", "started date", "date started", "finished on",
    "wertstellung", "valuta", "valutadatum", "value date", "дата валютирования",
    "buchung", "operation date utc", "settlement date", "kirjauspaiva", "paivamaara", "data registrazione", "data operazione contabile", "data waluty", "data ksiegowania transakcji", "trans date", "txn date", "txn posted date", "fecha de operacion", "fecha movimiento", "fecha valor", "data movimento", "data da transacao", "datum provedeni", "datum zauctovani", "kirjauspvm", "дата операціі", "дата операції", "дата і час операції", "дата i час операції", "дата проведення", "date of transaction", "charge date", "kuupaev", "datums", "konyveles datuma", "tarih", "islem tarihi", "data tranzactie", "data tranzactiei", "uitvoeringsdatum", "ημερομηνια", "дата на операцията", "datum transakcije", "datum knjizenja",
  ],
  otherDate: ["value date", "wertstellung", "valutadatum", "valuta date", "started date", "due date", "available on utc", "available on", "дата валютирования", "дата документа", "data valuta", "fecha valor", "date valeur", "rentedatum", "arvopaiva", "rentedato", "data waluty", "datum valuty", "interest date", "erteknap", "data valutei"],
  amount: [
    "amount in account currency", "сумма платежа", "сумма в валюте счета", "сумма в валюте карты", "amount", "сумма", "сумма операции", "transaction amount", "betrag", "umsatz", "betrag eur", "net amount", "net", "paid amount", "payment amount", "amount paid",
    "bedrag", "montant", "importe", "importo", "kwota", "kwota operacji", "valor", "belopp", "belob", "castka", "osszeg", "сумма транзакции", "сумма в рублях", "сумма руб", "сумма документа", "billing amount", "buchungsbetrag", "zauctovana castka", "settlement amount", "value", "sum", "transaction value",
    "invoice amount", "line amount", "line value", "invoice line value", "amount net", "gross amount", "gross", "total amount", "sale amount", "amt", "source amount after fees", "source amount", "price", "cost", "total", "итого", "сумма в валюте операции", "original amount", "spend", "expenditure", "amount gbp", "amount usd", "amount eur",
    "сумма пересчитанная в валюту счета", "сума в валюті картки", "сума у валюті картки", "сума в валюті рахунку", "сума операції", "сума", "umsatz in eur", "netto", "neto", "brutto", "bruto", "lordo", "net total", "net amount", "objem", "maara", "maara euroa", "summa", "iznos", "tutar", "ποσο", "importe movimiento", "montant operation", "montant de l operation", "сумма к перечислению", "сумма расчета", "сумма к зачислению", "к перечислению", "к выплате", "suma", "tutar", "islem tutari", "suma tranzactiei", "summa eur", "osszeg huf", "iznos transakcije", "ποσο συναλλαγης",
  ],
  otherAmount: ["original amount", "originalbetrag", "puvodni castka", "orig amount", "foreign amount", "local amount", "transaction amount in foreign currency", "amount foreign currency", "exchange rate", "kurs", "курс", "кэшбэк", "cashback", "бонусы", "бонусы включая кэшбэк", "округление на инвесткопилку", "сумма операции с округлением", "vat", "vat amount", "ндс", "tax", "quantity", "qty", "unit price", "target amount after fees", "zero day float", "converted amount", "sales tax", "shipping and handling amount", "compensation amount", "сумма ндс", "mcc", "сума в валюті операції", "сума комісій", "сума кешбеку", "курс", "tip", "tips", "discounts", "discount", "versand und bearbeitungsgebuhr", "versicherungsbetrag", "umsatzsteuer", "mehrwertsteuer", "mwst", "tva", "iva", "btw", "moms"],
  debit: [
    "debit", "debit amount", "withdrawal", "withdrawals", "withdrawal amount", "withdrawal amt", "withdrawals dr", "money out", "paid out", "amount out", "out", "outflow", "payments", "spent", "expense", "expenses", "debits", "amount debit", "debit gbp", "debit usd", "debit eur",
    "расход", "расходы", "списание", "списано", "дебет", "сумма по дебету", "по дебету", "сумма дебет", "дебет сумма", "сумма списания", "обороты дебет", "оборот дебет", "дебет rub", "сумма по дт", "сумма дт", "по дт", "дт", "оборот дт", "обороты дт", "дебет руб", "сумма расхода", "расход руб",
    "soll", "lastschrift", "ausgaben", "ausgang", "belastung", "belastungen", "belastung in chf", "debet", "af", "debit montant", "debito", "montant debit", "cargo", "cargos", "debe", "uscite", "uscita", "dare", "addebiti", "addebito", "obciazenia", "wydatki", "saidas", "debitos",
    "ut fra konto", "ut av konto", "uttak", "pois", "otto", "videj", "vydaje", "odchozi", "видаток", "видатки", "списання", "по дебету счета", "debit euros", "debit eur", "wyplyw", "wyplywy", "outcome", "deebet", "debetas", "debets", "terhelesek", "terheles", "borc", "ausgabe", "auszahlung", "depense", "depenses", "gasto", "gastos", "egresos", "uitgaven", "uitgave", "rozchod", "despesa", "despesas", "vydej", "расход руб коп", "disbursement", "disbursements",
  ],
  credit: [
    "credit", "credit amount", "deposit", "deposits", "deposit amount", "deposit amt", "deposits cr", "money in", "paid in", "amount in", "in", "inflow", "receipts", "received", "income", "credits", "amount credit", "credit gbp", "credit usd", "credit eur",
    "приход", "приходы", "доход", "поступление", "поступления", "поступило", "зачисление", "зачислено", "кредит", "сумма по кредиту", "по кредиту", "сумма кредит", "кредит сумма", "сумма поступления", "сумма зачисления", "обороты кредит", "оборот кредит", "кредит rub", "сумма по кт", "сумма кт", "по кт", "кт", "оборот кт", "обороты кт", "кредит руб", "сумма прихода", "приход руб",
    "haben", "gutschrift", "einnahmen", "eingang", "gutschriften", "gutschrift in chf", "bij", "credito", "montant credit", "abono", "abonos", "haber", "entrate", "entrata", "avere", "accrediti", "accredito", "uznania", "wplywy", "entradas", "creditos",
    "inn pa konto", "innskudd", "pano", "prijmy", "prichozi", "надходження", "зарахування", "по кредиту счета", "credit euros", "credit eur", "wplyw", "kreedit", "kreditas", "kredits", "jovairas", "jovairasok", "alacak", "einnahme", "einzahlung", "recette", "recettes", "ingreso", "ingresos", "inkomsten", "ontvangsten", "przychod", "receita", "receitas", "prijem", "приход руб коп",
  ],
  direction: [
    "cr dr", "dr cr", "debit credit", "credit debit", "d c", "c d", "d k", "income expense", "expense income", "credit debit indicator", "debit credit indicator", "debit credit code", "cd indicator", "indicator", "direction", "balance impact", "sign", "flow", "in out", "transaction type", "entry type", "type",
    "приход расход", "расход приход", "дебет кредит", "дт кт", "тип операции", "направление", "вид движения", "тип", "вид операции", "признак", "поступление списание",
    "soll haben", "soll haben kennzeichen", "s h", "af bij", "bij af", "umsatzart", "sens", "signo", "segno", "strona", "details",
    "auswirkung auf guthaben", "soll haben kennzeichen", "deebet kreedit", "debetas kreditas", "debets kredits", "debet kredit",
  ],
  balance: [
    "balance", "running balance", "account balance", "closing balance", "available balance", "balance after", "new balance", "ledger balance", "current balance", "total balance",
    "остаток", "баланс", "остаток на счете", "остаток после операции", "исходящий остаток", "сальдо", "остаток средств",
    "saldo", "kontostand", "saldo nach buchung", "saldo na mutatie", "saldo po operacji", "solde", "saldo contabile", "saldo disponibile", "resulting balance",
    "guthaben", "залишок", "залишок після операції", "залишок на кінець періоду", "zustatek", "zustatek na uctu", "saldi", "bakiye", "disponible", "saldo disponible", "saldos", "saldo w walucie rachunku", "sold contabil", "sold", "likutis", "atlikums", "egyenleg", "zostatok", "stanje",
  ],
  fee: ["fee", "fees", "transaction fee", "fee amount", "source fee amount", "комиссия", "сумма комиссии", "gebuhr", "gebuhren", "commission", "commissione", "charges", "total fees", "tariffa", "tarifa", "oplata", "prowizja", "сбор", "комісія", "transaction fee amount", "processing fee", "stripe fee", "application fee"],
  currency: [
    "currency", "currency code", "ccy", "валюта платежа", "валюта счета", "валюта", "валюта операции", "код валюты", "wahrung", "waehrung", "devise", "moneda", "divisa", "munt", "muntsoort", "waluta", "valuta", "moeda", "mena", "devizanem", "account currency", "transaction currency", "source currency", "iso currency", "cur", "curr", "payment currency", "balance transaction currency", "reporting currency",
    "валюта картки", "валюта рахунку", "valuutta", "para birimi", "mena uctu", "valuuta", "valiuta", "deviza", "devies", "valuta rekening",
  ],
  description: [
    "description", "transaction description", "payment description", "narrative", "details", "transaction details", "payment details", "memo", "note", "notes", "purpose", "reason", "particulars", "desc", "label", "item", "remarks", "comment", "comments", "text", "message", "subject", "reference text", "statement descriptor", "payment reference",
    "назначение платежа", "обоснование для оплаты", "основание платежа", "основание", "описание", "описание операции", "назначение", "содержание", "содержание операции", "комментарий", "детали операции", "детали платежа", "детали", "примечание", "операция", "документ",
    "verwendungszweck", "vwz", "buchungstext", "buchungsdetails", "beschreibung", "omschrijving", "mededelingen", "mededeling", "libelle", "libelle operation", "libelle simplifie", "concepto", "descripcion", "observaciones", "causale", "descrizione", "descrizione operazione", "opis", "opis operacji", "opis transakcji", "tytul", "tytulem", "descricao", "historico", "tekst", "beskrivning", "beskrivelse", "popis", "kozlemeny", "reference", "transaction", "type of transaction",
    "forklaring", "selitys", "viesti", "zprava pro prijemce", "zprava", "ucel platby", "poznamka", "аналитика дт и кт", "опис операції", "деталі операції", "призначення платежу", "призначення", "rubrik", "bokforingstext", "avisierungstext", "detail de l ecriture", "libelle complet", "lancamento", "movimiento", "movimientos", "dettagli", "operazione", "podrobnosti", "aciklama", "narration", "transaction remarks", "bank description", "selgitus", "paaiskinimai", "paskirtis", "maksajuma merkis", "descriere", "detalii tranzactie", "mededeling", "opis placanja", "svrha", "svrha placanja", "αιτιολογια", "основание за плащане",
  ],
  counterparty: [
    "counterparty", "counterparty name", "counter party", "merchant", "merchant name", "supplier name", "supplier", "vendor", "vendor name", "customer", "customer name", "beneficiary", "partner name", "partner", "name", "contact", "contact name", "party", "client", "client name", "company", "creditor", "creditor name", "business partner", "paid to", "merchant description",
    "контрагент", "наименование контрагента", "название контрагента", "корреспондент", "наименование корреспондента", "поставщик", "покупатель", "клиент", "наименование", "имя контрагента", "торговая точка", "получатель плательщик", "плательщик получатель", "кому от кого", "партнер",
    "auftraggeber empfanger", "beguenstigter zahlungspflichtiger", "begunstigter zahlungspflichtiger", "name zahlungsbeteiligter", "zahlungsbeteiligter", "empfanger auftraggeber", "gegenpartei", "naam omschrijving", "naam tegenpartij", "tegenpartij", "naam", "beneficiario", "ordenante", "tiers", "nom", "controparte", "kontrahent", "nadawca odbiorca", "dane kontrahenta", "motpart", "protistrana", "contraparte", "partnernev",
    "saaja maksaja", "saajan nimi", "nazev protiuctu", "protiucet nazev", "контрагент наименование", "контрагент название", "begunstigter auftraggeber", "beguenstigter auftraggeber", "auftraggeber begunstigter", "auftraggeber beguenstigter", "zahlungspflichtiger empfanger", "nombre contraparte", "beneficiario ordenante", "nom de la contrepartie", "counterparty full name", "saaja maksja", "gavejas", "moketojas gavejas", "sanemejs maksatajs", "partner neve", "naam van de tegenpartij", "naam tegenpartij bevat", "counterparty account name", "nume beneficiar", "prijemca platitel",
  ],
  payer: ["payer", "payer name", "remitter", "sender", "from", "source name", "плательщик", "наименование плательщика", "отправитель", "аналитика кт", "субконто кт", "субконто1 кт", "субконто кт1", "auftraggeber", "zahlungspflichtiger", "zahler", "nadawca", "maksaja", "avsandare", "zahlungspflichtige r", "zahlungspflichtige", "счет дебет", "плательщик наименование", "платник", "betaler"],
  payee: ["payee", "payee name", "recipient", "receiver", "to", "beneficiary name", "target name", "получатель", "наименование получателя", "аналитика дт", "субконто дт", "субконто1 дт", "субконто дт1", "empfanger", "zahlungsempfanger", "begunstigter", "beguenstigter", "odbiorca", "destinataire", "saaja", "mottagare", "mottaker", "zahlungsempfanger in", "счет кредит", "получатель наименование", "отримувач", "ontvanger"],
  partyAccount: [
    "счет контрагента", "номер счета контрагента", "расчетный счет контрагента", "контрагент счет", "р с контрагента", "счет корреспондента", "counterparty account", "counterparty account number", "counterparty iban", "partner iban", "payee account number", "beneficiary account number", "beneficiary iban", "recipient iban", "recipient account",
    "iban zahlungsbeteiligter", "kontonummer iban", "gegenkonto", "gegenkonto iban", "tegenrekening", "tegenrekening iban bban", "protiucet", "cislo protiuctu", "numer konta", "nr rachunku", "numer rachunku kontrahenta", "saajan tilinumero", "cuenta contraparte", "iban", "kontonummer", "counterparty",
  ],
  partyTaxId: ["инн контрагента", "контрагент инн", "инн корреспондента", "counterparty tax id", "counterparty inn", "инн"],
  account: [
    "account number", "account", "account name", "account no", "account id", "own account", "bank account", "source account", "wallet", "card number", "card no", "card", "card last four digits", "payment account", "mode", "payment method", "payment mode", "from account",
    "номер счета", "счет", "расчетный счет", "лицевой счет", "номер карты", "карта", "счет карта", "наш счет",
    "auftragskonto", "kontonummer", "konto", "iban auftragskonto", "bezeichnung auftragskonto", "rekening", "rekeningnummer", "iban", "compte", "numero de compte", "cuenta", "conto", "rachunek", "numer rachunku", "conta", "ucet",
    "картка", "рахунок", "номер рахунку", "tilinumero", "iban kontoinhaber", "source account name", "мой счет", "kliendi konto", "saskaitos nr", "konta nr", "accountnumber", "numar cont", "szamlaszam", "cislo uctu",
  ],
  category: [
    "category", "category name", "expense type", "expenses type", "expense category", "expenditure category", "expenditure type", "spend category", "budget category", "parent category", "purpose of spend", "merchant category", "transaction category", "account category",
    "категория", "статья", "статья расходов", "статья ддс", "статья движения денежных средств", "категория операции", "вид расхода", "вид расходов",
    "kategorie", "categorie", "categoria", "kategoria", "hauptkategorie", "catetgory", "subj description", "subjective description", "group description", "account description", "class", "subjective", "nominal", "nominal description", "expense area", "cost centre name", "cost center name", "service area", "directorate", "department", "split", "subcategory", "подкатегория", "unterkategorie", "account", "счет",
    "категорія", "kategorija", "reporting category", "spending category", "expense account", "income account",
  ],
  status: ["status", "state", "transaction status", "payment status", "статус", "статус операции", "состояние", "zustand", "buchungsstatus", "estado", "stato", "statut", "transaction type", "type", "info"],
};

/** How a header matches the roles it could have: 1 for the best exact alias, less for later ones, about 0.7 when the alias is only part of it. */
export function rolesByName(name: string): ReadonlyMap<ColumnRole, number> {
  const plain = plainWords(name).replace(/^[#*]\s*/, "").replace(/(?<=.) (?:\d{1,2}|eur|usd|gbp|rub|chf|руб|utc|gmt|local|мск)$/, "");
  const scores = new Map<ColumnRole, number>();
  if (plain === "") return scores;
  const padded = ` ${plain} `;
  for (const [role, names] of aliasEntries) {
    const exact = names.indexOf(plain);
    if (exact >= 0) {
      scores.set(role, 1 - exact * 0.0015);
      continue;
    }
    // A longer alias inside says more than a short one.
    let best = 0;
    names.forEach((alias, place) => {
      if (alias.length < 4 || !padded.includes(` ${alias} `)) return;
      best = Math.max(best, 0.6 + 0.2 * (alias.length / plain.length) - place * 0.0005);
    });
    // Compound headers written as one word, such as `paiddate` or `Transaktionsbetrag`.
    if (best === 0) for (const alias of names) if (alias.length >= 5 && !plain.includes(" ") && (plain.startsWith(alias) || plain.endsWith(alias))) best = 0.55;
    if (best > 0) scores.set(role, best);
  }
  return scores;
}

const aliasEntries = Object.entries(aliases).flatMap(([role, names]): [ColumnRole, readonly string[]][] => (isRole(role) ? [[role, names]] : []));

function isRole(role: string): role is ColumnRole {
  return Object.hasOwn(aliases, role);
}

/** True when a header cell is a name some role knows. */
export function isKnownHeader(name: string): boolean {
  return rolesByName(name).size > 0;
}

/** Whether headers speak of paying suppliers: "strong" words belong to such lists alone, "weak" ones also to bank statements. */
export function speaksOfSpending(names: readonly string[]): "strong" | "weak" | "no" {
  const plain = names.map(plainWords);
  if (plain.some((name) => strongSpending.test(name))) return "strong";
  return plain.some((name) => weakSpending.test(name)) ? "weak" : "no";
}

/** True when headers speak of money coming in from customers. */
export function speaksOfSales(names: readonly string[]): boolean {
  return names.some((name) => sales.test(plainWords(name)));
}

const strongSpending =
  /(?:^| )(?:suppliers?|vendors?|expenditure|expenses?|spend|spending|procurement|creditors?|поставщик|поставщика|расходы?|расхода|закупк[аи]|lieferant|fournisseur|proveedor|fornitore|ausgaben|depenses?|gastos?)(?: |$)/;
const weakSpending = /(?:^| )(?:paid|payee|beneficiary|invoices?|payments?|purchases?|cost|spent|оплачено|получатель|оплата|merchant)(?: |$)/;
const sales = /(?:^| )(?:customers?|sales?|revenue|orders?|income|receipts?|clients?|покупатель|выручка|продажа|продажи|заказ|доходы?|kunde|ventas?)(?: |$)/;
