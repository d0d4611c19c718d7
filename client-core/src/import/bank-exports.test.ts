import { describe, expect, test } from "vitest";
import { encodeText } from "./testing/encode-text.ts";
import { testLayouts, type Layout } from "./testing/layouts.ts";
import { readWhole } from "./testing/read-whole.ts";

const exports: Readonly<Record<string, Layout>> = {
  "checking account, details column beside signed amounts and balances": {
    lines: ["Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #", 'DEBIT,10/13/2023,"SHOP*T12",-45.10,DEBIT_CARD,1200.50,,', 'CREDIT,10/12/2023,"DEPOSIT",500.00,ACH_CREDIT,1245.60,,', 'DEBIT,10/02/2023,"RENT",-45.10,DEBIT_CARD,745.60,,'],
    rows: ["2023-10-13 -4510 USD ||", "2023-10-12 50000 USD ||", "2023-10-02 -4510 USD ||"],
    hints: { defaultCurrency: "USD" },
  },
  "card statement where purchases are positive": {
    lines: ["Date,Description,Card Member,Account #,Amount", "10/13/2023,BOOKS,J DOE,-11001,45.10", "10/14/2023,TAXI,J DOE,-11001,12.10", "10/15/2023,PAYMENT - THANK YOU,J DOE,-11001,-57.20", "10/16/2023,TAXI,J DOE,-11001,12.10"],
    rows: ["2023-10-13 -4510 USD |J DOE|", "2023-10-14 -1210 USD |J DOE|", "2023-10-15 5720 USD |J DOE|", "2023-10-16 -1210 USD |J DOE|"],
    hints: { defaultCurrency: "USD" },
  },
  "card statement without a card column: payments with thanks are negative": {
    lines: ["Date,Description,Amount", "03/05/2024,BOOKS,45.99", "03/06/2024,TAXI,12.50", "03/20/2024,ONLINE PAYMENT - THANK YOU,-500.00", "03/22/2024,COFFEE,5.50", "03/25/2024,AIRLINE,310.00"],
    rows: ["2024-03-05 -4599 USD ||", "2024-03-06 -1250 USD ||", "2024-03-20 50000 USD ||", "2024-03-22 -550 USD ||", "2024-03-25 -31000 USD ||"],
    hints: { defaultCurrency: "USD" },
  },
  "card statement where purchases carry their minus": {
    lines: ["Transaction Date,Description,Amount", "03/25/2024,BOOKS,-45.99", "03/26/2024,Payment Thank You-Mobile,500.00"],
    rows: ["2024-03-25 -4599 USD ||", "2024-03-26 50000 USD ||"],
    hints: { defaultCurrency: "USD" },
  },
  "payments with thanks outnumber the purchases: asked": {
    lines: ["Date,Description,Amount", "03/25/2024,BOOKS,45.99", "03/26/2024,PAYMENT RECEIVED - THANK YOU,-20.00", "03/27/2024,PAYMENT RECEIVED - THANK YOU,-25.99"],
    rows: ["2024-03-25 -4599 USD ||", "2024-03-26 2000 USD ||", "2024-03-27 2599 USD ||"],
    questions: ["sign"],
    hints: { defaultCurrency: "USD" },
  },
  "few negative amounts and nothing that tells their sense: asked": {
    lines: ["Date,Description,Amount", "03/05/2024,A,45.99", "03/06/2024,B,12.50", "03/20/2024,C,-5.00", "03/22/2024,D,5.50", "03/25/2024,E,310.00", "03/26/2024,F,40.00"],
    rows: ["2024-03-05 4599 USD ||", "2024-03-06 1250 USD ||", "2024-03-20 -500 USD ||", "2024-03-22 550 USD ||", "2024-03-25 31000 USD ||", "2024-03-26 4000 USD ||"],
    questions: ["sign"],
    hints: { defaultCurrency: "USD" },
  },
  "the account of the counterparty is not one's own, which the preamble names": {
    encoding: "windows-1251",
    lines: ["Выписка по счету 40702810938000012345", "Дата операции;Дебет;Кредит;Контрагент.Наименование;Контрагент.Счет;Назначение платежа", "04.03.2024;15 000,00;;ООО Ромашка;40702810500000001111;Оплата по счету", "05.03.2024;;120 500,50;ИП Иванов;40802810200000002222;Оплата услуг"],
    rows: ["2024-03-04 -1500000 RUB ООО Ромашка|40702810938000012345|", "2024-03-05 12050050 RUB ИП Иванов|40702810938000012345|"],
  },
  "Дт and Кт for money out and in": {
    encoding: "windows-1251",
    lines: ["Дата;Корреспондент;Сумма по Дт;Сумма по Кт;Назначение", "12.01.2024;ООО А;10000.00;;Оплата", "13.01.2024;ООО Б;;25000.00;Поступление"],
    rows: ["2024-01-12 -1000000 RUB ООО А||", "2024-01-13 2500000 RUB ООО Б||"],
    hints: { defaultCurrency: "RUB" },
  },
  "Russian words in books kept in dollars: the currency is asked": {
    lines: ["Дата операции;Назначение платежа;Сумма", "13.01.2024;Оплата аренды ООО А;-10000,00", "14.01.2024;Выручка;25000,00"],
    rows: ["2024-01-13 -1000000 USD ||", "2024-01-14 2500000 USD ||"],
    questions: ["currency"],
    hints: { defaultCurrency: "USD" },
  },
  "Russian words in books kept in tenge: nothing is asked": {
    lines: ["Дата операции;Назначение платежа;Сумма", "13.01.2024;Оплата аренды ООО А;-10000,00", "14.01.2024;Выручка;25000,00"],
    rows: ["2024-01-13 -1000000 KZT ||", "2024-01-14 2500000 KZT ||"],
    hints: { defaultCurrency: "KZT" },
  },
  "a card of an account, debit and credit each parted into account and amount": {
    lines: [
      "ООО Ромашка;;;;;;;;;", "Карточка счета 51 за март 2024 г.;;;;;;;;;", "Выводимые данные:;БУ (данные бухгалтерского учета);;;;;;;;",
      "Период;Документ;Аналитика Дт;Аналитика Кт;Дебет;;Кредит;;Текущее сальдо;", ";;;;Счет;;Счет;;;", "Сальдо на начало;;;;;;;;Д;100 000,00",
      '04.03.2024;"Списание с расчетного счета 101\nОплата по договору";"ООО Поставщик\nДоговор 5";Основной счет;60.01;;51;15 000,00;Д;85 000,00',
      '15.03.2024;Поступление на расчетный счет 55;Основной счет;"АО Покупатель\nДоговор 7";51;120 500,50;62.01;;Д;205 500,50',
      "Обороты за период и сальдо на конец;;;;;120 500,50;;15 000,00;Д;205 500,50",
    ],
    rows: ["2024-03-04 -1500000 RUB ООО Поставщик||", "2024-03-15 12050050 RUB АО Покупатель||"],
    others: ["6 balance_line", "12 total"],
    hints: { defaultCurrency: "RUB" },
  },
  "a list of an accounting program: payments count, the invoices and bills they settle do not": {
    lines: [
      "Northwind Ltd,,,,,,,", "Transaction List by Date,,,,,,,", "January 2024,,,,,,,", "", "Date,Transaction type,Num,Name,Memo/Description,Account,Split,Amount",
      "01/10/2024,Invoice,1001,Acme,Work,Accounts Receivable (A/R),Services,1200.00", "01/15/2024,Payment,,Acme,,Checking,Accounts Receivable (A/R),1200.00",
      "01/16/2024,Bill,77,Paper Co,Paper,Accounts Payable (A/P),Office supplies,-80.00", "01/20/2024,Bill Payment (Check),12,Paper Co,,Checking,Accounts Payable (A/P),-80.00", "01/21/2024,Expense,,Power & Light,Electricity,Checking,Utilities,-45.50",
    ],
    rows: ["2024-01-15 120000 USD Acme|Checking|Accounts Receivable (A/R)", "2024-01-20 -8000 USD Paper Co|Checking|Accounts Payable (A/P)", "2024-01-21 -4550 USD Power & Light|Checking|Utilities"],
    others: ["6 no_money_yet", "8 no_money_yet"],
    hints: { defaultCurrency: "USD" },
  },
  "a list of invoices alone: they are what there is": {
    lines: ["Date,Type,Num,Name,Amount", "01/10/2024,Invoice,1001,Acme,1200.00", "01/25/2024,Invoice,1002,Globex,300.00"],
    rows: ["2024-01-10 120000 USD Acme||", "2024-01-25 30000 USD Globex||"],
    questions: [],
    hints: { defaultCurrency: "USD", answers: { sign: "signed" } },
  },
  "an amount whose name speaks of both debit and credit goes by the word beside it": {
    lines: ["Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;Konto;Belegdatum;Buchungstext", "1190,00;H;1200;13.03.2024;RE17", "89,00;S;1200;14.03.2024;Strom"],
    rows: ["2024-03-13 119000 EUR |1200|", "2024-03-14 -8900 EUR |1200|"],
    hints: { defaultCurrency: "EUR" },
  },
  "payouts: a currency is no counterparty and the brand of a card no account": {
    lines: ["Created (UTC),Type,Card Brand,Amount,Fee,Net,Currency,Description,Customer Facing Currency", "2024-03-01 10:00,charge,visa,49.00,1.72,47.28,usd,Subscription,usd", "2024-03-02 10:00,payout,visa,-100.00,0.00,-100.00,usd,Payout,usd"],
    rows: ["2024-03-01 4728 USD ||", "2024-03-02 -10000 USD ||"],
  },
  "transfers with source and target: the other side by direction, the fee beside what was sent on": {
    lines: ['ID,Status,Direction,"Created on","Source fee amount","Source name","Source amount (after fees)","Source currency","Target name",Reference', 'T-1,COMPLETED,OUT,"2024-03-05 10:00:00",0.50,My Co,1000.00,EUR,Werk GmbH,INV 7', 'T-2,COMPLETED,IN,"2024-03-04 10:00:00",0.00,Client Ltd,5000.00,EUR,My Co,ref', 'T-3,CANCELLED,OUT,"2024-03-03 10:00:00",0.50,My Co,99.00,EUR,X,'],
    rows: ["2024-03-05 -100050 EUR Werk GmbH||", "2024-03-04 500000 EUR Client Ltd||"],
    others: ["4 not_completed"],
  },
  "a card of account 51 from one's own books: a debit is money in": {
    encoding: "windows-1251",
    lines: ["Карточка счета 51 за март 2024 г.", "", "Период;Документ;Дебет;Кредит", "04.03.2024;Списание с расчетного счета 101;;15 000,00", "05.03.2024;Поступление на расчетный счет 55;120 500,50;", "Обороты за период;;120 500,50;15 000,00"],
    rows: ["2024-03-04 -1500000 RUB ||", "2024-03-05 12050050 RUB ||"],
    others: ["6 total"],
    hints: { defaultCurrency: "RUB" },
  },
  "a general ledger, which holds each payment twice, is asked about": {
    lines: ["Acme LLC,,,", "General Ledger,,,", ",,,", "Date,Name,Split,Amount", "01/13/2024,Landlord,Rent,-1000.00", "01/14/2024,Bob,Services,1500.00", "01/13/2024,Landlord,Checking,1000.00"],
    rows: ["2024-01-13 -100000 USD Landlord||Rent", "2024-01-14 150000 USD Bob||Services", "2024-01-13 100000 USD Landlord||Checking"],
    questions: ["sign"],
    hints: { defaultCurrency: "USD" },
  },
  "British statement with debit and credit columns, newest first": {
    lines: ["Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance", "13/10/2023,DD,'30-00-00,12345678,RATES,45.10,,954.90", "12/10/2023,FPI,'30-00-00,12345678,CLIENT,,500.00,1000.00", "02/10/2023,FPI,'30-00-00,12345678,CLIENT,,500.00,500.00"],
    rows: ["2023-10-13 -4510 GBP |12345678|", "2023-10-12 50000 GBP |12345678|", "2023-10-02 50000 GBP |12345678|"],
    hints: { defaultCurrency: "GBP" },
  },
  "wallet with states: what was reverted is passed over": {
    lines: ["Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance", "CARD_PAYMENT,Current,2023-10-13 10:00:00,2023-10-14 11:00:00,Grocer,-10.00,0.00,GBP,COMPLETED,90.00", "TOPUP,Current,2023-10-12 10:00:00,2023-10-12 11:00:00,Top-up,100.00,0.00,GBP,COMPLETED,100.00", "CARD_PAYMENT,Current,2023-10-15 10:00:00,,Taxi,-10.00,0.00,GBP,REVERTED,"],
    rows: ["2023-10-14 -1000 GBP ||", "2023-10-12 10000 GBP ||"],
    others: ["4 not_completed"],
  },
  "multi-currency account with payer and payee": {
    lines: ["ID,Date,Amount,Currency,Description,Payment Reference,Running Balance,Exchange Rate,Payer Name,Payee Name,Payee Account Number,Note", "T-1,13-10-2023,-45.10,EUR,Sent money,,954.90,,,Werk GmbH,DE89,", "T-2,12-10-2023,1000.00,EUR,Received,INV1,1000.00,,Kunde AG,,,"],
    rows: ["2023-10-13 -4510 EUR Werk GmbH||", "2023-10-12 100000 EUR Kunde AG||"],
  },
  "the header's currency is the account's, the original one is not": {
    lines: ['"Booking Date","Value Date","Partner Name","Partner Iban",Type,"Payment Reference","Account Name","Amount (EUR)","Original Amount","Original Currency","Exchange Rate"', "2023-10-13,2023-10-13,Cafe,,Presentment,,Main,-12.5,-14,USD,0.89", "2023-10-12,2023-10-12,Kunde,DE89370400440532013000,Credit Transfer,Invoice,Main,100.0,,,"],
    rows: ["2023-10-13 -1250 EUR Cafe|Main|", "2023-10-12 10000 EUR Kunde|Main|"],
  },
  "German statement: preamble, debits with their minus, closing balance": {
    lines: ["Umsätze Girokonto;;;Kundennummer: 123 1234567", "12.09.2023 - 13.10.2023", "Letzter Kontostand;;;;5.000,00;EUR", "Buchungstag;Wert;Umsatzart;Begünstigter / Auftraggeber;Verwendungszweck;Soll;Haben;Währung", "10.10.2023;10.10.2023;SEPA-Lastschrift;Stadtwerke;Strom;-1.234,56;;EUR", "09.10.2023;09.10.2023;SEPA-Gutschrift;Kunde GmbH;Rechnung 1;;2.000,00;EUR", "Kontostand;13.10.2023;;;5.000,00;EUR"],
    rows: ["2023-10-10 -123456 EUR Stadtwerke|1231234567|", "2023-10-09 200000 EUR Kunde GmbH|1231234567|"],
    others: ["7 balance_line"],
  },
  "payment service: net is what moves, pending is passed over, balance impact agrees": {
    lines: ['"Date","Time","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address","Transaction ID","Balance","Balance Impact"', '"10/13/2023","10:00:00","Bob","Payment","Completed","USD","100.00","-3.20","96.80","b@x","T1","96.80","Credit"', '"10/14/2023","10:00:00","","Withdrawal","Completed","USD","-1,050.00","0.00","-1,050.00","","T2","-953.20","Debit"', '"10/14/2023","10:00:00","","Payment","Pending","USD","-1.00","0.00","-1.00","","T3","-953.20","Memo"'],
    rows: ["2023-10-13 9680 USD Bob||", "2023-10-14 -105000 USD ||"],
    others: ["4 not_completed"],
  },
  "Dutch statement with Af/Bij": {
    lines: ['"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)","Mutatiesoort","Mededelingen"', '"20231013","Winkel","NL00BANK01","","BA","Af","12,50","Betaalautomaat","x"', '"20231012","Klant","NL00BANK01","NL11","OV","Bij","1000,00","Overschrijving","inv"'],
    rows: ["2023-10-13 -1250 EUR Winkel|NL00BANK01|", "2023-10-12 100000 EUR Klant|NL00BANK01|"],
  },
  "Russian bank statement in windows-1251: preamble with the account, totals, balances": {
    encoding: "windows-1251",
    lines: ["Выписка по счету 40702810500000012345", "за период с 01.10.2023 по 31.10.2023", "", "Дата проводки;Счет Дебет;Счет Кредит;Сумма по дебету;Сумма по кредиту;№ документа;Банк (БИК и наименование);Назначение платежа", "13.10.2023;40702810500000012345;40702810600000054321;1 234,56;;12;044525225;Оплата по счету 5", "12.10.2023;40702810600000054321;40702810500000012345;;50 000,00;13;044525225;Поступление за услуги", "Итого оборотов;;;1 234,56;50 000,00;;;", "Исходящий остаток;;;;100,00;;;"],
    rows: ["2023-10-13 -123456 RUB |40702810500000012345|", "2023-10-12 5000000 RUB |40702810500000012345|"],
    others: ["7 total", "8 balance_line"],
  },
  "Russian statement in UTF-16, payer and payee by direction": {
    encoding: "utf-16le",
    lines: ["Дата и время\tПлательщик\tПолучатель\tНазначение\tСписание\tЗачисление\tВалюта", "13.10.2023 10:05\tООО Мы\tООО Ромашка\tОплата\t1 234.56\t\tRUB", "12.10.2023 10:05\tООО Клиент\tООО Мы\tПоступление\t\t50 000.00\tRUB"],
    rows: ["2023-10-13 -123456 RUB ООО Ромашка||", "2023-10-12 5000000 RUB ООО Клиент||"],
  },
  "two-line header and a line of column numbers": {
    lines: ["Дата;Номер;Сумма;;Назначение", ";;Дебет;Кредит;", "1;2;3;4;5", "13.10.2023;1;10,00;;Оплата", "14.10.2023;2;;20,00;Приход"],
    rows: ["2023-10-13 -1000 RUB ||", "2023-10-14 2000 RUB ||"],
    others: ["3 column_numbers"],
    hints: { defaultCurrency: "RUB" },
  },
  "operation date as DD.MM.YY and the old rouble code": {
    lines: ["Тип счёта;Номер счета;Валюта;Дата операции;Референс проводки;Описание операции;Приход;Расход;", "Текущий счёт;40817810105330012345;RUR;13.10.23;CRD_1;Покупка;0;1 234,56;", "Текущий счёт;40817810105330012345;RUR;12.10.23;CRD_2;Зарплата;50 000,00;0;"],
    rows: ["2023-10-13 -123456 RUB |40817810105330012345|", "2023-10-12 5000000 RUB |40817810105330012345|"],
  },
  "no header at all": {
    lines: ['"10/13/2023","-45.10","*","","PURCHASE"', '"10/12/2023","500.00","*","","DEPOSIT"', '"10/02/2023","-7.00","*","","FEE"'],
    rows: ["2023-10-13 -4510 USD ||", "2023-10-12 50000 USD ||", "2023-10-02 -700 USD ||"],
    hints: { defaultCurrency: "USD" },
  },
  "a summary above the table and an opening balance inside it": {
    lines: ["Description,,Summary Amt.", 'Beginning balance as of 10/01/2023,,"1,000.00"', 'Total credits,,"500.00"', "", "Date,Description,Amount,Running Bal.", '10/01/2023,Beginning balance as of 10/01/2023,,"1,000.00"', '10/13/2023,"SHOP","-45.10","954.90"', '10/14/2023,"DEP","500.00","1,454.90"'],
    rows: ["2023-10-13 -4510 USD ||", "2023-10-14 50000 USD ||"],
    others: ["6 balance_line"],
    hints: { defaultCurrency: "USD" },
  },
  "list of sales": {
    lines: ["Order Date,Order No,Customer,Product,Total", "13/10/2023,1,Bob,Cup,12.50", "14/10/2023,2,Al,Cup,13.50"],
    rows: ["2023-10-13 1250 GBP Bob||", "2023-10-14 1350 GBP Al||"],
    hints: { defaultCurrency: "GBP" },
  },
  "list of supplier payments with a refund": {
    lines: ["Supplier Name,Invoice Date,Net Amount,Expense Type", "Bricks Ltd,13/10/2023,1250.00,Works", "Paper Ltd,14/10/2023,-13.50,Office", "Paper Ltd,15/10/2023,20,Office", "Paper Ltd,16/10/2023,21,Office"],
    rows: ["2023-10-13 -125000 GBP Bricks Ltd||Works", "2023-10-14 1350 GBP Paper Ltd||Office", "2023-10-15 -2000 GBP Paper Ltd||Office", "2023-10-16 -2100 GBP Paper Ltd||Office"],
    hints: { defaultCurrency: "GBP" },
  },
  "decimal comma cut in two by the delimiter is asked about": {
    lines: ["Date,Text,Amount", "13.10.2023,Coffee,-12,50", "14.10.2023,Tea,-3,20"],
    rows: ["2023-10-13 -1200 EUR ||", "2023-10-14 -300 EUR ||"],
    questions: ["amount_split"],
    hints: { defaultCurrency: "EUR" },
  },
  "dates that fit both orders are asked about": {
    lines: ["Date,Description,Amount", "03/04/2023,Coffee,-12.50", "05/02/2023,Tea,-3.20"],
    rows: ["2023-04-03 -1250 EUR ||", "2023-02-05 -320 EUR ||"],
    questions: ["date_order"],
    hints: { defaultCurrency: "EUR" },
  },
  "days up to 12 only: the order in which time runs steadily is the right one": {
    lines: ["Date,Description,Amount", "03/01/2023,Item,-1.50", "09/01/2023,Item,-2.50", "02/02/2023,Item,-3.50", "11/02/2023,Item,-4.50", "01/03/2023,Item,-5.50", "05/03/2023,Item,-6.50", "12/03/2023,Item,-7.50", "02/04/2023,Item,-8.50", "07/04/2023,Item,-9.50", "10/04/2023,Item,-10.50"],
    rows: ["2023-01-03 -150 USD ||", "2023-01-09 -250 USD ||", "2023-02-02 -350 USD ||", "2023-02-11 -450 USD ||", "2023-03-01 -550 USD ||", "2023-03-05 -650 USD ||", "2023-03-12 -750 USD ||", "2023-04-02 -850 USD ||", "2023-04-07 -950 USD ||", "2023-04-10 -1050 USD ||"],
    hints: { defaultCurrency: "USD" },
  },
  "a wallet whose balance falls by the fee as well": {
    lines: ["Type,Completed Date,Description,Amount,Fee,Currency,State,Balance", "CARD_PAYMENT,2023-04-13 10:00:00,Coffee,-12.50,0.00,EUR,COMPLETED,987.50", "TRANSFER,2023-04-14 10:00:00,Rent,-100.00,1.50,EUR,COMPLETED,886.00", "TOPUP,2023-04-15 10:00:00,Top up,50.00,0.50,EUR,COMPLETED,935.50"],
    rows: ["2023-04-13 -1250 EUR ||", "2023-04-14 -10150 EUR ||", "2023-04-15 4950 EUR ||"],
  },
  "a statement whose balance holds the fee already": {
    lines: ["Date,Description,Amount,Fee,Balance", "2023-04-13,A,-12.50,0.50,987.50", "2023-04-14,B,-100.00,1.50,887.50", "2023-04-15,C,50.00,0.50,937.50"],
    rows: ["2023-04-13 -1250 EUR ||", "2023-04-14 -10000 EUR ||", "2023-04-15 5000 EUR ||"],
    hints: { defaultCurrency: "EUR" },
  },
  "a fee beside an amount that says nothing of it is asked about, and taken off when told": {
    lines: ["Date,Description,Amount,Fee", "2023-04-13,A,-12.50,0.50", "2023-04-14,B,100.00,", "2023-04-15,C,50.00,0.50"],
    rows: ["2023-04-13 -1250 EUR ||", "2023-04-14 10000 EUR ||", "2023-04-15 5000 EUR ||"],
    questions: ["fee"],
    hints: { defaultCurrency: "EUR" },
  },
  "the answer about fees": {
    lines: ["Date,Description,Amount,Fee", "2023-04-13,A,-12.50,0.50", "2023-04-14,B,100.00,", "2023-04-15,C,50.00,0.50"],
    rows: ["2023-04-13 -1300 EUR ||", "2023-04-14 10000 EUR ||", "2023-04-15 4950 EUR ||"],
    hints: { defaultCurrency: "EUR", answers: { fee: "taken_off" } },
  },
  "the answer of the person ends the question": {
    lines: ["Date,Description,Amount", "03/04/2023,Coffee,-12.50", "05/02/2023,Tea,-3.20"],
    rows: ["2023-03-04 -1250 EUR ||", "2023-05-02 -320 EUR ||"],
    hints: { defaultCurrency: "EUR", answers: { dateOrder: "MDY" } },
  },
  "positive amounts without a word are asked about": {
    lines: ["Date,Description,Amount", "13/04/2023,Coffee,12.50", "15/02/2023,Tea,3.20"],
    rows: ["2023-04-13 1250 EUR ||", "2023-02-15 320 EUR ||"],
    questions: ["sign"],
    hints: { defaultCurrency: "EUR" },
  },
  "three digits after the mark and nothing to tell are asked about": {
    lines: ["Date;Description;Amount", "13/04/2023;Coffee;-1,250", "15/02/2023;Tea;3,200"],
    rows: ["2023-04-13 -125000 EUR ||", "2023-02-15 320000 EUR ||"],
    questions: ["decimal"],
    hints: { defaultCurrency: "EUR" },
  },
  "each unreadable row is refused by its line": {
    lines: ["Date,Description,Amount", "13/04/2023,Coffee,-12.50", "31/02/2023,Tea,3.20", ",Milk,1.00", '14/04/2023,"two', 'lines",', "15/04/2023,Sugar,21 6З0.00", "", "16/04/2023,Water,12 34.00", "Total,,-12.50", "17/04/2023,Salt,99999999999999999", "18/04/2023,Cream,1.00"],
    rows: ["2023-04-13 -1250 EUR ||", "2023-04-18 100 EUR ||"],
    others: ["3 date_impossible", "4 date_missing", "5 amount_missing", "7 amount_unreadable", "9 amount_unreadable", "10 total", "11 amount_too_large"],
    hints: { defaultCurrency: "EUR" },
  },
  "yen have no minor unit and three-digit currencies have three": {
    lines: ["Date,Description,Amount,Currency", "2023-04-13,A,-1250,JPY", "2023-04-14,B,1.250,KWD", "2023-04-15,C,0.125,KWD"],
    rows: ["2023-04-13 -1250 JPY ||", "2023-04-14 1250 KWD ||", "2023-04-15 125 KWD ||"],
  },
};

describe("layouts of usual exports", () => {
  testLayouts(exports);

  test("an understanding survives JSON and reads the same rows", async () => {
    const bytes = encodeText(exports["no header at all"]?.lines.join("\n") ?? "", "utf-8");
    const { understanding, rows } = await readWhole(bytes);
    const revived: typeof understanding = JSON.parse(JSON.stringify(understanding));
    expect((await readWhole(bytes, { understanding: revived })).rows).toEqual(rows);
  });
});
