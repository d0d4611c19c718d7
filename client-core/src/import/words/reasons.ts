import type { Reason, RefusalCode, SkipCode } from "../model.ts";

/** Languages the app speaks. */
export type Language = "en" | "ru";
type Text = Readonly<Record<Language, string>>;

/** Sentences by reason code; `{name}` is filled from the parameters. */
const reasons: Readonly<Record<string, Text>> = {
  you_said: { en: "You said so.", ru: "Вы так указали." },
  remembered: { en: "You said so of an earlier file of this shape.", ru: "Так вы указали для прежнего файла такого вида." },
  encoding_mark: { en: "The file begins with the byte order mark of {encoding}.", ru: "Файл начинается с метки порядка байтов {encoding}." },
  encoding_nul_pattern: { en: "Every second byte is empty, as in {encoding}.", ru: "Каждый второй байт пуст, как в {encoding}." },
  encoding_ascii: { en: "All characters are plain ASCII.", ru: "Все знаки — обычный ASCII." },
  encoding_valid_utf8: { en: "All of the file is valid UTF-8.", ru: "Весь файл — верный UTF-8." },
  encoding_mostly_utf8: { en: "Nearly all of the file is valid UTF-8; a few bytes are damaged.", ru: "Почти весь файл — верный UTF-8; несколько байтов повреждены." },
  encoding_same_marks: { en: "The few special characters mean the same in every usual encoding.", ru: "Немногие особые знаки одинаковы во всех обычных кодировках." },
  encoding_central_letters: { en: "Letters of Polish, Czech or Hungarian stand inside of words, as in {encoding}.", ru: "Внутри слов стоят польские, чешские или венгерские буквы, как в {encoding}." },
  encoding_lone_accents: { en: "Single accented letters stand among Latin ones, as in {encoding}.", ru: "Отдельные буквы с диакритикой стоят среди латинских, как в {encoding}." },
  encoding_few_high_bytes: { en: "There are too few special characters to be sure of {encoding}.", ru: "Особых знаков мало, чтобы быть уверенным в {encoding}." },
  encoding_russian_runs: { en: "Whole words are Russian letters in {encoding}.", ru: "Целые слова — русские буквы в {encoding}." },
  encoding_format_words: { en: "The words of the format can be read in {encoding}.", ru: "Слова формата читаются в {encoding}." },
  encoding_declared: { en: "The file says {encoding}, and its bytes do not contradict.", ru: "В файле указано {encoding}, и байты этому не противоречат." },
  field_of_format: { en: "The format itself says what this field is.", ru: "Смысл этого поля задан самим форматом." },
  sheet_only_one: { en: "It is the only sheet with cells.", ru: "Это единственный лист с данными." },
  sheet_only_transactions: { en: "Only “{sheet}” of {sheets} sheets holds dates with amounts.", ru: "Даты с суммами есть только на листе «{sheet}» (листов: {sheets})." },
  sheet_most_transactions: { en: "“{sheet}” holds by far the most dates with amounts.", ru: "На листе «{sheet}» гораздо больше дат с суммами, чем на других." },
  sheets_alike: { en: "These sheets have the same columns and none of the same rows: {sheet}.", ru: "У этих листов одинаковые столбцы и нет общих строк: {sheet}." },
  sheets_several: { en: "Several of {sheets} sheets hold dates with amounts.", ru: "Даты с суммами есть на нескольких листах (всего листов: {sheets})." },
  sheet_none: { en: "No sheet holds dates with amounts.", ru: "Ни на одном листе нет дат с суммами." },
  hidden_rows: { en: "{hidden} of the first {rows} rows are hidden in the sheet.", ru: "В листе скрыты строки: {hidden} из первых {rows}." },
  delimiter_announced: { en: "The first line announces the delimiter.", ru: "Разделитель назван в первой строке." },
  delimiter_fixed: { en: "The columns keep to their places in all of {lines} lines with a date and an amount.", ru: "Столбцы стоят на своих местах во всех строках с датой и суммой ({lines})." },
  delimiter_even: { en: "It splits {share}% of the lines into {columns} columns.", ru: "Он делит {share}% строк на {columns} столбцов." },
  quote_seen: { en: "Cells are enclosed in it.", ru: "Ячейки заключены в неё." },
  quote_none_seen: { en: "No cell is quoted.", ru: "Ячеек в кавычках нет." },
  quote_never_closed: { en: "Quotation marks open and never close, so they are text.", ru: "Кавычки открываются и не закрываются, значит, это текст." },
  header_names: { en: "Line {line} has {known} known column names.", ru: "В строке {line} известных названий столбцов: {known}." },
  header_by_place: { en: "Line {line} holds words and the next line holds a date and an amount.", ru: "В строке {line} слова, а в следующей — дата и сумма." },
  header_first_line: { en: "Nothing looks like a header, so the first line is taken for it.", ru: "Заголовка не видно, поэтому им считается первая строка." },
  header_none: { en: "The first line already holds a date and an amount.", ru: "Уже в первой строке дата и сумма." },
  column_by_name: { en: "Its name “{name}” and its cells fit.", ru: "Подходят название «{name}» и содержимое." },
  column_by_cells: { en: "Its cells fit, its name says nothing ({name}).", ru: "Подходит содержимое, название ничего не говорит ({name})." },
  column_empty: { en: "The column is empty.", ru: "Столбец пуст." },
  column_not_needed: { en: "The column is not needed.", ru: "Столбец не нужен." },
  column_missing: { en: "No column looks like this: {role}.", ru: "Ни один столбец не похож на такой: {role}." },
  date_self_evident: { en: "The dates say themselves which part is the year.", ru: "По самим датам видно, где год." },
  date_none: { en: "There are no dates to judge by.", ru: "Нет дат, по которым судить." },
  date_serial: { en: "The dates are day numbers of a spreadsheet.", ru: "Даты записаны номерами дней, как в электронной таблице." },
  date_day_above_12: { en: "{proof} of {dates} dates have a number above 12 where only the day can stand.", ru: "В {proof} из {dates} дат число больше 12 стоит там, где может быть только день." },
  date_mixed: { en: "{proof} dates speak for this order and {contrary} against it.", ru: "За этот порядок говорят {proof} дат, против — {contrary}." },
  date_same_either_way: { en: "Day and month are equal in every date.", ru: "День и месяц равны во всех датах." },
  date_steady: { en: "In this order the dates run steadily in {share}% of steps, in the other in {other}%.", ru: "В этом порядке даты идут ровно в {share}% шагов, в другом — в {other}%." },
  date_points: { en: "Dates with points have the day first.", ru: "В датах с точками первым стоит день." },
  date_by_custom: { en: "The dates fit both orders; this one is usual ({because}).", ru: "Даты подходят к обоим порядкам; этот обычен ({because})." },
  decimal_seen: { en: "Decimal parts follow “{mark}”.", ru: "Дробная часть стоит после «{mark}»." },
  decimal_mixed: { en: "Both marks occur: {points} points, {commas} commas; each amount is read by itself.", ru: "Встречаются оба знака: точек {points}, запятых {commas}; каждая сумма читается отдельно." },
  decimal_either: { en: "{either} amounts have three digits after the mark and nothing shows whether it is a decimal one.", ru: "В {either} суммах после знака три цифры, и не видно, дробная ли это часть." },
  decimal_whole: { en: "All amounts are whole.", ru: "Все суммы целые." },
  sign_balances: { en: "The balances change by the amounts in {share}% of {steps} steps.", ru: "Остаток меняется на сумму в {share}% из {steps} шагов." },
  sign_two_columns: { en: "Money in and out have their own columns: {names}.", ru: "Приход и расход в разных столбцах: {names}." },
  sign_by_purposes: { en: "The purposes tell which way money went: {rows} of them.", ru: "Направление видно из назначений платежей: строк {rows}." },
  sign_either_books: { en: "Debit and credit turn round between a bank's statement and your own ledger, and nothing here tells which it is.", ru: "Дебет и кредит в выписке банка и в вашем учёте значат обратное, а здесь не видно, что это." },
  sign_seller_report: { en: "It is a marketplace's report: returns, delivery, fines, storage and deductions come off what it owes.", ru: "Это отчёт маркетплейса: возвраты, доставка, штрафы, хранение и удержания вычтены из суммы к перечислению." },
  sign_debits_negative: { en: "The column of money out carries its minus.", ru: "В столбце расхода стоит минус." },
  sign_credits_negative: { en: "The column of credits carries a minus, as on a card: debits go out.", ru: "В столбце кредита стоит минус, как в выписке по карте: дебет — расход." },
  sign_purchases_positive: { en: "It is a card statement: what it calls a purchase is positive.", ru: "Это выписка по карте: покупки записаны с плюсом." },
  sign_agrees_with_word: { en: "The signs agree with the words of “{name}”.", ru: "Знаки согласны со словами столбца «{name}»." },
  sign_by_word: { en: "The words of “{name}” say the direction.", ru: "Направление сказано словами столбца «{name}»." },
  sign_returns_positive: { en: "Returns stand there without a minus, as sales do.", ru: "Возвраты записаны без минуса, как и продажи." },
  sign_own_ledger: { en: "It is your own ledger of the account, where a debit is money in.", ru: "Это карточка счёта из вашего учёта: дебет — приход." },
  sign_many_accounts: { en: "It is a ledger of several accounts, which holds each payment twice: export the bank account alone.", ru: "Это проводки по многим счетам, каждый платёж стоит дважды: выгрузите только расчётный счёт." },
  sign_no_amounts: { en: "There are no amounts to judge by.", ru: "Нет сумм, по которым судить." },
  sign_all_negative: { en: "All amounts are negative.", ru: "Все суммы отрицательны." },
  sign_supplier_list: { en: "It is a list of payments to suppliers: positive amounts go out.", ru: "Это список платежей поставщикам: положительные суммы — расход." },
  sign_sales_list: { en: "It is a list of sales: amounts come in.", ru: "Это список продаж: суммы — доход." },
  sign_payments_list: { en: "It looks like a list of payments; all amounts are positive.", ru: "Похоже на список платежей; все суммы положительны." },
  sign_all_positive: { en: "All amounts are positive and nothing says whether they come in or go out.", ru: "Все суммы положительны, и не сказано, приход это или расход." },
  sign_card_statement: { en: "It is a card statement: purchases are positive.", ru: "Это выписка по карте: покупки положительны." },
  sign_card_payments: { en: "It is a card statement: payments with thanks are negative, so purchases are positive.", ru: "Это выписка по карте: погашения отрицательны, значит, покупки положительны." },
  sign_as_written: { en: "{positive} amounts are positive, {negative} negative.", ru: "Положительных сумм {positive}, отрицательных {negative}." },
  sign_few_negative: { en: "Only {negative} of the amounts are negative: it may be a list of purchases with refunds.", ru: "Отрицательных сумм только {negative}: возможно, это покупки с возвратами." },
  fee_none: { en: "No row has a fee in “{name}”.", ru: "В столбце «{name}» комиссий нет." },
  fee_by_balance: { en: "The balance falls by the amount and “{name}” together.", ru: "Остаток меняется на сумму вместе с «{name}»." },
  fee_in_balance: { en: "The balance changes by the amount alone: “{name}” is in it.", ru: "Остаток меняется на одну сумму: «{name}» уже в ней." },
  fee_net_amount: { en: "The name of the amount says that “{name}” is in it.", ru: "Название суммы говорит, что «{name}» уже учтена." },
  fee_gross_amount: { en: "The name of the amount says that “{name}” comes off it.", ru: "Название суммы говорит, что «{name}» ещё не вычтена." },
  fee_beside_source: { en: "The amount is what was sent on after “{name}”: the account paid both.", ru: "Сумма — то, что отправлено дальше после «{name}»: со счёта ушло и то и другое." },
  fee_unclear: { en: "{fees} rows have a “{name}”, and nothing shows whether the amount holds it.", ru: "В {fees} строках есть «{name}», и не видно, входит ли она в сумму." },
  currency_column: { en: "A column names {currency}.", ru: "Столбец называет {currency}." },
  currency_mark: { en: "A mark beside the amounts stands for {currency}.", ru: "Знак у сумм означает {currency}." },
  currency_header: { en: "The header “{name}” names {currency}.", ru: "Заголовок «{name}» называет {currency}." },
  currency_preamble: { en: "Line {line} above the table names {currency}.", ru: "Строка {line} над таблицей называет {currency}." },
  currency_account: { en: "The account number belongs to {currency}.", ru: "Номер счёта относится к {currency}." },
  currency_of_statement: { en: "The statement is in {currency}.", ru: "Выписка ведётся в {currency}." },
  currency_of_format: { en: "Files of this format are in {currency} unless the account number says otherwise.", ru: "Файлы этого формата — в {currency}, если номер счёта не говорит другого." },
  currency_workspace: { en: "The file names none; {currency} is yours.", ru: "В файле валюты нет; ваша — {currency}." },
  currency_parties: { en: "The file names none. The accounts of the other sides all belong to {currency}.", ru: "В файле валюты нет. Счета контрагентов все относятся к {currency}." },
  currency_doubtful: { en: "The file names none. Its words are Russian, yet your books are in {currency}.", ru: "В файле валюты нет. Слова в нём русские, а учёт у вас ведётся в {currency}." },
  currency_language: { en: "The file names none; its words suggest {currency}.", ru: "В файле валюты нет; слова в нём наводят на {currency}." },
  currency_unknown: { en: "Nothing in the file shows the currency.", ru: "В файле ничто не указывает на валюту." },
  outer_proven: { en: "It holds the balances that the other rows lead from one to the other.", ru: "В ней остатки, и остальные строки ведут от одного к другому." },
  outer_unlike: { en: "It has no words of a payment, unlike all other rows; line {line} may be the account with its balance.", ru: "В ней, в отличие от всех строк, нет слов о платеже; строка {line} может быть счётом с остатком." },
  own_by_kind: { en: "Accounts of assets and liabilities are yours.", ru: "Ваши счета — активы и обязательства." },
  own_by_number: { en: "These numbers are cash and banks in the chart of accounts.", ru: "Эти номера в плане счетов — касса и банки." },
  own_everywhere: { en: "Account {account} is in every posting.", ru: "Счёт {account} есть в каждой проводке." },
  own_unclear: { en: "Each payment stands in the file from both sides.", ru: "Каждый платёж стоит в файле с обеих сторон." },
  amount_split: { en: "The decimal comma of “{column}” seems to be taken for a delimiter.", ru: "Похоже, десятичная запятая в «{column}» принята за разделитель." },
};

const refusals: Readonly<Record<RefusalCode, Text>> = {
  date_missing: { en: "The date is missing.", ru: "Нет даты." },
  date_unreadable: { en: "The date cannot be read.", ru: "Дату не прочитать." },
  date_impossible: { en: "There is no such day in the calendar, or day and month stand the other way round.", ru: "Такого дня в календаре нет, или день и месяц стоят наоборот." },
  date_out_of_range: { en: "The year is before 1970 or after 2100.", ru: "Год раньше 1970 или позже 2100." },
  amount_missing: { en: "The amount is missing.", ru: "Нет суммы." },
  amount_unreadable: { en: "The amount is not a number.", ru: "Сумма — не число." },
  amount_ambiguous: { en: "The amount can be read as thousands or as a fraction.", ru: "Сумму можно прочесть и как тысячи, и как дробь." },
  amount_too_large: { en: "The amount is too large.", ru: "Сумма слишком велика." },
  both_debit_and_credit: { en: "Money in and money out are both filled.", ru: "Заполнены и приход, и расход." },
  direction_unknown: { en: "Nothing says whether the money came in or went out.", ru: "Не сказано, приход это или расход." },
  currency_unknown: { en: "We do not know this currency.", ru: "Такой валюты мы не знаем." },
  record_cut_off: { en: "The record breaks off before its end.", ru: "Запись обрывается, не дойдя до конца." },
  record_unreadable: { en: "The record does not keep to the format.", ru: "Запись не соответствует формату." },
  payer_is_payee: { en: "Payer and payee are the same account.", ru: "Плательщик и получатель — один и тот же счёт." },
  formula_without_result: { en: "The formula was saved without its result: open the file in a spreadsheet program and save it.", ru: "Формула сохранена без результата: откройте файл в программе таблиц и сохраните." },
  too_few_cells: { en: "The line has fewer cells than the table.", ru: "В строке меньше ячеек, чем в таблице." },
};

const skips: Readonly<Record<SkipCode, Text>> = {
  total: { en: "A line of totals.", ru: "Строка итогов." },
  balance_line: { en: "A balance, not a transaction.", ru: "Остаток, а не операция." },
  repeated_header: { en: "The header once more.", ru: "Повтор заголовка." },
  column_numbers: { en: "The numbers of the columns.", ru: "Номера столбцов." },
  no_money_yet: { en: "An invoice or a bill moves no money; its payment is counted.", ru: "Счёт сам денег не двигает; учитывается оплата по нему." },
  not_completed: { en: "The transaction was not completed.", ru: "Операция не исполнена." },
  no_statement: { en: "A file of the archive that is no statement.", ru: "Файл архива, который не является выпиской." },
  other_record: { en: "A record of another kind: a category, a security, a rule.", ru: "Запись другого рода: категория, ценная бумага, правило." },
  told_twice: { en: "The same transfer between your accounts once more.", ru: "Повтор того же перевода между вашими счетами." },
  hidden_row: { en: "A row hidden in the sheet, left out as you said.", ru: "Скрытая строка листа, пропущена по вашему выбору." },
  other_side: { en: "The other side of a payment, or a posting between accounts that hold no money.", ru: "Другая сторона платежа или проводка между счетами, на которых нет денег." },
  note: { en: "A note without date and amount.", ru: "Примечание без даты и суммы." },
};

/** A reason as a sentence; a code without words is a bug and throws. */
export function sayReason(reason: Reason, language: Language): string {
  const text = reasons[reason.code];
  if (text === undefined) throw new Error(`reason ${reason.code} has no words`);
  return text[language].replace(/\{(\w+)\}/g, (_, key: string) => String(reason.params[key] ?? ""));
}

/** Why a row was refused, as a sentence. */
export function sayRefusal(code: RefusalCode, language: Language): string {
  return refusals[code][language];
}

/** Why a line was passed over, as a sentence. */
export function saySkip(code: SkipCode, language: Language): string {
  return skips[code][language];
}
