import { describe, expect, test } from "vitest";
import { testLayouts, type Layout } from "./testing/layouts.ts";
import { readWhole } from "./testing/read-whole.ts";

const datevHead = (chart: string): string =>
  `"EXTF";700;21;"Buchungsstapel";12;20240306100000000;;"RE";"";"";1001;1;20240101;4;20240201;20240331;"Maerz";"";1;0;0;"EUR";;"";;;"${chart}";;;"";""`;
const datevNames = "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Kurs;Basis-Umsatz;WKZ Basis-Umsatz;Konto;Gegenkonto (ohne BU-Schlüssel);BU-Schlüssel;Belegdatum;Belegfeld 1;Belegfeld 2;Skonto;Buchungstext";

const journals: Readonly<Record<string, Layout>> = {
  "printed postings of plain text accounting: own accounts by their first word, the other side is the category": {
    lines: [
      '"txnidx","date","date2","status","code","description","comment","account","amount","commodity","credit","debit","posting-status","posting-comment"',
      '"1","2024-02-28","","","","Opening","","assets:bank:checking","545.10","EUR","","545.10","",""',
      '"1","2024-02-28","","","","Opening","","equity:opening balances","-545.10","EUR","545.10","","",""',
      '"2","2024-02-28","","","","Stadtwerke","","expenses:utilities","45.10","EUR","","45.10","",""',
      '"2","2024-02-28","","","","Stadtwerke","","assets:bank:checking","-45.10","EUR","45.10","","",""',
      '"3","2024-03-04","","","","Client invoice 5","","assets:bank:checking","1500.00","EUR","","1500.00","",""',
      '"3","2024-03-04","","","","Client invoice 5","","income:sales","-1500.00","EUR","1500.00","","",""',
      '"4","2024-03-05","","","","Groceries","","expenses:food","10.00","EUR","","10.00","",""',
      '"4","2024-03-05","","","","Groceries","","expenses:household","2.50","EUR","","2.50","",""',
      '"4","2024-03-05","","","","Groceries","","liabilities:credit card","-12.50","EUR","12.50","","",""',
      '"5","2024-03-06","","","","Card payment","","liabilities:credit card","12.50","EUR","","12.50","",""',
      '"5","2024-03-06","","","","Card payment","","assets:bank:checking","-12.50","EUR","12.50","","",""',
    ],
    rows: [
      "2024-02-28 -4510 EUR |assets:bank:checking|expenses:utilities",
      "2024-03-04 150000 EUR |assets:bank:checking|income:sales",
      "2024-03-05 -1250 EUR |liabilities:credit card|",
      "2024-03-06 1250 EUR |liabilities:credit card|",
      "2024-03-06 -1250 EUR |assets:bank:checking|",
    ],
    others: ["2 balance_line", "3 other_side", "4 other_side", "7 other_side", "8 other_side", "9 other_side"],
    hints: { defaultCurrency: "EUR" },
  },
  "a register of postings with a running total": {
    lines: [
      '"txnidx","date","code","description","account","amount","total"',
      '"1","2024-02-28","","Power","expenses:power","$45.10","$45.10"',
      '"1","2024-02-28","","Power","assets:checking","$-45.10","0"',
      '"2","2024-03-04","","Client","assets:checking","$1500.00","$1500.00"',
      '"2","2024-03-04","","Client","revenues:sales","$-1500.00","0"',
      '"3","2024-03-05","","Coffee","expenses:food","$12.50","$12.50"',
      '"3","2024-03-05","","Coffee","assets:checking","$-12.50","0"',
    ],
    rows: ["2024-02-28 -4510 USD |assets:checking|expenses:power", "2024-03-04 150000 USD |assets:checking|revenues:sales", "2024-03-05 -1250 USD |assets:checking|expenses:food"],
    others: ["2 other_side", "5 other_side", "6 other_side"],
    hints: { defaultCurrency: "USD" },
  },
  "postings without names and numbers of entries, told apart by day and payee": {
    lines: [
      '"2024/02/28","","Power","Expenses:Power","EUR","45.1","",""',
      '"2024/02/28","","Power","Assets:Checking","EUR","-45.1","",""',
      '"2024/03/04","","Client","Assets:Checking","EUR","1500","",""',
      '"2024/03/04","","Client","Income:Sales","EUR","-1500","",""',
      '"2024/03/05","","Coffee","Expenses:Food","EUR","12.5","",""',
      '"2024/03/05","","Coffee","Assets:Checking","EUR","-12.5","",""',
    ],
    rows: ["2024-02-28 -4510 EUR |Assets:Checking|Expenses:Power", "2024-03-04 150000 EUR |Assets:Checking|Income:Sales", "2024-03-05 -1250 EUR |Assets:Checking|Expenses:Food"],
    others: ["1 other_side", "4 other_side", "5 other_side"],
    hints: { defaultCurrency: "EUR" },
  },
  "query results with the other side in debit and credit": {
    lines: [
      "id,date,payee,narration,account,debit,credit,currency",
      "a1f,2024-02-28,Stadtwerke,Strom,Expenses:Utilities,45.10,,EUR",
      "a1f,2024-02-28,Stadtwerke,Strom,Assets:Giro,,45.10,EUR",
      "b2c,2024-03-04,Client,Invoice 5,Assets:Giro,1500.00,,EUR",
      "b2c,2024-03-04,Client,Invoice 5,Income:Sales,,1500.00,EUR",
    ],
    rows: ["2024-02-28 -4510 EUR Stadtwerke|Assets:Giro|Expenses:Utilities", "2024-03-04 150000 EUR Client|Assets:Giro|Income:Sales"],
    others: ["2 other_side", "5 other_side"],
    hints: { defaultCurrency: "EUR" },
  },
  "accounts whose names do not say what they are: which is the person's own is asked": {
    lines: [
      "Date,Trans #,Name,Memo,Account,Amount",
      "03/04/2024,101,Client,Invoice 5,First National Bank,1500.00",
      "03/04/2024,101,Client,Invoice 5,Services,-1500.00",
      "03/15/2024,102,Power Co,February,Utilities,45.10",
      "03/15/2024,102,Power Co,February,First National Bank,-45.10",
      "03/20/2024,103,Cafe,Lunch,Meals,12.50",
      "03/20/2024,103,Cafe,Lunch,First National Bank,-12.50",
    ],
    rows: ["2024-03-04 150000 USD Client|First National Bank|Services", "2024-03-15 -4510 USD Power Co|First National Bank|Utilities", "2024-03-20 -1250 USD Cafe|First National Bank|Meals"],
    others: ["3 other_side", "4 other_side", "6 other_side"],
    questions: ["own_accounts"],
    hints: { defaultCurrency: "USD" },
  },
  "an accountant's batch seen from the bank, whichever side it stands on, once for each own account": {
    lines: [
      datevHead("04"),
      datevNames,
      '12,50;"H";"EUR";;;"";1800;6815;"";0503;"123";"";;"Bürobedarf"',
      '1500,00;"H";"EUR";;;"";10001;1800;"";0403;"5";"";;"Kunde Rechnung 5"',
      '45,10;"S";"EUR";;;"";6325;1800;"";2802;"";"";;"Strom"',
      '200,00;"H";"EUR";;;"";1800;1600;"";0603;"";"";;"Abhebung"',
      '1500,00;"S";"EUR";;;"";10001;4400;"";0103;"5";"";;"Rechnung 5"',
    ],
    rows: ["2024-03-05 -1250 EUR |1800|", "2024-03-04 150000 EUR |1800|", "2024-02-28 -4510 EUR |1800|", "2024-03-06 -20000 EUR |1800|", "2024-03-06 20000 EUR |1600|"],
    others: ["7 other_side"],
    hints: { defaultCurrency: "EUR" },
  },
  "postings that name both accounts of the Russian chart: money in and out of cash and banks, transfers from both sides, all else left": {
    lines: [
      "Журнал проводок (бухгалтерский и налоговый учет);;;;;;;",
      "Период: Март 2024 г.;;;;;;;",
      "Дата;Документ;Содержание;Счет Дт;Субконто Дт;Счет Кт;Субконто Кт;Сумма",
      "01.03.2024;Поступление 12;Оплата от покупателя;51;Основной счет;62.01;ООО Лютик;120 000,00",
      "02.03.2024;Списание 33;Оплата поставщику;60.01;ООО Дом;51;Основной счет;40 000,50",
      "03.03.2024;Реализация 5;Выручка;62.01;ООО Лютик;90.01.1;Услуги;120 000,00",
      "04.03.2024;Выдача 2;Снято в кассу;50.01;;51;;5 000,00",
      "05.03.2024;Авансовый отчет 1;;71.01;Иванов И.И.;50.01;;1 200,00",
    ],
    rows: [
      "2024-03-01 12000000 RUB ООО Лютик|51|",
      "2024-03-02 -4000050 RUB ООО Дом|51|",
      "2024-03-04 500000 RUB |50.01|",
      "2024-03-04 -500000 RUB |51|",
      "2024-03-05 -120000 RUB Иванов И.И.|50.01|",
    ],
    others: ["6 other_side"],
    hints: { defaultCurrency: "RUB" },
  },
  "postings that write their amount beside either account": {
    lines: [
      "Отчет по проводкам за Март 2024 г.;;;;;;;",
      "Период;Документ;Аналитика Дт;Аналитика Кт;Счет Дт;Сумма Дт;Счет Кт;Сумма Кт",
      "01.03.2024;Поступление 12;Основной счет;ООО Лютик;51;120 000,00;62.01;120 000,00",
      "02.03.2024;Списание 33;ООО Дом;Основной счет;60.01;40 000,50;51;40 000,50",
      "03.03.2024;Реализация 5;ООО Лютик;Услуги;62.01;120 000,00;90.01.1;120 000,00",
    ],
    rows: ["2024-03-01 12000000 RUB ООО Лютик|51|", "2024-03-02 -4000050 RUB ООО Дом|51|"],
    others: ["5 other_side"],
    hints: { defaultCurrency: "RUB" },
  },
  "the same with the accounts named in the bare words, and a payment turned back in red": {
    lines: [
      "Дата,Номер,Дебет,Кредит,Сумма,Комментарий",
      '05.03.2024,1,"51, Расчетные счета","62.02, Авансы полученные",-500,Сторно',
      '06.03.2024,2,57.01,"51, Расчетные счета",700,Инкассация',
      "07.03.2024,3,26,70,800.50,Зарплата начислена",
    ],
    rows: ["2024-03-05 -50000 RUB |51, Расчетные счета|", "2024-03-06 70000 RUB |57.01|", "2024-03-06 -70000 RUB |51, Расчетные счета|"],
    others: ["4 other_side"],
    hints: { defaultCurrency: "RUB" },
  },
};

const bareWords: Readonly<Record<string, Layout>> = {
  "debit and credit of nothing but names and dates: which books they are of is asked": {
    lines: ["Date,Description,Debit,Credit", "2024-03-04,Alpha 118,,1500.00", "2024-03-05,Beta,45.10,", "2024-03-06,Gamma,12.50,"],
    rows: ["2024-03-04 150000 USD ||", "2024-03-05 -4510 USD ||", "2024-03-06 -1250 USD ||"],
    questions: ["sign"],
    hints: { defaultCurrency: "USD" },
  },
  "one's own ledger of the bank, told by rent and pay that stand in credit": {
    lines: ["Date,Description,Debit,Credit", "2024-03-04,Payment from Bright Ltd,1500.00,", "2024-03-05,Rent March,,700.00", "2024-03-06,Salaries,,900.00"],
    rows: ["2024-03-04 150000 USD ||", "2024-03-05 -70000 USD ||", "2024-03-06 -90000 USD ||"],
    hints: { defaultCurrency: "USD" },
  },
  "a bank's, told by the same words on the other side": {
    lines: ["Datum;Text;Soll;Haben", "04.03.2024;Kundenzahlung 118;;1500,00", "05.03.2024;Miete März;700,00;", "06.03.2024;Gebühren;9,00;"],
    rows: ["2024-03-04 150000 EUR ||", "2024-03-05 -70000 EUR ||", "2024-03-06 -900 EUR ||"],
    hints: { defaultCurrency: "EUR" },
  },
  "vouchers that say nothing of the sides: one's own books are offered first": {
    lines: ["Date,Particulars,Vch Type,Vch No.,Debit,Credit", "4-Mar-2024,Alpha,Receipt,1,1500.00,", "5-Mar-2024,Beta,Payment,2,,45.10"],
    rows: ["2024-03-04 150000 INR ||", "2024-03-05 -4510 INR ||"],
    questions: ["sign"],
    hints: { defaultCurrency: "INR" },
  },
  "what only a bank writes beside them, the day a payment counts for": {
    lines: ["Transaction Date,Value Date,Description,Debit,Credit", "2024-03-04,2024-03-04,Alpha 118,,1500.00", "2024-03-05,2024-03-06,Beta,45.10,"],
    rows: ["2024-03-04 150000 USD ||", "2024-03-05 -4510 USD ||"],
    hints: { defaultCurrency: "USD" },
  },
};

describe("debit and credit by the bare words", () => {
  testLayouts(bareWords);
});

describe("journals hold each payment from both sides", () => {
  testLayouts(journals);

  test.each([
    ["turnovers and balances of accounts", ["Оборотно-сальдовая ведомость за Март 2024 г.;;;;", "Счет;Сальдо на начало;;Обороты;", ";Дебет;Кредит;Дебет;Кредит", "50;1 000,00;;5 000,00;1 200,00", "51;100 000,00;;120 000,00;45 350,50", "Итого;101 000,00;;125 000,00;46 550,50"]],
    ["the analysis of an account", ["Анализ счета 51 за Март 2024 г.;;;", "Счет;Кор. Счет;Дебет;Кредит", "51;Начальное сальдо;100 000,00;", ";50;;5 000,00", ";62;120 000,00;", ";Оборот;120 000,00;5 000,00", ";Конечное сальдо;215 000,00;"]],
  ])("%s are no transactions", async (_, lines) => {
    await expect(readWhole(new TextEncoder().encode(lines.join("\n")))).rejects.toMatchObject({ code: "import.no_date_column" });
  });

  test("the answer decides whose accounts are read", async () => {
    const lines = ["Date,Trans #,Name,Account,Amount", "03/04/2024,101,Client,Alpha,1500.00", "03/04/2024,101,Client,Beta,-1500.00", "03/15/2024,102,Power,Gamma,45.10", "03/15/2024,102,Power,Alpha,-45.10"];
    const { understanding, rows } = await readWhole(new TextEncoder().encode(lines.join("\n")), { hints: { defaultCurrency: "USD", answers: { ownAccounts: ["Beta"] } } });
    expect(understanding.questions.map(({ code }) => code)).toEqual([]);
    expect(rows.map(({ amountMinor, account, category }) => [amountMinor, account, category])).toEqual([[-150000, "Beta", "Alpha"]]);
  });

  test("transfers between one's own accounts alone, each on two lines, are no journal", async () => {
    const lines = ["Date,Reference,Account,Amount", "2024-03-04,101,Main,-500.00", "2024-03-04,101,Savings,500.00", "2024-03-05,102,Main,-12.50", "2024-03-06,103,Main,-45.10"];
    const { understanding, rows } = await readWhole(new TextEncoder().encode(lines.join("\n")), { hints: { defaultCurrency: "USD" } });
    expect("journal" in understanding && understanding.journal).toBeNull();
    expect(rows).toHaveLength(4);
  });
});
