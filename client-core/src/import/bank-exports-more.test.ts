import { describe } from "vitest";
import { testLayouts, type Layout } from "./testing/layouts.ts";

const exports: Readonly<Record<string, Layout>> = {
  "a Russian business statement: account, tax id and name in one cell for each side, sums and balances below": {
    lines: [
      "СберБизнес. 03.014.01-24;;;;;;;;",
      "ПАО СБЕРБАНК;;;;;;;;",
      "Дата формирования выписки 07.03.2024 в 10:15:00;;;;;;;;",
      "ВЫПИСКА ОПЕРАЦИЙ ПО ЛИЦЕВОМУ СЧЕТУ;;;;40702810938000012345;;;;",
      'ООО "РОМАШКА";;;;;;;;',
      "за период с 01 марта 2024 г.;;;;по 06 марта 2024 г.;;;;",
      "Российский рубль;;;;Дата предыдущей операции по счету 29 февраля 2024 г.;;;;",
      "Дата проводки;Счет;;Сумма по дебету;Сумма по кредиту;№ документа;ВО;Банк (БИК и наименование);Назначение платежа",
      ";Дебет;Кредит;;;;;;",
      '05.03.2024;40702810938000012345 7701234567 ООО "РОМАШКА";40702810500000001111 7709876543 ООО "ЛЮТИК";15 000,00;;101;01;БИК 044525225 ПАО СБЕРБАНК;Оплата по счету 5 от 01.03.2024. НДС не облагается',
      '06.03.2024;40702810500000002222 7711111111 ООО "КЛИЕНТ";40702810938000012345 7701234567 ООО "РОМАШКА";;120 500,50;55;01;БИК 044525593 АО "АЛЬФА-БАНК";Оплата за услуги',
      '06.03.2024;40702810938000012345 7701234567 ООО "РОМАШКА";70601810738000000001;59,00;;77;17;БИК 044525225 ПАО СБЕРБАНК;Комиссия за ведение счета',
      ";;;;;;;;",
      "б/с;40702;;;;;;;",
      ";Дебет;Кредит;;;;;;",
      "Количество операций;2;1;;;;;;",
      "Входящий остаток;;;;10 000,00 (П);;;;",
      "Итого оборотов;;;15 059,00;120 500,50;;;;",
      "Исходящий остаток;;;;115 441,50 (П);;;;",
    ],
    rows: ["2024-03-05 -1500000 RUB ООО \"ЛЮТИК\"|40702810938000012345|", "2024-03-06 12050050 RUB ООО \"КЛИЕНТ\"|40702810938000012345|", "2024-03-06 -5900 RUB |40702810938000012345|"],
    others: ["14 note", "15 note", "16 total", "17 balance_line", "18 total", "19 balance_line"],
    hints: { defaultCurrency: "RUB" },
  },
  "a Russian card export with English headers and the direction in words": {
    lines: [
      "operationDate,transactionDate,accountName,accountNumber,cardName,cardNumber,merchant,amount,currency,status,category,mcc,type,comment,bonusValue,bonusTitle",
      "05.03.2024,06.03.2024,Текущий счёт,40817810000000001234,Альфа-Карта,220015++++++1234,KOFE,350.00,RUB,Выполнен,Кафе,5812,Списание,,,",
      "04.03.2024,04.03.2024,Текущий счёт,40817810000000001234,,,Иван И.,10000,RUB,Выполнен,Прочее,,Пополнение,,,",
      "03.03.2024,05.03.2024,Текущий счёт,40817810000000001234,Альфа-Карта,220015++++++1234,AZS,1200.00,RUB,Выполнен,АЗС,5541,Списание,,,",
    ],
    rows: ["2024-03-06 -35000 RUB KOFE|40817810000000001234|Кафе", "2024-03-04 1000000 RUB Иван И.|40817810000000001234|Прочее", "2024-03-05 -120000 RUB AZS|40817810000000001234|АЗС"],
    hints: { defaultCurrency: "RUB" },
  },
  "what a purchase abroad cost in the currency of the account": {
    lines: [
      "Номер карты/счета/договора;Дата операции;Дата обработки;Сумма операции;Валюта операции;Сумма пересчитанная в валюту счета;Валюта счета;Основание;Статус",
      "'40817810000000001234;2024-03-05 14:33:10;2024-03-06;-15,00;USD;-1500,50;RUR;JetBrains;Исполнено",
      "'40817810000000001234;2024-03-04 10:33:10;2024-03-04;50000,00;RUR;50000,00;RUR;Зачисление;Исполнено",
      "'40817810000000001234;2024-03-03 10:33:10;2024-03-04;-700,00;RUR;-700,00;RUR;АЗС;В обработке",
      "'40817810000000001234;2024-03-03 10:33:10;2024-03-04;-700,00;RUR;-700,00;RUR;АЗС;Исполнено",
    ],
    rows: ["2024-03-05 -150050 RUB |40817810000000001234|", "2024-03-04 5000000 RUB |40817810000000001234|", "2024-03-03 -70000 RUB |40817810000000001234|"],
    others: ["4 not_completed"],
    hints: { defaultCurrency: "RUB" },
  },
  "a business wallet whose payer is who sent it, not who was paid": {
    lines: [
      "Date started (UTC),Date completed (UTC),Date started (Europe/London),Date completed (Europe/London),ID,Type,State,Description,Reference,Payer,Card number,Card label,Card state,Orig currency,Orig amount,Payment currency,Amount,Total amount,Exchange rate,Fee,Fee currency,Balance,Account,Beneficiary account number,Beneficiary sort code or routing number,Beneficiary IBAN,Beneficiary BIC,MCC,Related transaction id,Spend program",
      "2024-03-05,2024-03-05,2024-03-05,2024-03-05,65e6-1,TRANSFER,COMPLETED,To Werk GmbH,INV 7,J Doe,,,,EUR,1000.00,EUR,-1000.00,-1000.50,,0.50,EUR,3999.50,EUR Main,,,DE89,,,,",
      "2024-03-04,2024-03-04,2024-03-04,2024-03-04,65e6-2,TOPUP,COMPLETED,Money added from CLIENT LTD,ref,,,,,EUR,5000.00,EUR,5000.00,5000.00,,0.00,EUR,5000.00,EUR Main,,,,,,,",
      "2024-03-03,2024-03-03,2024-03-03,2024-03-03,65e6-3,CARD_PAYMENT,COMPLETED,Cafe,,J Doe,516798******1234,Main,ACTIVE,EUR,12.00,EUR,-12.00,-12.00,,0.00,EUR,0.00,EUR Main,,,,,5812,,",
      "2024-03-03,,2024-03-03,,65e6-4,CARD_PAYMENT,DECLINED,Cafe,,J Doe,516798******1234,Main,ACTIVE,EUR,12.00,EUR,-12.00,-12.00,,0.00,EUR,,EUR Main,,,,,5812,,",
    ],
    rows: ["2024-03-05 -100050 EUR |EUR Main|", "2024-03-04 500000 EUR |EUR Main|", "2024-03-03 -1200 EUR |EUR Main|"],
    others: ["5 not_completed"],
    hints: { defaultCurrency: "EUR" },
  },
  "a German payment service: gross, fee and net, the status in German": {
    lines: [
      '"Datum","Uhrzeit","Zeitzone","Name","Typ","Status","Währung","Brutto","Gebühr","Netto","Absender E-Mail-Adresse","Empfänger E-Mail-Adresse","Transaktionscode","Lieferadresse","Adress-Status","Artikelbezeichnung","Artikelnummer","Versand- und Bearbeitungsgebühr","Versicherungsbetrag","Umsatzsteuer","Option 1 Name","Zugehöriger Transaktionscode","Rechnungsnummer","Guthaben","Betreff","Hinweis","Auswirkung auf Guthaben"',
      '"05.03.2024","10:00:00","Europe/Berlin","Bob","Handyzahlung","Abgeschlossen","EUR","100,00","-3,20","96,80","b@x.de","ich@y.de","T1","","","Tasse","","0,00","","0,00","","","","1.096,80","","","Haben"',
      '"04.03.2024","10:00:00","Europe/Berlin","","Allgemeine Abbuchung","Abgeschlossen","EUR","-1.050,00","0,00","-1.050,00","ich@y.de","","T2","","","","","","","","","","","1.000,00","","","Soll"',
      '"03.03.2024","10:00:00","Europe/Berlin","Shop","Allgemeine Zahlung","Abgeschlossen","EUR","-12,34","0,00","-12,34","ich@y.de","s@x.de","T3","","","","","","","","","","","2.050,00","","","Soll"',
      '"03.03.2024","10:00:00","Europe/Berlin","Shop","Allgemeine Autorisierung","Ausstehend","EUR","-12,34","0,00","-12,34","ich@y.de","s@x.de","T4","","","","","","","","","","","2.050,00","","","Memo"',
    ],
    rows: ["2024-03-05 9680 EUR Bob||", "2024-03-04 -105000 EUR ||", "2024-03-03 -1234 EUR Shop||"],
    others: ["5 not_completed"],
    hints: { defaultCurrency: "EUR" },
  },
  "a list of card payments: sales, and whether fees come off is asked": {
    lines: [
      "id,Description,Seller Message,Created date (UTC),Amount,Amount Refunded,Currency,Converted Amount,Converted Amount Refunded,Fee,Taxes Collected On Fee,Converted Currency,Mode,Status,Statement Descriptor,Customer ID,Customer Description,Customer Email,Captured,Card ID,Invoice ID,Transfer",
      "ch_1,Invoice 1,Payment complete.,2024-03-05 10:00:00,100.00,0.00,usd,100.00,0.00,3.20,0.00,usd,Live,Paid,ACME,cus_1,Bob,b@x,true,card_1,in_1,",
      "ch_2,Invoice 2,Payment complete.,2024-03-04 10:00:00,50.00,0.00,usd,50.00,0.00,1.75,0.00,usd,Live,Paid,ACME,cus_1,Al,a@x,true,card_1,in_1,",
      "ch_3,Invoice 3,The bank declined.,2024-03-04 10:00:00,50.00,0.00,usd,50.00,0.00,0.00,0.00,usd,Live,Failed,ACME,cus_1,Al,a@x,false,card_1,in_1,",
    ],
    rows: ["2024-03-05 10000 USD Bob|Live|", "2024-03-04 5000 USD Al|Live|"],
    others: ["4 not_completed"],
    questions: ["sign", "fee"],
    hints: { defaultCurrency: "USD" },
  },
  "a card whose credits carry a minus": {
    lines: [
      "Status,Date,Description,Debit,Credit,Member Name",
      'Cleared,03/05/2024,"TESCO",12.50,,J DOE',
      'Cleared,03/04/2024,"ONLINE PAYMENT, THANK YOU",,-500.00,J DOE',
      'Cleared,02/28/2024,"COUNCIL",45.10,,J DOE',
    ],
    rows: ["2024-03-05 -1250 USD ||", "2024-03-04 50000 USD ||", "2024-02-28 -4510 USD ||"],
    hints: { defaultCurrency: "USD" },
  },
  "a card whose purchases are positive and called so": {
    lines: [
      "Transaction Date,Clearing Date,Description,Merchant,Category,Type,Amount (USD),Purchased By",
      '03/05/2024,03/06/2024,"TESCO 1234 ST",Tesco,Grocery,Purchase,12.50,J Doe',
      '03/04/2024,03/04/2024,"ACH DEPOSIT INTERNET TRANSFER FROM ACCOUNT ENDING IN 1234","Ach Deposit",Payment,Payment,-500.00,J Doe',
      '02/28/2024,02/28/2024,"COUNCIL",Council,Other,Purchase,45.10,J Doe',
      '02/27/2024,02/27/2024,"CAFE",Cafe,Restaurants,Purchase,5.00,J Doe',
    ],
    rows: ["2024-03-05 -1250 USD Tesco||Grocery", "2024-03-04 50000 USD Ach Deposit||Payment", "2024-02-28 -4510 USD Council||Other", "2024-02-27 -500 USD Cafe||Restaurants"],
    hints: { defaultCurrency: "USD" },
  },
  "a failed payment among completed ones is passed over": {
    lines: [
      "Date (UTC),Description,Amount,Status,Source Account,Bank Description,Reference,Note,Last Four Digits,Name On Card,Category,GL Code,Timestamp,Original Currency",
      "03-05-2024,Tesco,-12.50,Sent,Mercury Checking ••1234,TESCO,,,,,,,03-05-2024 10:00:00,USD",
      "03-04-2024,Client,500.00,Sent,Mercury Checking ••1234,CLIENT; INV,,,,,,,03-04-2024 10:00:00,USD",
      "02-28-2024,Council,-45.10,Sent,Mercury Checking ••1234,COUNCIL,,,,,,,02-28-2024 10:00:00,USD",
      "02-28-2024,Council,-45.10,Failed,Mercury Checking ••1234,COUNCIL,,,,,,,02-28-2024 10:00:00,USD",
    ],
    rows: ["2024-03-05 -1250 USD |Mercury Checking ••1234|", "2024-03-04 50000 USD |Mercury Checking ••1234|", "2024-02-28 -4510 USD |Mercury Checking ••1234|"],
    others: ["5 not_completed"],
    hints: { defaultCurrency: "USD" },
  },
  "payment and deposit name a pair only together": {
    lines: [
      "Date,Ref No.,Payee,Memo,Payment,Deposit,Reconciliation Status,Balance,Type,Account",
      "03/05/2024,,Tesco,Supplies,12.50,,Cleared,987.50,Expense,Office Supplies",
      "03/04/2024,5,Client Ltd,INV 5,,500.00,Cleared,1000.00,Payment,Accounts Receivable",
      "02/28/2024,,Council,Rates,45.10,,Cleared,500.00,Expense,Rates",
    ],
    rows: ["2024-03-05 -1250 USD Tesco||Office Supplies", "2024-03-04 50000 USD Client Ltd||Accounts Receivable", "2024-02-28 -4510 USD Council||Rates"],
    hints: { defaultCurrency: "USD" },
  },
  "a signed amount beside a pair from one own books": {
    lines: [
      "Transaction ID,Transaction Date,Account Name,Transaction Description,Transaction Line Description,Amount (One column), ,Debit Amount (Two Column Approach),Credit Amount (Two Column Approach),Other Accounts for this Transaction,Customer,Vendor,Invoice Number,Bill Number,Notes / Memo,Amount Before Sales Tax,Sales Tax Amount,Sales Tax Name",
      "1,2024-03-05,Checking,Tesco,Supplies,-12.50, ,,12.50,Office,,Tesco,,,,12.50,0.00,",
      "2,2024-03-04,Checking,Client,INV 5,500.00, ,500.00,,Sales,Client Ltd,,5,,,500.00,0.00,",
      "3,2024-02-28,Checking,Council,Rates,-45.10, ,,45.10,Rates,,Council,,,,45.10,0.00,",
    ],
    rows: ["2024-03-05 -1250 USD Tesco|Checking|", "2024-03-04 50000 USD |Checking|", "2024-02-28 -4510 USD Council|Checking|"],
    hints: { defaultCurrency: "USD" },
  },
  "gendered headers, payer and payee, dates with short years": {
    lines: [
      '"Girokonto";"DE89370400440532013000"',
      '""',
      '"Kontostand vom 05.03.2024:";"5.000,00 €"',
      '""',
      '"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)";"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz"',
      '"05.03.24";"05.03.24";"Gebucht";"ISSUER";"Stadtwerke";"Strom";"Ausgang";"DE02120300000000202051";"-1.234,5";"DE98";"M1";""',
      '"04.03.24";"04.03.24";"Gebucht";"Kunde GmbH";"Max Mustermann";"Rechnung 1";"Eingang";"DE11120300000000202051";"2.000";"";"";""',
      '"01.03.24";"01.03.24";"Gebucht";"DKB AG";"DKB AG";"Entgelt";"Ausgang";"DE22120300000000202051";"-9,9";"";"";""',
      '"06.03.24";"";"Vorgemerkt";"ISSUER";"VISA";"Kauf";"Ausgang";"";"-7,5";"";"";""',
    ],
    rows: ["2024-03-05 -123450 EUR Stadtwerke|DE89370400440532013000|", "2024-03-04 200000 EUR Kunde GmbH|DE89370400440532013000|", "2024-03-01 -990 EUR DKB AG|DE89370400440532013000|"],
    others: ["9 not_completed"],
    hints: { defaultCurrency: "EUR" },
  },
  "the IBAN of the other side in each row is not ones own account": {
    lines: [
      "Umsätze Girokonto;;;Kundennummer: 123 1234567",
      "05.02.2024 - 05.03.2024",
      "Letzter Kontostand;;;;5.000,00;EUR",
      "Vorgemerkte und noch nicht gebuchte Umsätze sind nicht Bestandteil dieser Übersicht.",
      "Buchungstag;Wert;Umsatzart;Begünstigter / Auftraggeber;Verwendungszweck;IBAN;BIC;Kundenreferenz;Mandatsreferenz ;Gläubiger ID;Fremde Gebühren;Betrag;Abweichender Empfänger;Anzahl der Aufträge;Anzahl der Schecks;Soll;Haben;Währung",
      "05.03.2024;05.03.2024;SEPA-Lastschrift von;Stadtwerke;Strom März;DE89370400440532013000;COBADEFF;NOTPROVIDED;M1;DE98ZZZ;;;;;;-1.234,56;;EUR",
      "04.03.2024;04.03.2024;SEPA-Überweisung von;Kunde GmbH;Rechnung 1;DE02120300000000202051;BYLADEM1;NOTPROVIDED;;;;;;;;;2.000,00;EUR",
      "01.03.2024;01.03.2024;Saldo der Abschlussposten;;Kontoführung;;;;;;;;;;;-9,90;;EUR",
      "Kontostand;05.03.2024;;;5.000,00;EUR",
    ],
    rows: ["2024-03-05 -123456 EUR Stadtwerke|1231234567|", "2024-03-04 200000 EUR Kunde GmbH|1231234567|", "2024-03-01 -990 EUR |1231234567|"],
    others: ["9 balance_line"],
    hints: { defaultCurrency: "EUR" },
  },
};

describe("layouts of banks, wallets and registers", () => {
  testLayouts(exports);
});
