import { describe } from "vitest";
import { testLayouts, type Layout } from "./testing/layouts.ts";

const exports: Readonly<Record<string, Layout>> = {
  "without a header the balance tells which column is the amount": {
    lines: [
      "123456789\tEUR\t20240228\t545,10\t500,00\t20240228\t-45,10\tSEPA Incasso algemeen doorlopend Gemeente",
      "123456789\tEUR\t20240304\t500,00\t1000,00\t20240304\t500,00\tSEPA Overboeking IBAN: NL11 Klant Factuur 5",
      "123456789\tEUR\t20240305\t1000,00\t987,50\t20240305\t-12,50\tBEA, Betaalpas Albert Heijn",
    ],
    rows: ["2024-02-28 -4510 EUR ||", "2024-03-04 50000 EUR ||", "2024-03-05 -1250 EUR ||"],
    hints: { defaultCurrency: "EUR" },
  },
  "Norwegian: out of and into the account": {
    lines: [
      '"Dato";"Forklaring";"Rentedato";"Ut fra konto";"Inn på konto"',
      '"05.03.2024";"Varekjøp REMA 1000";"05.03.2024";"12,50";""',
      '"04.03.2024";"Overføring KUNDE AS";"04.03.2024";"";"1500,00"',
      '"28.02.2024";"Avtalegiro HAFSLUND";"28.02.2024";"45,10";""',
    ],
    rows: ["2024-03-05 -1250 NOK ||", "2024-03-04 150000 NOK ||", "2024-02-28 -4510 NOK ||"],
    hints: { defaultCurrency: "NOK" },
  },
  "names of a summary below the rows are no header, rulers are passed over": {
    lines: [
      "HDFC BANK Ltd.,,,,,,",
      "Account No :50100012345678,,,,,,",
      "Statement From : 01/02/2024 To : 31/03/2024,,,,,,",
      "********,**********,**********,**********,*********,**********,**********",
      "Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance",
      "********,**********,**********,**********,*********,**********,**********",
      "28/02/24,BILLPAY TATA POWER,0000000000000001,28/02/24,45.10,,500.00",
      '04/03/24,NEFT CR-CLIENT LTD,N064240000000001,04/03/24,,"1,50,000.00","1,50,500.00"',
      '05/03/24,UPI-BIGBASKET,0000406512345678,05/03/24,12.50,,"1,50,487.50"',
      "********,**********,**********,**********,*********,**********,**********",
      "STATEMENT SUMMARY :-,,,,,,",
      "Opening Balance,Dr Count,Cr Count,Debits,Credits,Closing Bal,",
      '545.10,2,1,57.60,"1,50,000.00","1,50,487.50",',
      "Generated On: 06-MAR-2024 10:00,,,,,,",
    ],
    rows: ["2024-02-28 -4510 INR |50100012345678|", "2024-03-04 15000000 INR |50100012345678|", "2024-03-05 -1250 INR |50100012345678|"],
    others: ["6 note", "10 note", "11 note", "12 balance_line", "13 date_unreadable", "14 date_unreadable"],
    questions: ["date_order"],
    hints: { defaultCurrency: "INR" },
  },
  "postings of an accountant: days and months of the year the file names, as the bank sees them; its number is no bank in the chart named": {
    lines: [
      '"EXTF";700;21;"Buchungsstapel";12;20240306100000000;;"RE";"";"";1001;1;20240101;4;20240201;20240331;"Bank Maerz";"";1;0;0;"EUR";;"";;;"03";;;"";""',
      "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Kurs;Basis-Umsatz;WKZ Basis-Umsatz;Konto;Gegenkonto (ohne BU-Schlüssel);BU-Schlüssel;Belegdatum;Belegfeld 1;Belegfeld 2;Skonto;Buchungstext",
      '12,50;"H";"EUR";;;"";1800;4930;"";0503;"123";"";;"Bürobedarf"',
      '1500,00;"S";"EUR";;;"";1800;8400;"";0403;"5";"";;"Kunde Rechnung 5"',
      '45,10;"H";"EUR";;;"";1800;4240;"";2802;"";"";;"Strom"',
    ],
    rows: ["2024-03-05 -1250 EUR |1800|", "2024-03-04 150000 EUR |1800|", "2024-02-28 -4510 EUR |1800|"],
    questions: ["own_accounts"],
    hints: { defaultCurrency: "EUR" },
  },
  "the net of a payment service by its name": {
    lines: [
      "id,created_at,charge_date,amount,description,currency,status,amount_refunded,reference,transaction_fee,payout_date,net_amount",
      "PM1,2024-03-01,2024-03-05,100.00,Sub,GBP,paid_out,0,R1,3.20,2024-03-08,96.80",
    ],
    rows: ["2024-03-05 9680 GBP ||"],
    questions: ["sign"],
    hints: { defaultCurrency: "GBP" },
  },
  "Ukrainian headers": {
    lines: [
      "Виписка за період 01.02.2024 - 31.03.2024",
      "Дата;Категорія;Картка;Опис операції;Сума в валюті картки;Валюта картки;Сума в валюті транзакції;Валюта транзакції;Залишок на кінець періоду;Валюта залишку",
      "05.03.2024 10:00:00;Продукти;5168 **** **** 1234;Сільпо;-12,50;UAH;-12,50;UAH;1987,50;UAH",
      "04.03.2024 10:00:00;Зарахування;5168 **** **** 1234;Клієнт;1500,00;UAH;1500,00;UAH;2000,00;UAH",
      "28.02.2024 10:00:00;Комуналка;5168 **** **** 1234;ДТЕК;-45,10;UAH;-45,10;UAH;500,00;UAH",
    ],
    rows: ["2024-03-05 -1250 UAH |5168 **** **** 1234|Продукти", "2024-03-04 150000 UAH |5168 **** **** 1234|Зарахування", "2024-02-28 -4510 UAH |5168 **** **** 1234|Комуналка"],
    hints: { defaultCurrency: "UAH" },
  },
  "Finnish headers": {
    lines: [
      '"Kirjauspäivä";"Arvopäivä";"Määrä EUROA";"Laji";"Selitys";"Saaja/Maksaja";"Saajan tilinumero";"Saajan pankin BIC";"Viite";"Viesti";"Arkistointitunnus"',
      "2024-03-05;2024-03-05;-12,50;162;PKORTTIMAKSU;K-MARKET;;;;VIESTI: OSTO;20240305/1",
      "2024-03-04;2024-03-04;1500,00;506;TILISIIRTO;ASIAKAS OY;;;ref=5;Lasku 5;20240304/1",
      "2024-02-28;2024-02-28;-45,10;106;TILISIIRTO;HELEN OY;;;ref=7;Sähkö;20240228/1",
    ],
    rows: ["2024-03-05 -1250 EUR K-MARKET||", "2024-03-04 150000 EUR ASIAKAS OY||", "2024-02-28 -4510 EUR HELEN OY||"],
    hints: { defaultCurrency: "EUR" },
  },
  "Czech headers": {
    lines: [
      '"Výpis č. 3/2024 z účtu ""2000000000/2010"""',
      '"Majitel účtu: ACME s.r.o."',
      '"Období: 01.02.2024 - 31.03.2024"',
      '"Počáteční stav účtu k 01.02.2024: 545,10 CZK"',
      "",
      '"ID operace";"Datum";"Objem";"Měna";"Protiúčet";"Název protiúčtu";"Kód banky";"Název banky";"KS";"VS";"SS";"Poznámka";"Zpráva pro příjemce";"Typ";"Provedl";"Upřesnění";"Poznámka";"BIC";"ID pokynu"',
      '"26000001";"05.03.2024";"-12,50";"CZK";"";"";"";"";"";"1234";"";"Nákup: ALBERT";"Nákup: ALBERT, dne 4.3.2024";"Platba kartou";"Novák";"";"Nákup";"";"1"',
      '"26000002";"04.03.2024";"1500,00";"CZK";"2600000000";"Klient s.r.o.";"2010";"Fio";"";"5";"";"";"Faktura 5";"Bezhotovostní příjem";"";"";"";"";"2"',
      '"26000003";"28.02.2024";"-45,10";"CZK";"1900000000";"ČEZ";"0100";"KB";"";"7";"";"";"Elektřina";"Bezhotovostní platba";"Novák";"";"";"";"3"',
    ],
    rows: ["2024-03-05 -1250 CZK ||", "2024-03-04 150000 CZK Klient s.r.o.||", "2024-02-28 -4510 CZK ČEZ||"],
    hints: { defaultCurrency: "CZK" },
  },
  "a purpose over several columns of which one has a name": {
    lines: [
      '"Data operacji","Data waluty","Typ transakcji","Kwota","Waluta","Saldo po transakcji","Opis transakcji","","","",""',
      '"2024-03-05","2024-03-04","Płatność kartą","-12.50","PLN","+1987.50","Tytuł: 000483849","Lokalizacja: Adres: BIEDRONKA","Data wykonania: 2024-03-04","",""',
      '"2024-03-04","2024-03-04","Przelew na konto","+1500.00","PLN","+2000.00","Rachunek nadawcy: 11 2222","Nazwa nadawcy: KLIENT","Tytuł: FAKTURA 5","",""',
      '"2024-02-28","2024-02-28","Przelew z rachunku","-45.10","PLN","+500.00","Rachunek odbiorcy: 22","Nazwa odbiorcy: TAURON","Tytuł: PRĄD","",""',
    ],
    rows: ["2024-03-05 -1250 PLN ||", "2024-03-04 150000 PLN ||", "2024-02-28 -4510 PLN ||"],
    hints: { defaultCurrency: "PLN" },
  },
  "names behind a number sign": {
    lines: [
      "mBank S.A. Bankowość Detaliczna;",
      "Skrytka Pocztowa 2108;",
      "#Klient;",
      "JAN KOWALSKI;",
      "",
      "Lista operacji;",
      "",
      "#Za okres:;",
      "01.02.2024;31.03.2024;",
      "",
      "#zgodnie z wybranymi filtrami wyszukiwania;",
      "#dla rachunków:;",
      "mBiznes - 12345678901234567890123456;",
      "",
      "#Waluta;#Wpływy;#Wydatki;",
      "PLN;1 500,00;-57,60;",
      "",
      "#Data operacji;#Data księgowania;#Opis operacji;#Tytuł;#Nadawca/Odbiorca;#Numer konta;#Kwota;#Saldo po operacji;",
      `2024-03-05;2024-03-05;ZAKUP PRZY UŻYCIU KARTY;"BIEDRONKA   /WARSZAWA";"  ";'';-12,50;1 987,50;`,
      `2024-03-04;2024-03-04;PRZELEW ZEWNĘTRZNY PRZYCHODZĄCY;"FAKTURA 5";"KLIENT SP Z OO";'11112222333344445555666677';1 500,00;2 000,00;`,
      `2024-02-28;2024-02-28;PRZELEW ZEWNĘTRZNY WYCHODZĄCY;"PRĄD";"TAURON";'22223333444455556666777788';-45,10;500,00;`,
      "",
      "#Saldo końcowe;1 987,50 PLN;",
    ],
    rows: ["2024-03-05 -1250 PLN ||", "2024-03-04 150000 PLN KLIENT SP Z OO||", "2024-02-28 -4510 PLN TAURON||"],
    others: ["23 balance_line"],
    hints: { defaultCurrency: "PLN" },
  },
  "French operations: an account in the first line": {
    lines: [
      '="00012345678";05/02/2024;05/03/2024;',
      `"Date de l'opération";"Libellé";"Détail de l'écriture";"Montant de l'opération";"Devise"`,
      "05/03/2024;CARTE X1234 04/03;CARREFOUR PARIS;-12,50;EUR",
      "04/03/2024;VIR RECU;DE: CLIENT MOTIF: FACTURE 5;500,00;EUR",
      "28/02/2024;PRELEVEMENT;EDF;-45,10;EUR",
    ],
    rows: ["2024-03-05 -1250 EUR ||", "2024-03-04 50000 EUR ||", "2024-02-28 -4510 EUR ||"],
    hints: { defaultCurrency: "EUR" },
  },
};

describe("layouts of many countries", () => {
  testLayouts(exports);
});
