import { z } from "zod";
import { long, read, write } from "../methods.ts";
import { accountingDate, currencyCode, done, instant, minorAmount, none, rowId } from "./money.ts";

/** The largest file an import takes. */
export const importFileBytesMax = 64 * 1024 * 1024;

/** What a column of the file may mean. */
export const columnRole = z.enum([
  "date",
  "amount",
  "credit",
  "debit",
  "direction",
  "currency",
  "counterparty",
  "description",
  "balance",
  "reference",
  "account",
  "category",
  "ignored",
]);
/** See {@link columnRole}. */
export type ColumnRole = z.output<typeof columnRole>;

/** A text of the catalogues with what to put in it: never a ready sentence. */
const phrase = z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) });

const previewColumn = z.object({
  index: z.int().nonnegative(),
  header: z.string(),
  role: columnRole,
  /** 0 to 1. */
  confidence: z.number().min(0).max(1),
  reason: phrase.nullable(),
});

const readRow = z.object({
  date: accountingDate,
  amountMinor: minorAmount,
  currency: currencyCode,
  counterparty: z.string(),
  description: z.string(),
  categoryName: z.string().nullable(),
});

const previewRow = z.object({
  line: z.int().positive(),
  raw: z.array(z.string()),
  read: readRow.nullable(),
  state: z.enum(["new", "already_there", "refused"]),
});

const refusedLine = z.object({ line: z.int().positive(), raw: z.string(), reason: phrase });

/** What was understood of a file, before anything is kept. */
export const importPreviewSchema = z.object({
  previewId: z.string(),
  fileName: z.string(),
  format: z.string(),
  encoding: z.string(),
  /** The character itself; null when the format has none. */
  delimiter: z.string().nullable(),
  /** 1-based; null when the file has no header. */
  headerLine: z.int().positive().nullable(),
  accountName: z.string().nullable(),
  dateFrom: accountingDate.nullable(),
  dateTo: accountingDate.nullable(),
  columns: z.array(previewColumn),
  /** The first rows, raw beside read. */
  rows: z.array(previewRow).max(20),
  counts: z.object({ total: z.int(), new: z.int(), alreadyThere: z.int(), refused: z.int() }),
  /** One a currency, of the readable rows. */
  sums: z.array(
    z.object({
      currency: currencyCode,
      inMinor: minorAmount,
      outMinor: minorAmount,
      openingMinor: minorAmount.nullable(),
      closingMinor: minorAmount.nullable(),
      /** True when opening + in − out = closing; null when the file does not say. */
      agrees: z.boolean().nullable(),
    }),
  ),
  /** The first refused lines, raw. */
  refusedLines: z.array(refusedLine).max(100),
  /** What the file leaves open; each choice is a set of mapping overrides. */
  questions: z.array(
    z.object({ id: z.string(), text: phrase, choices: z.array(z.object({ id: z.string(), label: phrase })), chosen: z.string().nullable() }),
  ),
});
/** See {@link importPreviewSchema}. */
export type ImportPreview = z.output<typeof importPreviewSchema>;

/** How far a long import has come. */
export const importProgressSchema = z.object({
  phase: z.enum(["reading", "recognising", "checking", "saving"]),
  done: z.int().nonnegative(),
  /** Null while it is not known. */
  total: z.int().nonnegative().nullable(),
});
/** See {@link importProgressSchema}. */
export type ImportProgress = z.output<typeof importProgressSchema>;

/** Corrections of what was understood. */
export const importOverridesSchema = z.object({
  roles: z.array(z.object({ index: z.int().nonnegative(), role: columnRole })).optional(),
  answers: z.array(z.object({ questionId: z.string(), choiceId: z.string() })).optional(),
});

const importEntry = z.object({
  importId: rowId,
  fileName: z.string(),
  importedAt: instant,
  rowsAdded: z.int(),
  rowsRefused: z.int(),
  dateFrom: accountingDate.nullable(),
  dateTo: accountingDate.nullable(),
  state: z.enum(["loading", "complete", "undone"]),
});
/** An import as the history lists it. */
export type ImportEntry = z.output<typeof importEntry>;

/** Reading a file, keeping it, taking it back. */
export const importMethods = {
  "import.preview": long(
    z.object({
      fileName: z.string().max(400),
      bytes: z.instanceof(Uint8Array).refine((bytes) => bytes.byteLength <= importFileBytesMax),
      overrides: importOverridesSchema.optional(),
    }),
    importPreviewSchema,
    importProgressSchema,
  ),
  "import.commit": long(
    z.object({ previewId: z.string(), overrides: importOverridesSchema.optional() }),
    z.object({ importId: rowId, rowsAdded: z.int().nonnegative() }),
    importProgressSchema,
  ),
  "import.history": read(none, z.object({ imports: z.array(importEntry) })),
  "import.undo": write(z.object({ importId: rowId }), done),
};
