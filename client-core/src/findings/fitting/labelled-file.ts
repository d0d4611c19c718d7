import { findingKinds, type FindingKind } from "@saldo/schema";
import { readRows } from "../../import/index.ts";
import { readFileLedger } from "../file-ledger.ts";
import type { FileLedger } from "../file-ledger.ts";

/** A file with a column of answers, read as a ledger without it. */
export interface LabelledFile extends FileLedger {
  /** What rows are, by their id; rows in order are left out. */
  readonly answers: ReadonlyMap<string, string>;
}

/** What a column of answers says of rows in order. */
const inOrder = /^(0|0\.0|false|no|n|normal|none|ok|legit|legitimate|valid|genuine|nan|null|inlier|)$/iu;

/** Reads a file and the answers beside it. `column` names theirs; else the first whose name says so. Throws `RangeError` when there is none. */
export async function readLabelledFile(bytes: Uint8Array, fileName: string, column?: string): Promise<LabelledFile> {
  const file = await readFileLedger(bytes, { fileName });
  const name = column ?? file.leftOut[0];
  const index = file.understanding.columns.find((one) => one.name === name)?.index;
  if (index === undefined) throw new RangeError(`no column of answers${column === undefined ? "" : ` named ${column}`}`);
  const answers = new Map<string, string>();
  for await (const { rows } of readRows(bytes, file.understanding, { cellsOf: [index] })) {
    for (const { line, cells } of rows) {
      const answer = cells?.[0] ?? "";
      if (!inOrder.test(answer)) answers.set(String(line), answer);
    }
  }
  return { ...file, answers };
}

/** Names of kinds in data published elsewhere. */
const otherNames: Readonly<Record<string, FindingKind>> = { duplicate_fuzzy: "duplicate_near", vendor_amount_outlier: "amount_unlike_vendor", wrong_account: "category_unlike_vendor" };

/** Answers as kinds of findings; those that name none are left out. */
export function kindsOfAnswers(answers: ReadonlyMap<string, string>): Map<string, FindingKind> {
  const kinds = new Map<string, FindingKind>();
  for (const [id, answer] of answers) {
    const kind = otherNames[answer] ?? findingKinds.find((one) => one === answer);
    if (kind !== undefined) kinds.set(id, kind);
  }
  return kinds;
}
