import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { findFindings, readFileLedger, sayFinding } from "@saldo/client-core/findings";
import { formatMinorDecimal, minor, type Finding } from "@saldo/schema";
import { formatDate } from "../../format/date.ts";
import { formatMoney } from "../../format/money.ts";
import { formatPercent } from "../../format/number.ts";
import { currencyDefault, type FreshBooks } from "../store-folder.ts";
import { printJson, tableText, type Locale, type Terminal } from "../terminal.ts";
import { inputFileBytesMax, readInputFile } from "./input-file.ts";

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
  const told = findings.map((finding) => toldFinding(finding, locale));
  if (json) return printJson(terminal, { file: file.name, rows, refused, columns: { category, details, notRead: leftOut }, findings: told });
  const notRead = leftOut.length === 0 ? "" : `, not read: ${leftOut.join(", ")}`;
  terminal.stdout.write(`${rows} rows, ${findings.length} findings${notRead}\n\n`);
  for (const { score, title, expected, happened, lines } of told.slice(0, toldMax)) {
    const place = lines.length === 0 ? "" : `, ${lines.length === 1 ? "line" : "lines"} ${lines.join(", ")}`;
    terminal.stdout.write(`${tableText([[`${title} (${formatPercent(locale, score, 0)}${place})`]])}${tableText([[`  + ${expected}`]])}${tableText([[`  ! ${happened}`]])}\n`);
  }
  if (told.length > toldMax) terminal.stdout.write(`… ${told.length - toldMax}\n`);
}

function toldFinding({ stableKey, kind, severity, scorePermille, amountMinor, currency, evidence }: Finding, locale: Locale) {
  const inCurrency = currency ?? currencyDefault;
  const linesOf = (role: "suspect" | "beside") => evidence.rows.filter((row) => row.role === role).map(({ transactionId }) => Number(transactionId));
  const text = sayFinding(evidence.facts, locale, {
    money: (amount) => formatMoney(locale, amount, inCurrency),
    date: (date) => formatDate(locale, date),
    share: (permille) => formatPercent(locale, permille / 1_000),
  });
  return {
    kind,
    score: scorePermille / 1_000,
    severity,
    /** Lines of the file in question, and those that show why. */
    lines: linesOf("suspect"),
    besideLines: linesOf("beside"),
    ...text,
    atStake: amountMinor === null ? null : formatMinorDecimal(minor(amountMinor), inCurrency),
    atStakeMinor: amountMinor,
    currency,
    stableKey,
    facts: evidence.facts,
    signals: evidence.signals,
  };
}
