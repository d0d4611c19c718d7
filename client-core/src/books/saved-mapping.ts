import { columnRoles } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { sha256Hex } from "../files/index.ts";
import { signConventions, understandFile, type Answers, type FileBytes, type ImportHints, type Reason, type Understanding } from "../import/index.ts";
import { readRows } from "../store/index.ts";
import type { Books } from "./books.ts";

/** How files of one shape were decided to be read, in this company, by anyone on any device. */
export interface SavedMapping {
  readonly id: string;
  readonly answers: Answers;
}

/** A file understood with what was decided before about files of its shape. */
export interface UnderstoodInBooks {
  readonly understanding: Understanding;
  /** What was decided before and is used again; null when nothing was. */
  readonly mapping: SavedMapping | null;
}

const savedAnswers = z
  .object({
    dateOrder: z.enum(["DMY", "MDY", "YMD", "serial"]),
    decimal: z.enum([".", ","]),
    sign: z.enum(signConventions),
    fee: z.enum(["apart", "taken_off"]),
    currency: z.string().regex(/^[A-Z]{3}$/),
    hiddenRows: z.enum(["read", "leave"]),
    ownAccounts: z.array(z.string().max(200)).max(50),
    columns: z.record(z.string().regex(/^\d{1,4}$/), z.enum(columnRoles)),
  })
  .partial()
  .transform((given): Answers => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));

/**
 * Understands a file as {@link understandFile} does, with the answers given for files of the same shape before; answers in the hints
 * overrule them. Throws what it throws.
 */
export async function understandInBooks(books: Books, bytes: FileBytes, hints: ImportHints = {}): Promise<UnderstoodInBooks> {
  const understanding = await understandFile(bytes, hints);
  const mapping = await findMapping(books, understanding);
  if (mapping === null) return { understanding, mapping };
  const columns = { ...mapping.answers.columns, ...hints.answers?.columns };
  const answers: Answers = { ...mapping.answers, ...hints.answers, ...(Object.keys(columns).length > 0 ? { columns } : {}) };
  return { understanding: tellRemembered(await understandFile(bytes, { ...hints, answers }), hints.answers ?? {}), mapping };
}

/** What was decided of an earlier file is told as such; `own` is what was said of this one. */
function tellRemembered(understanding: Understanding, own: Answers): Understanding {
  if (!("headerLine" in understanding)) return understanding;
  const tell = <Told extends { readonly reason: Reason }>(told: Told, isOwn: boolean): Told =>
    isOwn || told.reason.code !== "you_said" ? told : { ...told, reason: { code: "remembered", params: {} } };
  const { dateOrder, decimalStyle, sign, fee, currency, columns, journal } = understanding;
  const table = {
    dateOrder: tell(dateOrder, own.dateOrder !== undefined),
    decimalStyle: tell(decimalStyle, own.decimal !== undefined),
    sign: tell(sign, own.sign !== undefined),
    fee: fee === null ? null : tell(fee, own.fee !== undefined),
    currency: tell(currency, own.currency !== undefined),
    journal: journal === null ? null : { ...journal, own: tell(journal.own, own.ownAccounts !== undefined) },
    columns: columns.map((column) => tell(column, own.columns?.[column.index] !== undefined)),
  };
  if (understanding.format === "csv") return { ...understanding, ...table };
  const { hiddenRows } = understanding;
  return { ...understanding, ...table, hiddenRows: hiddenRows === null ? null : tell(hiddenRows, own.hiddenRows !== undefined) };
}

/** Remembers what a person decided about a file for the next one of its shape; nothing when they decided nothing that lasts. */
export async function saveMapping(books: Books, understanding: Understanding, answers: Answers | undefined): Promise<void> {
  const fingerprint = await shapeFingerprint(understanding);
  const lasting = savedAnswers.parse(answers ?? {});
  if (fingerprint === null || Object.keys(lasting).length === 0) return;
  const before = await findMapping(books, understanding);
  const columns = { ...before?.answers.columns, ...lasting.columns };
  const mapping = { ...before?.answers, ...lasting, ...(Object.keys(columns).length > 0 ? { columns } : {}) };
  await books.record("importMapping.save", { id: books.ids.next(), fingerprint, mapping: z.json().parse(mapping), createdAt: books.nowInstant() });
}

/** Forgets what was decided about files of one shape. Throws `SaldoError` `mutation.*` when it is gone already. */
export async function forgetMapping(books: Books, mappingId: string): Promise<void> {
  await books.record("importMapping.remove", { mappingId });
}

async function findMapping(books: Books, understanding: Understanding): Promise<SavedMapping | null> {
  const fingerprint = await shapeFingerprint(understanding);
  if (fingerprint === null) return null;
  const [row] = await readRows(books.database, "import_mapping", sql`where "fingerprint" = ${fingerprint} order by "created_at", "id" limit 1`);
  if (row === undefined) return null;
  const parsed = savedAnswers.safeParse(row.mapping);
  // Written by a newer version: it is left as it is and not used.
  return parsed.success ? { id: row.id, answers: parsed.data } : null;
}

/** What files of one export have in common: kind of table and names of the columns in their order. Null for formats that leave nothing to decide. */
async function shapeFingerprint(understanding: Understanding): Promise<string | null> {
  if (!("headerLine" in understanding) || understanding.headerLine.value === null) return null;
  const kind = understanding.format === "csv" ? "text" : "sheet";
  const names = understanding.columns.map(({ name }) => name);
  return `${kind}:${await sha256Hex(new TextEncoder().encode(names.join("\u001f")))}`;
}
