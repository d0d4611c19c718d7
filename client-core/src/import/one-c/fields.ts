/**
 * The keys of a document of 1CClientBankExchange (1.01–1.03) that are read, by the slot their value is kept in. What is not listed is passed over.
 */
export const slot = {
  number: 0,
  date: 1,
  amount: 2,
  payerAccount: 3,
  paidOn: 4,
  payer: 5,
  payerTaxId: 6,
  payerName: 7,
  payerSettlement: 8,
  payerBank: 9,
  payeeAccount: 10,
  receivedOn: 11,
  payee: 12,
  payeeTaxId: 13,
  payeeName: 14,
  payeeSettlement: 15,
  payeeBank: 16,
  purpose: 17,
  // 18 to 23: the numbered lines of the purpose.
  purposeLine: 18,
  status: 24,
  budgetCode: 25,
  paymentKind: 26,
} as const;

/** How many slots a document has. */
export const slotCount = 27;

/** Slot by key. */
export const slotByKey: ReadonlyMap<string, number> = new Map([
  ["Номер", slot.number],
  ["Дата", slot.date],
  ["Сумма", slot.amount],
  ["ПлательщикСчет", slot.payerAccount],
  ["ДатаСписано", slot.paidOn],
  ["Плательщик", slot.payer],
  ["ПлательщикИНН", slot.payerTaxId],
  ["Плательщик1", slot.payerName],
  ["ПлательщикРасчСчет", slot.payerSettlement],
  ["ПлательщикБИК", slot.payerBank],
  ["ПолучательСчет", slot.payeeAccount],
  ["ДатаПоступило", slot.receivedOn],
  ["Получатель", slot.payee],
  ["ПолучательИНН", slot.payeeTaxId],
  ["Получатель1", slot.payeeName],
  ["ПолучательРасчСчет", slot.payeeSettlement],
  ["ПолучательБИК", slot.payeeBank],
  ["НазначениеПлатежа", slot.purpose],
  ...[1, 2, 3, 4, 5, 6].map((line): [string, number] => [`НазначениеПлатежа${line}`, slot.purposeLine + line - 1]),
  ["СтатусСоставителя", slot.status],
  ["ПоказательКБК", slot.budgetCode],
  ["ВидОплаты", slot.paymentKind],
]);

/** Words of every such file, by which its encoding is told. */
export const formatWords = ["ВерсияФормата", "Кодировка", "СекцияДокумент", "СекцияРасчСчет", "РасчСчет=", "ДатаНачала", "КонецФайла"] as const;

/** First line of every file. */
export const firstLine = "1CClientBankExchange";
