import { describe } from "vitest";
import { testLayouts, type Layout } from "./testing/layouts.ts";

const exports: Readonly<Record<string, Layout>> = {
  "without a header the balance tells which columns are debit and credit": {
    lines: [
      "03/05/2024,TESCO,12.50,,987.50",
      "03/04/2024,CLIENT PAY,,500.00,1000.00",
      "02/28/2024,HYDRO,45.10,,500.00",
    ],
    rows: ["2024-03-05 -1250 CAD ||", "2024-03-04 50000 CAD ||", "2024-02-28 -4510 CAD ||"],
    hints: { defaultCurrency: "CAD" },
  },
  "a balance before each row tells which column is the amount": {
    lines: [
      "25-03-2024,NL11ASNB0123456789,NL42RABO0200000000,Albert Heijn,,,,EUR,987.50,EUR,-12.50,25-03-2024,25-03-2024,8888,BEA,1,,'AH 1234',1",
      "24-03-2024,NL11ASNB0123456789,NL42RABO0200000001,Klant BV,,,,EUR,487.50,EUR,500.00,24-03-2024,24-03-2024,8889,OVB,2,,'Factuur 5',1",
      "28-02-2024,NL11ASNB0123456789,NL42RABO0200000002,Gemeente,,,,EUR,532.60,EUR,-45.10,28-02-2024,28-02-2024,8890,INC,3,,'Riool',1",
    ],
    rows: ["2024-03-25 -1250 EUR ||", "2024-03-24 50000 EUR ||", "2024-02-28 -4510 EUR ||"],
    hints: { defaultCurrency: "EUR" },
  },
  "outcome and income of a household ledger, a transfer holds both": {
    lines: [
      "date;categoryName;payee;comment;outcomeAccountName;outcome;outcomeCurrencyShortTitle;incomeAccountName;income;incomeCurrencyShortTitle;createdDate;changedDate",
      "2024-03-05;Продукты;Пятёрочка;;Карта;12,5;RUB;Карта;0;RUB;2024-03-05 10:00:00;2024-03-05 10:00:00",
      "2024-03-04;Зарплата;ООО;;Карта;0;RUB;Карта;500;RUB;2024-03-04 10:00:00;2024-03-04 10:00:00",
      "2024-03-03;;;;Карта;1000;RUB;Наличные;1000;RUB;2024-03-04 10:00:00;2024-03-04 10:00:00",
    ],
    rows: ["2024-03-05 -1250 RUB Пятёрочка|Карта|Продукты", "2024-03-04 50000 RUB ООО|Карта|Зарплата"],
    others: ["4 both_debit_and_credit"],
    hints: { defaultCurrency: "RUB" },
  },
  "a register of payments: what is paid out after fees": {
    lines: [
      "Дата платежа;Номер заказа;Идентификатор платежа;Способ оплаты;Сумма платежа;Валюта;Комиссия;Сумма к перечислению;Описание",
      "05.03.2024 10:00:00;1001;2d-1;Банковская карта;100,00;RUB;3,20;96,80;Заказ 1001",
      "04.03.2024 10:00:00;1000;2d-0;СБП;500,00;RUB;17,50;482,50;Заказ 1000",
    ],
    rows: ["2024-03-05 9680 RUB ||", "2024-03-04 48250 RUB ||"],
    questions: ["sign"],
    hints: { defaultCurrency: "RUB" },
  },
  "purchases at a shop bring money in": {
    lines: [
      "Номер мерчанта;Номер терминала;Дата операции;Дата обработки;Номер карты;Тип операции;Сумма операции;Сумма комиссии;Сумма расчета;Код авторизации",
      "781000001;10000001;05.03.2024 10:00:00;06.03.2024;2202 **** **** 1111;Покупка;100,00;3,20;96,80;123456",
      "781000001;10000001;04.03.2024 11:00:00;05.03.2024;2202 **** **** 2222;Покупка;500,00;17,50;482,50;123457",
      "781000001;10000001;03.03.2024 11:00:00;04.03.2024;2202 **** **** 2222;Возврат;-100,00;0,00;-100,00;123458",
    ],
    rows: ["2024-03-05 9680 RUB |2202 **** **** 1111|", "2024-03-04 48250 RUB |2202 **** **** 2222|", "2024-03-03 -10000 RUB |2202 **** **** 2222|"],
    hints: { defaultCurrency: "RUB" },
  },
  "a payment the bank refused, in Dutch": {
    lines: [
      "Volgnummer;Uitvoeringsdatum;Valutadatum;Bedrag;Valuta rekening;Rekeningnummer;Type verrichting;Tegenpartij;Naam van de tegenpartij;Mededeling;Details;Status;Reden van weigering",
      "2024-0003;05/03/2024;05/03/2024;-12,50;EUR;BE68539007547034;Kaartbetaling;;COLRUYT;;BETALING MET DEBETKAART COLRUYT;Geaccepteerd;",
      "2024-0002;04/03/2024;04/03/2024;500,00;EUR;BE68539007547034;Overschrijving in euro;BE71096123456769;KLANT NV;Factuur 5;OVERSCHRIJVING;Geaccepteerd;",
      "2024-0001;28/02/2024;28/02/2024;-45,10;EUR;BE68539007547034;Domiciliëring;BE71096123456770;ENGIE;;DOMICILIERING;Geaccepteerd;",
      "2024-0000;28/02/2024;28/02/2024;-45,10;EUR;BE68539007547034;Domiciliëring;BE71096123456770;ENGIE;;DOMICILIERING;Geweigerd;Saldo",
    ],
    rows: ["2024-03-05 -1250 EUR COLRUYT|BE68539007547034|", "2024-03-04 50000 EUR KLANT NV|BE68539007547034|", "2024-02-28 -4510 EUR ENGIE|BE68539007547034|"],
    others: ["5 not_completed"],
    hints: { defaultCurrency: "EUR" },
  },
  "a signed amount beside debit and credit, the account of the other side": {
    lines: [
      "Rekeningnummer;Rubrieknaam;Naam;Munt;Afschriftnummer;Datum;Omschrijving;Valuta;Bedrag;Saldo;credit;debet;rekeningnummer tegenpartij;BIC tegenpartij;Naam tegenpartij;Adres tegenpartij;gestructureerde mededeling;Vrije mededeling",
      "BE68539007547034;;ACME BV;EUR;2024001;05/03/2024;BETALING COLRUYT;05/03/2024;-12,50;987,50;;-12,50;;;COLRUYT;;;",
      "BE68539007547034;;ACME BV;EUR;2024001;04/03/2024;OVERSCHRIJVING VAN KLANT;04/03/2024;500,00;1.000,00;500,00;;BE71096123456769;GKCCBEBB;KLANT NV;;;Factuur 5",
      "BE68539007547034;;ACME BV;EUR;2024001;28/02/2024;DOMICILIERING;28/02/2024;-45,10;500,00;;-45,10;BE71096123456770;GKCCBEBB;ENGIE;;;",
    ],
    rows: ["2024-03-05 -1250 EUR COLRUYT|BE68539007547034|", "2024-03-04 50000 EUR KLANT NV|BE68539007547034|", "2024-02-28 -4510 EUR ENGIE|BE68539007547034|"],
    hints: { defaultCurrency: "EUR" },
  },
  "Estonian: the direction in letters, balances and turnover among the rows": {
    lines: [
      '"Kliendi konto";"Reatüüp";"Kuupäev";"Saaja/Maksja";"Selgitus";"Summa";"Valuuta";"Deebet/Kreedit";"Arhiveerimistunnus";"Tehingu tüüp";"Viitenumber";"Dokumendi number";',
      '"EE382200221020145685";"10";"01.02.2024";"";"Algsaldo";"545,10";"EUR";"K";"";"AS";"";"";',
      '"EE382200221020145685";"20";"28.02.2024";"EESTI ENERGIA";"Elekter";"45,10";"EUR";"D";"2024022800001";"MK";"123";"1";',
      '"EE382200221020145685";"20";"04.03.2024";"KLIENT OÜ";"Arve 5";"500,00";"EUR";"K";"2024030400001";"MK";"";"2";',
      `"EE382200221020145685";"20";"05.03.2024";"SELVER";"'516737******1234 04.03.24 SELVER";"12,50";"EUR";"D";"2024030500001";"K";"";"";`,
      '"EE382200221020145685";"82";"31.03.2024";"";"Käive";"57,60";"EUR";"D";"";"K2";"";"";',
      '"EE382200221020145685";"82";"31.03.2024";"";"Käive";"500,00";"EUR";"K";"";"K2";"";"";',
      '"EE382200221020145685";"86";"31.03.2024";"";"Lõppsaldo";"987,50";"EUR";"K";"";"LS";"";"";',
    ],
    rows: ["2024-02-28 -4510 EUR EESTI ENERGIA|EE382200221020145685|", "2024-03-04 50000 EUR KLIENT OÜ|EE382200221020145685|", "2024-03-05 -1250 EUR SELVER|EE382200221020145685|"],
    others: ["2 balance_line", "6 total", "7 total", "8 balance_line"],
    hints: { defaultCurrency: "EUR" },
  },
  "dates that end in a point": {
    lines: [
      "Könyvelés dátuma;Értéknap;Partner neve;Partner számlaszáma;Közlemény;Összeg;Devizanem",
      "2024.03.05.;2024.03.05.;TESCO;;vásárlás;-12,5;EUR",
      "2024.03.04.;2024.03.04.;ÜGYFÉL KFT;11700000-00000000;számla 5;1 500;EUR",
      "2024.02.28.;2024.02.28.;ELMŰ;11700000-00000001;áram;-45;EUR",
    ],
    rows: ["2024-03-05 -1250 EUR TESCO||", "2024-03-04 150000 EUR ÜGYFÉL KFT||", "2024-02-28 -4500 EUR ELMŰ||"],
    hints: { defaultCurrency: "EUR" },
  },
  "lines that a spreadsheet quoted whole": {
    lines: [
      '"Date,Description,Amount"',
      '"2024-03-05,""Tesco, London"",-12.50"',
      '"2024-03-04,Client,500.00"',
      '"2024-02-28,Council,-45.10"',
    ],
    rows: ["2024-03-05 -1250 GBP ||", "2024-03-04 50000 GBP ||", "2024-02-28 -4510 GBP ||"],
    hints: { defaultCurrency: "GBP" },
  },
  "whole cents by the name of the column": {
    lines: [
      "date,amount_cents,currency,description",
      "2024-03-05,-1250,EUR,Tesco",
      "2024-03-04,50000,EUR,Client",
      "2024-02-28,-4510,EUR,Council",
    ],
    rows: ["2024-03-05 -1250 EUR ||", "2024-03-04 50000 EUR ||", "2024-02-28 -4510 EUR ||"],
    hints: { defaultCurrency: "EUR" },
  },
  "the correspondent account of the other bank is nobody of ours": {
    lines: [
      "Дата операции;Тип документа;Номер документа;Корр. счет;БИК банка корр.;Наименование корреспондента;Счет корреспондента;ИНН корреспондента;Оборот по дебету;Оборот по кредиту;Назначение платежа",
      "05.03.2024;01;101;30101810400000000225;044525225;ООО ЛЮТИК;40702810500000001111;7709876543;15000.00;0.00;Оплата по счету 5",
      "06.03.2024;01;55;30101810200000000593;044525593;ООО КЛИЕНТ;40702810500000002222;7711111111;0.00;120500.50;Оплата услуг",
    ],
    rows: ["2024-03-05 -1500000 RUB ООО ЛЮТИК||", "2024-03-06 12050050 RUB ООО КЛИЕНТ||"],
    hints: { defaultCurrency: "RUB" },
  },
  "payer and payee with their accounts: the other side by direction": {
    lines: [
      "Дата;Номер;Плательщик;ИНН плательщика;Счет плательщика;Получатель;ИНН получателя;Счет получателя;Дебет;Кредит;Назначение платежа",
      "05.03.2024;101;ООО РОМАШКА;7701234567;40702810938000012345;ООО ЛЮТИК;7709876543;40702810500000001111;15 000,00;;Оплата по счету 5",
      "06.03.2024;55;ООО КЛИЕНТ;7711111111;40702810500000002222;ООО РОМАШКА;7701234567;40702810938000012345;;120 500,50;Оплата услуг",
    ],
    rows: ["2024-03-05 -1500000 RUB ООО ЛЮТИК||", "2024-03-06 12050050 RUB ООО КЛИЕНТ||"],
    hints: { defaultCurrency: "RUB" },
  },
  "a cash book: dashes for nothing, roubles with kopecks in one number": {
    lines: [
      "КАССОВАЯ КНИГА за март 2024;;;;;",
      ";;;;;",
      "№ п/п;Дата;От кого получено или кому выдано;Приход, руб. коп.;Расход, руб. коп.;Остаток",
      ";;Остаток на начало дня;;;10 000,00",
      "1;05.03.2024;ООО Лютик;-;15 000,00;-5 000,00",
      "2;06.03.2024;ООО Клиент;120 500,50;-;115 500,50",
      "3;07.03.2024;Иванов И.И. подотчет;-;1 000,00;114 500,50",
      ";;Итого за день;120 500,50;16 000,00;114 500,50",
    ],
    rows: ["2024-03-05 -1500000 RUB ||", "2024-03-06 12050050 RUB ||", "2024-03-07 -100000 RUB ||"],
    others: ["4 balance_line", "8 total"],
    hints: { defaultCurrency: "RUB" },
  },
  "income and expense of a German list": {
    lines: [
      "Beleg-Nr.;Datum;Text;Einnahme;Ausgabe;Konto",
      "1;05.03.24;Büromaterial;;12,50 €;Bank",
      "2;06.03.24;Kunde;500,00 €;;Bank",
      ";;Summe;500,00 €;12,50 €;",
    ],
    rows: ["2024-03-05 -1250 EUR |Bank|", "2024-03-06 50000 EUR |Bank|"],
    others: ["4 total"],
    hints: { defaultCurrency: "EUR" },
  },
  "a wallet whose sign stands apart from the amount": {
    lines: [
      "Account Statement - (@acme) ,,,,,,,,,,,,,,,,,,,,,",
      "Account Activity,,,,,,,,,,,,,,,,,,,,,",
      ",ID,Datetime,Type,Status,Note,From,To,Amount (total),Amount (tip),Amount (tax),Amount (fee),Tax Rate,Tax Exempt,Funding Source,Destination,Beginning Balance,Ending Balance,Statement Period Venmo Fees,Terminal Location,Year to Date Venmo Fees,Disclaimer",
      ",,,,,,,,,,,,,,,,$545.10,,,,,",
      ",3960,2024-03-05T10:00:00,Payment,Complete,lunch,Acme,Bob,- $12.50,,0,,0,,Venmo balance,,,,,Venmo,,",
      ",3959,2024-03-04T10:00:00,Payment,Complete,inv 5,Client,Acme,+ $500.00,,0,,0,,,Venmo balance,,,,Venmo,,",
      ",3958,2024-02-28T10:00:00,Payment,Complete,rates,Acme,Al,- $45.10,,0,,0,,Venmo balance,,,,,Venmo,,",
      ",,,,,,,,,,,,,,,,,$987.40,$0.00,,$0.00,In case of errors...",
    ],
    rows: ["2024-03-05 -1250 USD Bob||", "2024-03-04 50000 USD Client||", "2024-02-28 -4510 USD Al||"],
    others: ["4 date_missing", "8 date_missing"],
    hints: { defaultCurrency: "USD" },
  },
  "an accounting program that tells direction in codes is asked about": {
    lines: [
      "No,Type,Date,Account,Ref,Details,Net Amount,VAT Amount,Gross Amount",
      "3,BP,05/03/2024,1200,CHQ1,Tesco,12.50,2.50,15.00",
      "2,BR,04/03/2024,1200,,Client,500.00,0.00,500.00",
      "1,BP,28/02/2024,1200,CHQ0,Council,45.10,0.00,45.10",
    ],
    rows: ["2024-03-05 1250 GBP |1200|", "2024-03-04 50000 GBP |1200|", "2024-02-28 4510 GBP |1200|"],
    questions: ["sign"],
    hints: { defaultCurrency: "GBP" },
  },
  "a card list with a payment received, which is negative there": {
    lines: ["date,title,amount", "2024-03-05,Padaria,12.50", "2024-03-04,Pagamento recebido,-300.00", "2024-02-28,Uber,45.10"],
    rows: ["2024-03-05 -1250 BRL ||", "2024-03-04 30000 BRL ||", "2024-02-28 -4510 BRL ||"],
    hints: { defaultCurrency: "BRL" },
  },
  "the amount in the currency of the card beside what the purchase cost abroad": {
    lines: [
      '"Date and time",Description,MCC,"Card currency amount, (UAH)","Operation amount","Operation currency","Exchange rate","Commission, (UAH)","Cashback amount, (UAH)",Balance',
      '"05.03.2024 10:00:00",Сільпо,5411,-12.5,-12.5,UAH,—,—,—,1987.5',
      '"28.02.2024 09:00:00",Netflix,4899,-389.1,-9.99,USD,38.9489,—,—,500',
    ],
    rows: ["2024-03-05 -1250 UAH ||", "2024-02-28 -38910 UAH ||"],
    hints: { defaultCurrency: "UAH" },
  },
  "what a bank has only noted down is passed over; the name in every row is the holder's": {
    lines: [
      '"Auftragskonto";"Name";"Buchungstag";"Verwendungszweck";"Beguenstigter/Zahlungspflichtiger";"Betrag";"Waehrung";"Info"',
      '"DE02120300000000202051";"ACME";"05.03.24";"REWE SAGT DANKE";"REWE";"-12,50";"EUR";"Umsatz gebucht"',
      '"DE02120300000000202051";"ACME";"04.03.24";"RE 5";"";"1500,00";"EUR";"Umsatz gebucht"',
      '"DE02120300000000202051";"ACME";"04.03.24";"STROM";"VATTENFALL";"-45,10";"EUR";"Umsatz vorgemerkt"',
    ],
    rows: ["2024-03-05 -1250 EUR REWE|DE02120300000000202051|", "2024-03-04 150000 EUR |DE02120300000000202051|"],
    others: ["4 not_completed"],
    hints: { defaultCurrency: "EUR" },
  },
  "an expense list whose accounts sort the expenses, paid through one's own": {
    lines: [
      "Expense Date,Expense Description,Expense Account,Paid Through,Vendor,Currency Code,Expense Amount,Total",
      "2024-02-28,February,Utilities,Bank,Power Co,USD,45.10,45.10",
      "2024-03-05,Lunch,Meals,Petty Cash,Cafe,USD,12.50,12.50",
    ],
    rows: ["2024-02-28 -4510 USD Power Co||Utilities", "2024-03-05 -1250 USD Cafe||Meals"],
    hints: { defaultCurrency: "USD" },
  },
};

describe("layouts of registers, wallets and small banks", () => {
  testLayouts(exports);
});
