import { SaldoError } from "@saldo/schema";
import type { FileBytes } from "../../file-bytes.ts";
import { importLimits } from "../limits.ts";
import type { ArchiveUnderstanding, ImportHints, Question, Understanding } from "../model.ts";
import { createInflater, filesOf, useOf } from "./entries.ts";

type UnderstandFile = (bytes: Uint8Array, hints: ImportHints) => Promise<Understanding>;

/**
 * Understands each statement in a ZIP archive; pictures, documents and empty files beside them are passed over and told. Answers hold for
 * every file. Throws `import.archive_nested`, `import.archive_empty`, what is wrong with a file (its name in the detail), and the errors of
 * a damaged, locked or swelling archive.
 */
export async function understandArchive(bytes: FileBytes, hints: ImportHints, understandFile: UnderstandFile): Promise<ArchiveUnderstanding> {
  const inflate = createInflater(bytes);
  const files: ArchiveUnderstanding["files"][number][] = [];
  const passedOver: string[] = [];
  for (const file of filesOf(bytes)) {
    const content = inflate(file);
    const use = useOf(content);
    if (use === "refuse") throw new SaldoError("import.archive_nested", { part: file.name });
    if (use === "pass_over") {
      passedOver.push(file.name);
      continue;
    }
    const understanding = await withPart(file.name, () => understandFile(content, { ...hints, fileName: file.name }));
    if (understanding.format === "zip") throw new SaldoError("import.archive_nested", { part: file.name });
    files.push({ name: file.name, understanding });
  }
  return joinedUnderstanding(files, passedOver);
}

/** Runs a piece of work and names the file of the archive in the error it ends with. */
export async function withPart<Result>(part: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw named(error, part);
  }
}

/** An error of the catalogue with the file of the archive in its detail; any other as it is. */
export function named(error: unknown, part: string): unknown {
  return error instanceof SaldoError ? new SaldoError(error.code, { ...error.detail, part }, { cause: error }) : error;
}

function joinedUnderstanding(files: ArchiveUnderstanding["files"], passedOver: readonly string[]): ArchiveUnderstanding {
  const [first] = files;
  if (first === undefined) throw new SaldoError("import.archive_empty");
  const accounts = new Set(files.map(({ understanding }) => understanding.account));
  const statements = files.flatMap(({ understanding }) => understanding.statements);
  if (statements.length > importLimits.statementsMax) throw new SaldoError("import.too_many_statements", { statementsMax: importLimits.statementsMax });
  return {
    format: "zip",
    files,
    passedOver,
    currency: first.understanding.currency,
    account: accounts.size === 1 ? first.understanding.account : null,
    statements,
    columns: first.understanding.columns,
    questions: distinct(files.flatMap(({ understanding }) => understanding.questions)),
    missing: [...new Set(files.flatMap(({ understanding }) => understanding.missing))],
    sample: first.understanding.sample,
  };
}

/** One answer holds for all files, so each question is asked once. */
function distinct(questions: readonly Question[]): Question[] {
  const asked = new Map<string, Question>();
  for (const question of questions) {
    const key = `${question.code} ${question.code === "column" ? question.chosen : ""}`;
    if (!asked.has(key)) asked.set(key, question);
  }
  return [...asked.values()];
}
