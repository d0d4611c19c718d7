import { understoodInOnePass } from "../exchange/one-pass.ts";
import type { CamtUnderstanding, ColumnRole, ImportHints } from "../model.ts";
import { openCamt } from "./read.ts";
import type { FileBytes } from "../../file-bytes.ts";

const fields: readonly (readonly [name: string, role: ColumnRole])[] = [
  ["BookgDt", "date"],
  ["Amt", "amount"],
  ["CdtDbtInd", "direction"],
  ["RmtInf", "description"],
  ["AcctSvcrRef", "ignored"],
];

/** Understands a camt.052, .053 or .054 message: accounts, periods and balances. Throws `import.no_statement` and `import.xml_damaged`. */
export function understandCamt(bytes: FileBytes, hints: ImportHints): CamtUnderstanding {
  return { format: "camt", ...understoodInOnePass(bytes, hints, openCamt, fields) };
}
