import { expect, test } from "vitest";
import type { ImportHints } from "../index.ts";
import { encodeText } from "./encode-text.ts";
import { readWhole } from "./read-whole.ts";

/** A made-up file in the layout of a real export, and what it says: `date amount currency counterparty|account|category`. */
export interface Layout {
  readonly lines: readonly string[];
  readonly rows: readonly string[];
  readonly others?: readonly string[];
  readonly questions?: readonly string[];
  readonly hints?: ImportHints;
  readonly encoding?: "windows-1251" | "utf-16le";
}

/** Files by name of the layout, each read and compared with what it says. */
export function testLayouts(layouts: Readonly<Record<string, Layout>>): void {
  test.each(Object.entries(layouts))("%s", async (_, { lines, rows, others = [], questions = [], hints = {}, encoding }) => {
    const { understanding, rows: read, refused, skipped } = await readWhole(encodeText(lines.join("\r\n"), encoding ?? "utf-8"), { hints });
    expect(read.map((row) => `${row.postedOn} ${row.amountMinor} ${row.currency} ${row.counterparty ?? ""}|${row.account ?? ""}|${row.category ?? ""}`)).toEqual(rows);
    const passed = [...refused, ...skipped].toSorted((a, b) => a.line - b.line);
    expect(passed.map((line) => `${line.line} ${line.reasonCode}`)).toEqual(others);
    expect(understanding.questions.map((question) => question.code)).toEqual(questions);
  });
}
