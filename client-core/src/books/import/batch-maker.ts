import { importNamesMax, importRowsMax, nameLengthMax, SaldoError, type MutationArgs } from "@saldo/schema";
import type { OpenRow } from "../../categories/book-rows.ts";
import type { CompiledRule } from "../../categories/rules.ts";
import type { ReadBatch } from "../../import/index.ts";
import type { NamesOfFile } from "../names-of-file.ts";
import type { RowChoice } from "./decisions.ts";
import { clip } from "./file-reading.ts";
import type { FileSurvey } from "./file-survey.ts";
import type { RowGroup } from "./match-rows.ts";
import { packRows, type AddedRow } from "./pack-rows.ts";
import { createRowJudge } from "./row-kind.ts";
import { dayCounter } from "./row-keys.ts";
import { transferSeedsMax, type TransferSide } from "./transfer-pairs.ts";

/** What making batches needs to know. */
export interface MakingParts {
  readonly importId: string;
  readonly createdAt: string;
  readonly names: NamesOfFile;
  readonly rules: readonly CompiledRule[];
  /** Gives rows a category that neither a rule nor the file gave one; null for none. */
  readonly categorise?: (row: OpenRow) => string | null;
  readonly nextId: () => string;
  /** Fed while rows are written; absent where the file was surveyed before. */
  readonly survey?: FileSurvey;
  /** The group of a row by its number. */
  readonly groupOf: (index: number) => RowGroup;
  /** What is done with a row of a group. */
  readonly choiceOf: (group: RowGroup, index: number) => RowChoice;
}

/** What the rows made so far come to. */
export interface RowTotals {
  readonly rowsAdded: number;
  /** Parts of split rows among them. */
  readonly rowsDeclared: number;
  readonly rowsThere: number;
  readonly rowsLeftOut: number;
  readonly firstOn: string | null;
  readonly lastOn: string | null;
  /** Rows with a hint of a transfer: their words, or the name of an own account. */
  readonly seeds: readonly TransferSide[];
}

/** Arguments of the mutations that add what was read, in the order they are recorded. */
export interface MadeArgs {
  /** Null when no name was met for the first time. */
  readonly names: MutationArgs<"import.addNames"> | null;
  readonly batches: readonly MutationArgs<"import.addRows">[];
}

/** Turns what is read of a file, batch by batch, into what is recorded. */
export interface BatchMaker {
  /** Throws `SaldoError` `import.too_many_names` and `import.too_many_rows`. */
  take(batch: ReadBatch): MadeArgs;
  totals(): RowTotals;
}

/** Makes a {@link BatchMaker}. */
export function createBatchMaker(parts: MakingParts): BatchMaker {
  const { importId, createdAt, names, survey, groupOf } = parts;
  const judge = createRowJudge(() => names.ownNumbers());
  const dayOf = dayCounter();
  const seeds: TransferSide[] = [];
  let [index, named, rowsAdded, rowsDeclared, rowsThere, rowsLeftOut] = [0, 0, 0, 0, 0, 0];
  let [firstOn, lastOn]: [string | null, string | null] = [null, null];

  const choose = (batch: ReadBatch): AddedRow[] => {
    const added: AddedRow[] = [];
    survey?.take(batch);
    for (const row of batch.rows) {
      const group = groupOf(index);
      survey?.takeRow(row, names.accountOf(row));
      if (parts.choiceOf(group, index++) === "add") {
        added.push({ row, isDistinct: group !== "new" });
        if (firstOn === null || row.postedOn < firstOn) firstOn = row.postedOn;
        if (lastOn === null || row.postedOn > lastOn) lastOn = row.postedOn;
      } else if (group === "there") rowsThere++;
      else rowsLeftOut++;
    }
    return added;
  };

  return {
    take(batch) {
      const added = choose(batch);
      if (added.length === 0) return { names: null, batches: [] };
      const batches = packRows(added, {
        ...parts,
        judge,
        onPacked(id, { currency, amountMinor, postedOn }, accountId, judged, searchText) {
          const isNamed = !judged.mayBeTransfer && judged.kind === "ordinary" && named < transferSeedsMax && names.namesOwnAccount(searchText, accountId);
          if (isNamed) named++;
          if (isNamed || (judged.mayBeTransfer && seeds.length - named < transferSeedsMax)) seeds.push({ id, accountId, currency, amountMinor, day: dayOf(postedOn) });
        },
      });
      if (names.count > importNamesMax) throw new SaldoError("import.too_many_names", { max: importNamesMax });
      rowsAdded += added.length;
      for (const { rows } of batches) rowsDeclared += rows.length;
      if (rowsDeclared > importRowsMax) throw new SaldoError("import.too_many_rows", { max: importRowsMax });
      return { names: newNames(names, { importId, createdAt }), batches };
    },
    totals: () => ({ rowsAdded, rowsDeclared, rowsThere, rowsLeftOut, firstOn, lastOn, seeds }),
  };
}

/** What was met since the last time, in the lengths the books keep. */
function newNames(names: NamesOfFile, of: { readonly importId: string; readonly createdAt: string }): MadeArgs["names"] {
  const met = names.takeNew();
  if (met.accounts.length === 0 && met.categories.length === 0) return null;
  const accounts = met.accounts.map((account) => ({ ...account, name: clip(account.name, nameLengthMax), number: account.number === null ? null : clip(account.number, nameLengthMax) }));
  const categories = met.categories.map((category) => ({ ...category, name: clip(category.name, nameLengthMax) }));
  return { ...of, accounts, categories };
}
