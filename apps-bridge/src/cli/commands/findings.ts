import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { examineWorkspace, findFindings, readFileLedger, sayFinding, withVerdicts } from "@saldo/client-core/findings";
import { formatMinorDecimal, minor, type AnalysisQuality, type Finding } from "@saldo/schema";
import { formatDate } from "../../format/date.ts";
import { formatMoney } from "../../format/money.ts";
import { formatPercent } from "../../format/number.ts";
import { currencyDefault, withBooks, type FreshBooks } from "../store-folder.ts";
import { printJson, tableText, type Locale, type Terminal } from "../terminal.ts";
import type { StoreOptions } from "./books-commands.ts";
import { inputFileBytesMax, readInputFile } from "./input-file.ts";

const said = {
  en: { counted: (rows: number, findings: number) => `${rows} ${rows === 1 ? "row" : "rows"}, ${findings} ${findings === 1 ? "finding" : "findings"}`, notRead: "not read", lines: (count: number) => (count === 1 ? "line" : "lines"), measures: { accuracy: "accuracy", precision: "precision", recall: "recall", f1Score: "F1", falsePositiveRate: "false positive rate" } },
  ru: { counted: (rows: number, findings: number) => `Строк: ${rows}, находок: ${findings}`, notRead: "не прочитаны столбцы", lines: (count: number) => (count === 1 ? "строка" : "строки"), measures: { accuracy: "верно", precision: "точность", recall: "полнота", f1Score: "F1", falsePositiveRate: "ложных тревог" } },
} as const;

/** Findings told in text; `--json` tells all. */
const toldMax = 50;

/**
 * Tells what is worth a look in one file, plain or gzipped: each finding with its lines, what was expected, what happened and the money at stake. A
 * column of answers (`label`, `is_fraud`) is not read. Nothing is kept.
 */
export async function findingsOfFile(terminal: Terminal, path: string, { json, fresh, locale }: { readonly json: boolean; readonly fresh: FreshBooks; readonly locale: Locale }): Promise<void> {
  const file = await readInputFile(terminal, path);
  const isPacked = file.bytes[0] === 0x1f && file.bytes[1] === 0x8b;
  const bytes = isPacked ? await promisify(gunzip)(file.bytes, { maxOutputLength: inputFileBytesMax }) : file.bytes;
  const fileName = isPacked ? file.name.replace(/\.gz$/u, "") : file.name;
  const { ledger, category, details, leftOut, refused } = await readFileLedger(bytes, { fileName, defaultCurrency: fresh.currency ?? currencyDefault });
  const { findings, rows } = findFindings(ledger);
  const told = findings.map((finding) => {
    const linesOf = (role: Role) => rowsOf(finding, role).map(Number);
    // Lines of the file in question, and those that show why.
    return { ...toldFinding(finding, locale), lines: linesOf("suspect"), besideLines: linesOf("beside") };
  });
  if (json) return printJson(terminal, { file: file.name, rows, refused, columns: { category, details, notRead: leftOut }, findings: told });
  const words = said[locale];
  const notRead = leftOut.length === 0 ? "" : `, ${words.notRead}: ${leftOut.join(", ")}`;
  terminal.stdout.write(`${words.counted(rows, findings.length)}${notRead}\n\n`);
  write(terminal, locale, told.map(({ lines, ...one }) => ({ ...one, place: lines.length === 0 ? "" : `, ${words.lines(lines.length)} ${lines.join(", ")}` })));
}

/**
 * Tells what is worth a look in the books and nobody judged yet, after what verdicts so far taught, and how good findings are by those verdicts: by rows, as
 * `AnalysisQuality` says; a measure without anything to count is null.
 */
export async function findingsOfStore(terminal: Terminal, { store, json, fresh }: StoreOptions): Promise<void> {
  await withBooks(store, { create: false, fresh }, async (books) => {
    const { workspaceId } = await books.recordContext();
    const { open, quality, verdicts, rows } = await books.database.snapshot(async (reader) => withVerdicts(reader, workspaceId, await examineWorkspace(reader, workspaceId)));
    const { locale } = fresh;
    const told = open.map((finding) => ({ ...toldFinding(finding, locale), transactions: rowsOf(finding, "suspect"), besideTransactions: rowsOf(finding, "beside") }));
    if (json) return printJson(terminal, { rows, quality, verdicts, findings: told });
    const measures = qualityMeasures.flatMap((measure) => (quality[measure] === null ? [] : [`${said[locale].measures[measure]} ${formatPercent(locale, quality[measure], 1)}`]));
    terminal.stdout.write(`${said[locale].counted(rows, open.length)}\n${measures.length === 0 ? "" : `${measures.join(", ")}\n`}\n`);
    write(terminal, locale, told.map((one) => ({ ...one, place: "" })));
  });
}

const qualityMeasures = ["accuracy", "precision", "recall", "f1Score", "falsePositiveRate"] as const satisfies readonly (keyof AnalysisQuality)[];

function write(terminal: Terminal, locale: Locale, told: readonly { readonly score: number; readonly title: string; readonly expected: string; readonly happened: string; readonly place: string }[]): void {
  for (const { score, title, expected, happened, place } of told.slice(0, toldMax)) {
    terminal.stdout.write(`${tableText([[`${title} (${formatPercent(locale, score, 0)}${place})`]])}${tableText([[`  + ${expected}`]])}${tableText([[`  ! ${happened}`]])}\n`);
  }
  if (told.length > toldMax) terminal.stdout.write(`… ${told.length - toldMax}\n`);
}

type Role = Finding["evidence"]["rows"][number]["role"];

function rowsOf({ evidence }: Finding, role: Role): string[] {
  return evidence.rows.filter((row) => row.role === role).map(({ transactionId }) => transactionId);
}

function toldFinding({ stableKey, kind, severity, scorePermille, amountMinor, currency, evidence }: Finding, locale: Locale) {
  const inCurrency = currency ?? currencyDefault;
  const text = sayFinding(evidence.facts, locale, {
    money: (amount) => formatMoney(locale, amount, inCurrency),
    date: (date) => formatDate(locale, date),
    share: (permille) => formatPercent(locale, permille / 1_000),
  });
  return {
    kind,
    score: scorePermille / 1_000,
    severity,
    ...text,
    atStake: amountMinor === null ? null : formatMinorDecimal(minor(amountMinor), inCurrency),
    atStakeMinor: amountMinor,
    currency,
    stableKey,
    facts: evidence.facts,
    signals: evidence.signals,
  };
}
