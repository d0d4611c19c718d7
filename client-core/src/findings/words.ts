import type { FindingFacts, FindingKind } from "@saldo/schema";

type Language = "en" | "ru";
type Text = Readonly<Record<Language, string>>;
type Words = Readonly<Record<"title" | "expected" | "happened", Text>>;

/** Sentences by kind; `{name}` is filled from the facts: `…Minor` as money, `…Permille` as a share, dates as dates, `period` as a word. */
const words: Readonly<Record<FindingKind, Words>> = {
  duplicate_exact: {
    title: { en: "Paid twice?", ru: "Оплачено дважды?" },
    expected: { en: "One payment of {amountMinor} to {counterparty} on {onDate}.", ru: "Один платёж {amountMinor}, {counterparty}, {onDate}." },
    happened: { en: "{copies} payments of {amountMinor} to {counterparty} on {onDate}.", ru: "{counterparty}: {copies} × {amountMinor}, {onDate}." },
  },
  duplicate_near: {
    title: { en: "Paid again?", ru: "Оплачено повторно?" },
    expected: { en: "One payment of {amountMinor} to {otherCounterparty}, on {otherOn}.", ru: "Один платёж {amountMinor}, {otherCounterparty}, {otherOn}." },
    happened: { en: "{amountMinor} again on {onDate}, to {counterparty}.", ru: "{counterparty}: снова {amountMinor}, {onDate}." },
  },
  amount_unlike_vendor: {
    title: { en: "Unusual amount for this counterparty", ru: "Необычная сумма для этого контрагента" },
    expected: { en: "{usualLowMinor} to {usualHighMinor}, mostly about {usualMinor}, as in {payments} payments of {counterparty}.", ru: "От {usualLowMinor} до {usualHighMinor}, чаще около {usualMinor}, как в платежах {counterparty} (всего {payments})." },
    happened: { en: "{counterparty}: {amountMinor}, usually about {usualMinor}.", ru: "{counterparty}: {amountMinor}, обычно около {usualMinor}." },
  },
  amount_unlike_category: {
    title: { en: "Unusual amount for this category", ru: "Необычная сумма для этой категории" },
    expected: { en: "{usualLowMinor} to {usualHighMinor}, mostly about {usualMinor}, as in {payments} payments of “{category}”.", ru: "От {usualLowMinor} до {usualHighMinor}, обычно около {usualMinor}, как в платежах категории «{category}» (всего {payments})." },
    happened: { en: "{counterparty}: {amountMinor}, in “{category}” usually about {usualMinor}.", ru: "{counterparty}: {amountMinor}, в категории «{category}» обычно около {usualMinor}." },
  },
  round_amount: {
    title: { en: "Suspiciously round amount", ru: "Подозрительно круглая сумма" },
    expected: { en: "Amounts like {usualMinor}: {roundPermille} of {payments} such payments are as round.", ru: "Суммы вроде {usualMinor}: таких же круглых {roundPermille} из похожих платежей ({payments})." },
    happened: { en: "{counterparty}: exactly {amountMinor}.", ru: "{counterparty}: ровно {amountMinor}." },
  },
  split_invoice: {
    title: { en: "One invoice in parts?", ru: "Счёт разбит на части?" },
    expected: { en: "One payment of {totalMinor}, above the limit of {limitMinor}.", ru: "Один платёж {totalMinor}, выше порога {limitMinor}." },
    happened: { en: "{parts} payments to {counterparty}, each just under {limitMinor}, from {firstOn} to {lastOn}.", ru: "{counterparty}: частей — {parts}, каждая чуть ниже {limitMinor}, с {firstOn} по {lastOn}." },
  },
  category_unlike_vendor: {
    title: { en: "Wrong category?", ru: "Не та категория?" },
    expected: { en: "“{usualCategory}”, as in {usualPermille} of {payments} payments of {counterparty}.", ru: "«{usualCategory}», как в {usualPermille} платежей {counterparty} (всего {payments})." },
    happened: { en: "{counterparty}: {amountMinor} in “{category}”, usually “{usualCategory}”.", ru: "{counterparty}: {amountMinor} в категории «{category}», обычно «{usualCategory}»." },
  },
  new_vendor_large: {
    title: { en: "Large first payment", ru: "Крупный первый платёж" },
    expected: { en: "A payment of about {usualMinor}; {higherPermille} of all payments are as large.", ru: "Платёж около {usualMinor}; столь же крупных платежей всего {higherPermille}." },
    happened: { en: "{amountMinor} to {counterparty}, a new counterparty.", ru: "{counterparty}, новый контрагент: {amountMinor}." },
  },
  category_pace: {
    title: { en: "Category above its trend", ru: "Категория выше обычного" },
    expected: { en: "About {usualMinor} in “{category}” by this day of the month, at most {usualHighMinor}.", ru: "Около {usualMinor} в категории «{category}» к этому дню месяца, не больше {usualHighMinor}." },
    happened: { en: "“{category}”: {amountMinor} by {throughDate}, usually about {usualMinor}.", ru: "«{category}»: {amountMinor} к {throughDate}, обычно около {usualMinor}." },
  },
  recurring_missing: {
    title: { en: "A regular payment is missing", ru: "Нет регулярного платежа" },
    expected: { en: "About {usualMinor} of {counterparty} on {expectedOn}, as {period}.", ru: "Около {usualMinor}, {counterparty}, {expectedOn}, как {period}." },
    happened: { en: "{counterparty}: nothing since {lastOn}.", ru: "{counterparty}: с {lastOn} платежей нет." },
  },
  price_step: {
    title: { en: "A regular payment changed its price", ru: "Регулярный платёж изменился в цене" },
    expected: { en: "{beforeMinor} to {counterparty}, as {period} before.", ru: "{beforeMinor}, {counterparty}, как раньше {period}." },
    happened: { en: "{counterparty}: {amountMinor} instead of {beforeMinor} since {sinceOn}.", ru: "{counterparty}: {amountMinor} вместо {beforeMinor} с {sinceOn}." },
  },
  off_hours: {
    title: { en: "Unusual day or hour", ru: "Необычный день или час" },
    expected: { en: "Working days and hours: only {usualPermille} of such payments are outside them.", ru: "Рабочие дни и часы: вне их лишь {usualPermille} таких платежей." },
    happened: { en: "{amountMinor} to {counterparty} on {onDate}.", ru: "{amountMinor}, {counterparty}, {onDate}." },
  },
  benford: {
    title: { en: "First digits are unusual", ru: "Необычные первые цифры" },
    expected: { en: "{expectedPermille} of {amounts} amounts beginning with {digit}, by Benford's law.", ru: "По закону Бенфорда с цифры {digit} начинаются {expectedPermille} сумм (всего {amounts})." },
    happened: { en: "{digitPermille} of amounts begin with {digit}.", ru: "С цифры {digit} начинаются {digitPermille} сумм." },
  },
  reported: {
    title: { en: "Reported by hand", ru: "Отмечено вручную" },
    expected: { en: "Nothing that findings knew of.", ru: "Находок об этом не было." },
    happened: { en: "{amountMinor} to {counterparty} on {onDate}.", ru: "{amountMinor}, {counterparty}, {onDate}." },
  },
};

type Period = Extract<FindingFacts, { kind: "price_step" }>["period"];
const periods: Readonly<Record<Period, Text>> = {
  week: { en: "every week", ru: "каждую неделю" },
  two_weeks: { en: "every two weeks", ru: "раз в две недели" },
  month: { en: "every month", ru: "каждый месяц" },
  quarter: { en: "every quarter", ru: "каждый квартал" },
  year: { en: "every year", ru: "каждый год" },
};

/** A counterparty the bank does not name. */
const unnamed: Text = { en: "an unnamed counterparty", ru: "без имени контрагента" };

/** How a screen writes money and dates. */
export interface FindingFormats {
  readonly money: (amountMinor: number) => string;
  readonly date: (date: string) => string;
  /** A share in thousandths. */
  readonly share: (permille: number) => string;
}

/** A finding in words. */
export interface FindingText {
  readonly title: string;
  readonly expected: string;
  readonly happened: string;
}

/** Says what was expected and what happened. Names of counterparties and categories stand in the sentences as they are. */
export function sayFinding(facts: FindingFacts, language: Language, formats: FindingFormats): FindingText {
  const values = new Map<string, string | number | null>(Object.entries(facts));
  const { title, expected, happened } = words[facts.kind];
  const fill = (text: Text) => {
    const sentence = text[language].replace(/\{(\w+)\}/gu, (_, name: string) => written(name, values.get(name) ?? null, language, formats));
    return sentence.startsWith(unnamed[language]) ? sentence.charAt(0).toLocaleUpperCase(language) + sentence.slice(1) : sentence;
  };
  return { title: fill(title), expected: fill(expected), happened: fill(happened) };
}

function written(name: string, value: string | number | null, language: Language, { money, date, share }: FindingFormats): string {
  if (value === null) return "";
  if (typeof value === "number") return name.endsWith("Minor") ? money(value) : name.endsWith("Permille") ? share(value) : String(value);
  if (/^(on|other|first|last|expected|since|through)(On|Date)$/u.test(name)) return date(value);
  if (value === "" && /counterparty$/iu.test(name)) return unnamed[language];
  if (name !== "period") return value;
  return Object.entries(periods).find(([period]) => period === value)?.[1][language] ?? value;
}
