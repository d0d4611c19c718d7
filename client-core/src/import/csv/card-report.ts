import { importLimits } from "../limits.ts";
import type { TextSource } from "./records.ts";

/** How a printed card report is told in text: an operation's first line ends in its amount, the second begins with the day it was booked. */
const day = String.raw`\d{2}\.\d{2}\.\d{4}`;
const money = String.raw`\d{1,3}(?:[ \u00a0\u202f]?\d{3})*[.,]\d{2}`;
const operation = new RegExp(String.raw`^\s*(${day})\s+\d{2}:\d{2}\s+(?:(\d{4,8})\s+)?(\S.*?)\s+([+\-−]?)\s?(${money})(?:\s+(${money}))?\s*$`, "u");
const dayAndTime = new RegExp(String.raw`^\s*${day}\s+\d{2}:\d{2}(?!\d)`, "u");
const booked = new RegExp(String.raw`^\s*${day}\s+(?!\d{2}:\d{2}(?!\d))(?:/\s*)?(?:(\d{4,8})\s+)?(\S.*?)\s*$`, "u");

const operationsMin = 2;
const names = ["Дата операции", "Код авторизации", "Категория", "Сумма в валюте счёта", "Остаток", "Описание операции"];

/** True for text that holds operations over two lines each, as Sberbank prints its reports of a card. */
export function isCardReport(head: string): boolean {
  const lines = head.split("\n");
  const firsts = lines.flatMap((line, at) => (at > 0 && operation.test(line) ? [at] : []));
  const pairs = firsts.filter((at) => booked.test(lines[at + 1] ?? "")).length;
  return pairs >= operationsMin && pairs >= firsts.length * 0.8;
}

/** The text of a file: as it is, or of a printed card report written anew. */
export function textOf(source: TextSource, isReport: boolean): TextSource {
  return isReport ? new CardReportText(source) : source;
}

/**
 * Writes a printed card report anew as delimited text of as many lines: an operation becomes one row on the line where it begins, with names
 * above the first one. An amount without a sign is money out, as the report says of itself. Lines above the first operation stay; what
 * follows an operation and is none is left out, unless it begins like one.
 */
class CardReportText implements TextSource {
  private carry = "";
  private hasBegun = false;

  constructor(private readonly source: TextSource) {}

  /** True when all text was handed out. */
  get done(): boolean {
    return this.source.done && this.carry === "";
  }

  /** The next piece of text; empty at the end. */
  next(): string {
    const lines = (this.carry + this.source.next()).split("\n");
    // An operation and its second line are seen together, whichever pieces they came in.
    const keep = this.source.done || this.carry.length > importLimits.recordCharsMax ? 0 : Math.min(lines.length, 2);
    this.carry = keep === 0 ? "" : lines.slice(-keep).join("\n");
    const whole = keep === 0 ? lines : lines.slice(0, -keep);
    if (whole.length === 0) return "";
    return whole.map((line, at) => this.rewritten(line, lines[at + 1] ?? "")).join("\n") + (keep === 0 ? "" : "\n");
  }

  private rewritten(line: string, following: string): string {
    const match = operation.exec(line);
    if (match === null) {
      if (!this.hasBegun) return operation.test(following) ? row(names) : cell(line.trimEnd());
      return dayAndTime.test(line) ? cell(line.trimEnd()) : "";
    }
    this.hasBegun = true;
    const [, date = "", code = "", category = "", sign = "", amount = "", balance = ""] = match;
    const [, laterCode = "", text = ""] = booked.exec(following) ?? [];
    return row([date, code === "" ? laterCode : code, category, `${sign === "" ? "-" : sign}${amount}`, balance, text]);
  }
}

function row(cells: readonly string[]): string {
  return cells.map(cell).join(";");
}

function cell(text: string): string {
  return text === "" ? "" : `"${text.replaceAll('"', '""')}"`;
}
