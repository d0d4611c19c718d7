import { importBatchRowsMax, searchTextOf, textLengthMax, type ImportRow, type ImportRowDetails, type MutationArgs } from "@saldo/schema";
import type { ReadRow } from "../../import/index.ts";
import type { OpenRow } from "../../categories/book-rows.ts";
import type { CompiledRule } from "../../categories/rules.ts";
import type { NamesOfFile } from "../names-of-file.ts";
import { clip } from "./file-reading.ts";
import type { JudgedRow } from "./row-kind.ts";

/** A row that is to be added. */
export interface AddedRow {
  readonly row: ReadRow;
  /** True when a person said that it is no copy of one in the books. */
  readonly isDistinct: boolean;
}

/** What packing needs to know. */
export interface PackingParts {
  readonly importId: string;
  readonly createdAt: string;
  readonly names: NamesOfFile;
  readonly judge: (row: ReadRow, searchText: string) => JudgedRow;
  readonly nextId: () => string;
  /** The workspace's rules, in their order; the first that fits gives a row its category, whatever the file says. */
  readonly rules: readonly CompiledRule[];
  /** The category a row may be given without asking that neither a rule nor the file gave one; null for none. */
  readonly categorise?: (row: OpenRow) => string | null;
  /** Hears of each whole row that is packed: transfers are looked for among them. */
  readonly onPacked: (id: string, row: ReadRow, accountId: string, judged: JudgedRow, searchText: string) => void;
}

type Batch = MutationArgs<"import.addRows">;

/** Packs rows into batches small enough for one mutation; parts of a row stay beside it. Returns them in order. */
export function packRows(added: readonly AddedRow[], parts: PackingParts): Batch[] {
  const batches: Batch[] = [];
  let packer = createPacker(parts);
  for (const one of added) {
    const size = 1 + (one.row.parts?.length ?? 0);
    if (packer.count > 0 && packer.count + size > importBatchRowsMax) {
      batches.push(packer.batch());
      packer = createPacker(parts);
    }
    packer.add(one, size <= importBatchRowsMax);
  }
  if (packer.count > 0) batches.push(packer.batch());
  return batches;
}

function createPacker(parts: PackingParts) {
  const { names, judge, nextId, onPacked, rules, categorise } = parts;
  const accounts = indexer();
  const categories = indexer();
  const currencies = indexer();
  const rowCurrencies: number[] = [];
  const rows: ImportRow[] = [];
  const pack = (row: ReadRow, accountId: string, searchText: string, judged: JudgedRow, details: ImportRowDetails | undefined): string => {
    const id = nextId();
    const ofFile = names.categoryOf(row);
    const byRule = rules.length === 0 ? undefined : rules.find((rule) => rule.matches({ ...row, counterpartyName: row.counterparty, accountId }));
    // What may be a transfer waits until the other side was looked for.
    const byModel = byRule !== undefined || ofFile !== null || categorise === undefined || judged.mayBeTransfer || judged.kind === "transfer" ? null : categorise(openRowOf(row, searchText, judged));
    const category = byRule?.categoryId ?? ofFile ?? byModel;
    rowCurrencies.push(currencies.indexOf(row.currency));
    const counterparty = row.counterparty === null ? null : clip(row.counterparty, textLengthMax);
    const packed: ImportRow = [id, row.line, row.postedOn, row.amountMinor, accounts.indexOf(accountId), category === null ? -1 : categories.indexOf(category), clip(row.description, textLengthMax), counterparty];
    const all = detailsOf(row, judged, byRule === undefined && byModel === null ? details : { ...details, categorySource: byModel === null ? "rule" : "model" });
    if (all !== undefined) packed.push(all);
    rows.push(packed);
    return id;
  };
  return {
    get count() {
      return rows.length;
    },
    /** Adds a row, with its parts if they are to be kept apart. */
    add({ row, isDistinct }: AddedRow, withParts: boolean) {
      const accountId = names.accountOf(row);
      const packed = (one: ReadRow, details: ImportRowDetails | undefined) => {
        const searchText = searchTextOf(one.description, one.counterparty);
        const judged = judge(one, searchText);
        return { id: pack(one, accountId, searchText, judged, details), judged, searchText };
      };
      const { id, judged, searchText } = packed(row, isDistinct ? { isDistinct: true } : undefined);
      if (row.parts === null || !withParts) onPacked(id, row, accountId, judged, searchText);
      else for (const part of row.parts) packed(part, { parentId: id });
    },
    batch(): Batch {
      return {
        importId: parts.importId,
        currencies: currencies.values,
        accounts: accounts.values,
        categories: categories.values,
        rowCurrencies: currencies.values.length === 1 ? [] : rowCurrencies,
        rows,
        createdAt: parts.createdAt,
      };
    },
  };
}

function openRowOf({ description, counterparty, counterpartyTaxId, amountMinor }: ReadRow, searchText: string, { kind }: JudgedRow): OpenRow {
  return { description, counterpartyName: counterparty, counterpartyTaxId, searchText, kind, amountMinor };
}

function detailsOf({ bankId, counterpartyAccount, counterpartyTaxId }: ReadRow, { kind, vatMinor }: JudgedRow, details: ImportRowDetails | undefined): ImportRowDetails | undefined {
  if (bankId === null && counterpartyAccount === null && counterpartyTaxId === null && kind === "ordinary" && vatMinor === null) return details;
  return {
    ...details,
    ...(bankId === null ? {} : { bankId: clip(bankId, textLengthMax) }),
    ...(counterpartyAccount === null ? {} : { counterpartyAccount: clip(counterpartyAccount, textLengthMax) }),
    ...(counterpartyTaxId === null ? {} : { counterpartyTaxId: clip(counterpartyTaxId, textLengthMax) }),
    ...(kind === "ordinary" ? {} : { kind }),
    ...(vatMinor === null ? {} : { vatMinor }),
  };
}

/** Numbers distinct texts in order of appearance. */
function indexer() {
  const values: string[] = [];
  const known = new Map<string, number>();
  return {
    values,
    indexOf(value: string): number {
      const found = known.get(value);
      if (found !== undefined) return found;
      known.set(value, values.length);
      return values.push(value) - 1;
    },
  };
}
