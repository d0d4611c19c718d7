import { understoodInOnePass } from "../exchange/one-pass.ts";
import type { ColumnRole, ImportHints, Mt940Understanding } from "../model.ts";
import { openMt940 } from "./read.ts";
import type { FileBytes } from "../../file-bytes.ts";

const fields: readonly (readonly [name: string, role: ColumnRole])[] = [
  [":61:", "amount"],
  [":86:", "description"],
];

/** Understands a file of MT940 messages: accounts and balances. Throws `import.cut_off` and `import.no_statement`. */
export function understandMt940(bytes: FileBytes, hints: ImportHints): Mt940Understanding {
  return { format: "mt940", ...understoodInOnePass(bytes, hints, openMt940, fields) };
}
