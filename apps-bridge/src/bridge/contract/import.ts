import { columnRoles } from "@saldo/schema";
import { z } from "zod";
import { long, read, write } from "../methods.ts";
import { accountingDate, currencyCode, done, instant, minorAmount, none, rowId } from "./money.ts";

/** The largest file an import takes. */
export const importFileBytesMax = 256 * 1024 * 1024;

/** What a column of the file may hold. */
export const columnRole = z.enum(columnRoles);
/** See {@link columnRole}. */
export type ColumnRole = z.output<typeof columnRole>;

/** A sentence the core says in both languages. */
const sentence = z.object({ en: z.string(), ru: z.string() });

const previewColumn = z.object({
  index: z.int().nonnegative(),
  header: z.string(),
  role: columnRole,
  /** 0 to 1. */
  confidence: z.number().min(0).max(1),
  reason: sentence,
});

const readRow = z.object({
  date: accountingDate,
  amountMinor: minorAmount,
  currency: currencyCode,
  counterparty: z.string().nullable(),
  description: z.string(),
  account: z.string().nullable(),
  category: z.string().nullable(),
});

const previewRow = z.object({
  line: z.int().positive(),
  raw: z.array(z.string()),
  read: readRow.nullable(),
  /** Number of the row among those read, as decisions name it; null for a line that is none. */
  index: z.int().nonnegative().nullable(),
  /** `there` is in the books, `look` is like a row of them; `skipped` is a line that is no transaction: a total, a repeated header; `unread` waits for what is missing. */
  state: z.enum(["new", "there", "look", "refused", "skipped", "unread"]),
  /** Why it is not new. */
  reason: sentence.nullable(),
});

const refusedLine = z.object({ line: z.int().positive(), /** The sheet or archived file, when there are several. */ part: z.string().nullable(), column: z.string().nullable(), raw: z.string(), reason: sentence });

/** A row of the file, beside the one of the books that it is or may be; none for a new one. */
const comparedRow = z.object({
  index: z.int().nonnegative(),
  line: z.int().positive(),
  read: readRow,
  twin: z.object({ id: rowId, date: accountingDate, counterparty: z.string().nullable(), description: z.string() }).nullable(),
});
/** See {@link comparedRow}. */
export type ComparedRowView = z.output<typeof comparedRow>;

/** What the rows of a file are to the books. */
export const rowGroup = z.enum(["new", "there", "look"]);
/** See {@link rowGroup}. */
export type RowGroup = z.output<typeof rowGroup>;

/** One account over one period: what the file says it held, and what its rows add up to. */
const statementView = z.object({
  accountName: z.string().nullable(),
  currency: currencyCode,
  from: accountingDate.nullable(),
  to: accountingDate.nullable(),
  openingMinor: minorAmount.nullable(),
  inMinor: minorAmount,
  /** Positive. */
  outMinor: minorAmount,
  closingMinor: minorAmount.nullable(),
  /** 0 when they agree; null when the file tells one balance only. */
  differenceMinor: minorAmount.nullable(),
  /** Lines before which the running balance jumps, and by how much. */
  gaps: z.array(z.object({ line: z.int(), differenceMinor: minorAmount })),
});
/** See {@link statementView}. */
export type StatementView = z.output<typeof statementView>;

/** What was understood of a file, before anything is kept. */
export const importPreviewSchema = z.object({
  previewId: z.string(),
  fileName: z.string(),
  format: z.string(),
  /** Null when the format is no text. */
  encoding: z.string().nullable(),
  /** The character itself; null when the format has none. */
  delimiter: z.string().nullable(),
  /** 1-based; null when the file has no header. */
  headerLine: z.int().positive().nullable(),
  /** True when the columns may be given other roles; otherwise the format itself says what each field is. */
  isTable: z.boolean(),
  /** The sheets of a workbook that hold anything; empty for other files. */
  sheets: z.array(z.object({ name: z.string(), isChosen: z.boolean() })),
  /** What was decided about an earlier file of this shape and is used again. */
  mapping: z.object({ id: rowId }).nullable(),
  accountName: z.string().nullable(),
  dateFrom: accountingDate.nullable(),
  dateTo: accountingDate.nullable(),
  columns: z.array(previewColumn),
  /** The first rows, raw beside read. */
  rows: z.array(previewRow).max(20),
  /** They add up to the lines that hold text. */
  counts: z.object({ total: z.int(), new: z.int(), there: z.int(), look: z.int(), refused: z.int(), skipped: z.int() }),
  /** The first rows to look at, and the first of those that are there. */
  looks: z.array(comparedRow).max(200),
  there: z.array(comparedRow).max(200),
  /** Of the statements of which the file tells a balance. */
  statements: z.array(statementView),
  /** Name of the import that already brought this very file. */
  sameFile: z.object({ importId: rowId, importedAt: instant }).nullable(),
  /** One a currency, of the readable rows. */
  sums: z.array(
    z.object({
      currency: currencyCode,
      inMinor: minorAmount,
      outMinor: minorAmount,
    }),
  ),
  /** The first refused lines, raw. */
  refusedLines: z.array(refusedLine).max(100),
  /** What the file leaves open; the choice made for the person stands until they make another. */
  questions: z.array(
    z.object({ id: z.string(), text: sentence, choices: z.array(z.object({ id: z.string(), label: sentence })), chosen: z.string() }),
  ),
  /** What is needed and was not found; while any is listed the file cannot be committed. */
  missing: z.array(z.enum(["date", "amount"])),
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
  rowsThere: z.int(),
  rowsLeftOut: z.int(),
  rowsRefused: z.int(),
  statements: z.array(statementView),
  dateFrom: accountingDate.nullable(),
  dateTo: accountingDate.nullable(),
  state: z.enum(["loading", "complete", "undone"]),
  /** Where the file's own bytes are: on this device, on the server, only on another device, or nowhere. */
  original: z.enum(["here", "server", "elsewhere", "none"]),
});
/** An import as the history lists it. */
export type ImportEntry = z.output<typeof importEntry>;

/** What a person decided about rows that are, or may be, in the books. */
export const importDecisionsSchema = z.object({
  /** Of all rows that look like others, where nothing else was said; left out by default. */
  look: z.enum(["add", "skip"]).optional(),
  /** Of all rows the books have, where nothing else was said; left out by default. */
  there: z.enum(["add", "skip"]).optional(),
  rows: z.array(z.object({ index: z.int().nonnegative(), choice: z.enum(["add", "skip"]) })).max(10_000).optional(),
});

const changedRow = z.object({
  id: rowId,
  date: accountingDate,
  amountMinor: minorAmount,
  currency: currencyCode,
  counterparty: z.string().nullable(),
  description: z.string(),
  changed: z.array(z.enum(["category", "note", "counterparty", "kind", "transfer"])),
});

const double = z.object({ id: rowId, twinId: rowId, date: accountingDate, amountMinor: minorAmount, currency: currencyCode, counterparty: z.string().nullable(), description: z.string() });
/** A row that came in twice, by devices that did not know of each other. */
export type DoubleView = z.output<typeof double>;

/** Reading a file, comparing it with the books, keeping it, taking it back. */
export const importMethods = {
  "import.preview": long(
    z.object({
      fileName: z.string().max(400),
      /** At hand, or as a window hands a file over: then it is read slice by slice and never held. */
      bytes: z.union([z.instanceof(Uint8Array).refine(({ byteLength }) => byteLength <= importFileBytesMax), z.instanceof(Blob).refine(({ size }) => size <= importFileBytesMax)]),
      overrides: importOverridesSchema.optional(),
    }),
    importPreviewSchema,
    importProgressSchema,
  ),
  /** Rows of a group beyond those the preview shows, from a place in it on. */
  "import.rows": read(z.object({ previewId: z.string(), group: rowGroup, offset: z.int().nonnegative() }), z.object({ rows: z.array(comparedRow).max(100) })),
  "import.commit": long(
    z.object({ previewId: z.string(), overrides: importOverridesSchema.optional(), decisions: importDecisionsSchema.optional() }),
    /** Without an id there was nothing to add. */
    z.object({ importId: rowId.nullable(), rowsAdded: z.int().nonnegative(), rowsThere: z.int(), rowsLeftOut: z.int(), transfersLinked: z.int(), statements: z.array(statementView) }),
    importProgressSchema,
  ),
  "import.history": read(none, z.object({ imports: z.array(importEntry) })),
  /** The imported file as it was; fetched when it is not on this device. */
  "import.original": read(z.object({ importId: rowId }), z.object({ fileName: z.string(), bytes: z.instanceof(Uint8Array) })),
  /** What people did to the rows of an import since: it goes with them. */
  "import.changes": read(z.object({ importId: rowId }), z.object({ count: z.int(), rows: z.array(changedRow).max(100) })),
  "import.forgetMapping": write(z.object({ mappingId: rowId }), done),
  "import.undo": write(z.object({ importId: rowId }), done),
  /** Rows that came in twice by imports of two devices that had not heard of each other. */
  "import.doubles": read(none, z.object({ doubles: z.array(double).max(200) })),
  /** `remove` takes the later of them away, `keep` says that both are real. `undoId` names the step for `edits.undo`. */
  "import.settleDoubles": write(z.object({ ids: z.array(rowId).min(1).max(200), choice: z.enum(["remove", "keep"]) }), z.object({ undoId: z.string().nullable() })),
};
