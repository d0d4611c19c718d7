import type { DetailFigures, DetailReport } from "@saldo/schema";
import { tableText, type Locale } from "../terminal.ts";
import { amountText, percentText } from "./amounts.ts";
import { reportWords, type ReportWords } from "./words.ts";

/** Counterparties of each side a terminal shows; `--json` has more. */
const counterpartiesShown = 10;

interface Writer {
  readonly locale: Locale;
  readonly words: ReportWords;
  readonly money: (amountMinor: number | null) => string;
  /** A table of lines with their figures in each period. */
  readonly figures: (title: string, lines: readonly (readonly [string, DetailFigures])[]) => string;
}

/** The detail report as a terminal shows it. */
export function detailText(report: DetailReport, locale: Locale): string {
  const words = reportWords[locale];
  const money = amountText(report.currency, locale);
  const writer: Writer = {
    locale,
    words,
    money,
    figures: (title, lines) =>
      tableText(
        [
          [title, words.now, words.before, words.yearAgo, words.mean],
          ...lines.map(([name, { currentMinor, previousMinor, yearAgoMinor, meanMinor }]) => [name, money(currentMinor), money(previousMinor), money(yearAgoMinor), money(meanMinor)]),
        ],
        [1, 2, 3, 4],
      ),
  };
  const { period } = report;
  return [
    `${period.from} – ${period.to}${period.partial ? ` (${words.running})` : ""}, ${report.currency}, ${words.transactions(report.transactionCount)}\n`,
    profitAndLossText(report, writer),
    ...(["revenue", "expenses"] as const).map((side) => categoriesText(report, side, writer)),
    ...(["customers", "suppliers"] as const).map((side) => counterpartiesText(report, side, writer)),
    accountsText(report, writer),
    cashFlowText(report, writer),
    bridgeText(report, writer),
    currenciesText(report, writer),
  ]
    .filter((section) => section !== "")
    .join("\n");
}

function profitAndLossText({ profitAndLoss }: DetailReport, { locale, words, figures }: Writer): string {
  const { revenue, expenses, profit, marginBasisPoints, previousMarginBasisPoints } = profitAndLoss;
  const table = figures("", [[words.revenue, revenue.figures], [words.expenses, expenses.figures], [words.profit, profit.figures]]);
  return `${table}${words.margin}: ${percentText(marginBasisPoints, locale)} (${words.before}: ${percentText(previousMarginBasisPoints, locale)})\n`;
}

function categoriesText({ categories }: DetailReport, side: "revenue" | "expenses", { words, figures }: Writer): string {
  const lines = categories.filter((line) => line.side === side);
  if (lines.length === 0) return "";
  return figures(words.byCategory(side), lines.map((line) => [`${"  ".repeat(line.depth)}${line.name ?? words.noCategory}`, line.figures] as const));
}

function counterpartiesText(report: DetailReport, side: "customers" | "suppliers", { words, figures }: Writer): string {
  const { largest, count } = report[side];
  if (largest.length === 0) return "";
  const lines = largest.slice(0, counterpartiesShown).map(({ name, figures: each }) => [name ?? words.nameless, each] as const);
  return `${figures(words[side], lines)}${count > lines.length ? `${lines.length} / ${count}\n` : ""}`;
}

function accountsText({ accounts }: DetailReport, { words, money }: Writer): string {
  if (accounts.length === 0) return "";
  const lines = accounts.map(({ name, accountId, revenue, expenses, net }) => [name ?? accountId, ...[revenue, expenses, net].map(({ figures }) => money(figures.currentMinor))]);
  return tableText([[words.account, words.revenue, words.expenses, words.net], ...lines], [1, 2, 3]);
}

function cashFlowText({ cashFlow: { sections, transfers, net, balances } }: DetailReport, { words, money, figures }: Writer): string {
  const lines = sections.flatMap(({ activity, total, lines: parts }) => [
    [words.activities[activity], total.figures] as const,
    ...(activity === "operating" ? [] : parts.map((part) => [`  ${part.name ?? words.noCategory}`, part.figures] as const)),
  ]);
  const table = figures(words.cashFlow, [...lines, [words.transfers, transfers.figures], [words.net, net.figures]]);
  return balances === null ? table : `${table}${tableText([[words.opening, money(balances.openingMinor)], [words.closing, money(balances.closingMinor)]], [1])}`;
}

function bridgeText({ bridge }: DetailReport, { words, money }: Writer): string {
  if (bridge === null) return "";
  const nameOf = ({ kind, name }: (typeof bridge.steps)[number]) => (kind === "revenue" ? words.revenue : kind === "rest" ? words.rest : (name ?? words.noCategory));
  const steps = bridge.steps.map((step) => [nameOf(step), `${step.deltaMinor > 0 ? "+" : ""}${money(step.deltaMinor)}`]);
  return tableText([[words.bridge, ""], [words.profitBefore, money(bridge.fromMinor)], ...steps, [words.profitNow, money(bridge.toMinor)]], [1]);
}

function currenciesText({ currencies, combined }: DetailReport, { locale, words }: Writer): string {
  if (currencies.length < 2) return "";
  const lines = currencies.map(({ currency, revenueMinor, expensesMinor, rates, monthsWithoutRate }) => {
    const told = rates.map(({ base, quote, rate, onDate, source }) => `1 ${base} = ${rate} ${quote} (${onDate}, ${source})`);
    const note = monthsWithoutRate.length > 0 ? words.rateMissing(monthsWithoutRate.join(", ")) : [...new Set(told)].join("; ");
    return [currency, amountText(currency, locale)(revenueMinor), amountText(currency, locale)(expensesMinor), note];
  });
  const all = combined === null ? [] : [[words.combined(combined.currency), amountText(combined.currency, locale)(combined.revenueMinor), amountText(combined.currency, locale)(combined.expensesMinor)]];
  return tableText([[words.currency, words.revenue, words.expenses], ...lines, ...all], [1, 2]);
}
