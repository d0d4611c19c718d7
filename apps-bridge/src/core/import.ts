import { changesSinceImport, findDoubles, forgetMapping, importFile, undoImport, type Books, type ImportDecisions, type ImportPlan } from "@saldo/client-core/books";
import { categoriseOpenRows, type BookCategoriser } from "@saldo/client-core/categories";
import type { OriginalPlace } from "@saldo/client-core/files";
import type { FileBytes, ImportHints } from "@saldo/client-core/import";
import { listAccounts, listImports, refreshRollups } from "@saldo/client-core/reports";
import { minor, SaldoError, statementReport } from "@saldo/schema";
import { z } from "zod";
import type { ImportEntry } from "../bridge/contract/import.ts";
import type { ParamsOut } from "../bridge/methods.ts";
import type { SaldoMethods } from "../bridge/contract/index.ts";
import { categoriserOf } from "./categories.ts";
import type { Core } from "./core.ts";
import { openOriginal } from "./original.ts";
import { accountNames, comparedView, hintsOfOverrides, previewFile, statementViews } from "./import-preview.ts";
import { readBooks, type BooksView } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

/** Files whose preview is kept until they are committed or pushed out by newer ones. */
const previewsMax = 2;
/** Imports the history lists. */
const historyMax = 200;

interface KeptPreview {
  readonly name: string;
  readonly bytes: FileBytes;
  readonly hints: ImportHints;
  /** What the person saw; null while something needed was missing. */
  readonly plan: ImportPlan | null;
}

/** Reading a file, keeping it, taking it back. */
export function importHandlers(core: Core): HandlersOf<"import"> {
  const previews = new Map<string, KeptPreview>();
  const keep = (previewId: string, preview: KeptPreview) => {
    previews.set(previewId, preview);
    for (const oldest of previews.keys()) {
      if (previews.size <= previewsMax) return;
      previews.delete(oldest);
    }
  };
  return {
    async "import.preview"({ fileName, bytes: given, overrides }, { signal, progress }) {
      const { books } = core.opened();
      const bytes = given instanceof Blob ? await core.fileBytes(given) : given;
      const hints = { fileName, defaultCurrency: (await books.workspace()).currency, answers: hintsOfOverrides(overrides) };
      const { preview, plan } = await previewFile(books, { name: fileName, bytes }, hints, { signal, progress });
      keep(preview.previewId, { name: fileName, bytes, hints, plan });
      return preview;
    },
    async "import.rows"({ previewId, group, offset }, { signal }) {
      const plan = previews.get(previewId)?.plan;
      if (plan === undefined) throw new SaldoError("bridge.preview_gone");
      return { rows: plan === null ? [] : (await plan.pageOf(group, offset, { signal })).map(comparedView) };
    },
    async "import.commit"({ previewId, decisions }, { signal, progress }) {
      const kept = previews.get(previewId);
      if (kept === undefined) throw new SaldoError("bridge.preview_gone");
      const opened = core.opened();
      const { books } = opened;
      // What was decided before is applied to the new rows, and what they may change is applied to those that are still open.
      const categoriser = categoriserOf(opened);
      await categoriser.refresh();
      const { importId, rowsAdded, rowsThere, rowsLeftOut, transfersLinked, statements } = await importFile(books, kept, {
        hints: kept.hints,
        ...(kept.plan === null ? {} : { plan: kept.plan }),
        decisions: decisionsOf(decisions),
        categorise: (row) => categoriser.give(row),
        signal,
        onProgress: ({ phase, bytesRead, bytesTotal }) => progress({ phase, done: bytesRead, total: bytesTotal }),
      });
      previews.delete(previewId);
      if (importId !== null) void settleBooks(books, categoriser);
      return { importId, rowsAdded, rowsThere, rowsLeftOut, transfersLinked, statements: statementViews(statements, await accountNames(books)) };
    },
    async "import.history"() {
      const listed = await readBooks(core, historyOf);
      // Outside of the snapshot: it asks the database itself.
      const places = await core.opened().books.originals?.places(listed.map(({ sha256 }) => sha256));
      return { imports: listed.map(({ sha256, entry }) => ({ ...entry, original: places?.get(sha256) ?? noOriginal })) };
    },
    async "import.original"({ importId }, { signal }) {
      const { books, sync } = core.opened();
      const { fileName, bytes } = await openOriginal(books, importId, sync.relay, signal);
      return { fileName, bytes: new Uint8Array(bytes) };
    },
    async "import.forgetMapping"({ mappingId }) {
      await forgetMapping(core.opened().books, mappingId);
      return null;
    },
    async "import.undo"({ importId }) {
      await undoImport(core.opened().books, importId);
      return null;
    },
    "import.changes": ({ importId }) =>
      readBooks(core, async ({ reader, workspaceId }) => {
        const { count, rows } = await changesSinceImport(reader, workspaceId, importId);
        return {
          count,
          rows: rows.map(({ postedOn: date, amountMinor, counterpartyName: counterparty, changed, ...row }) => ({ ...row, date, amountMinor: minor(amountMinor), counterparty, changed: [...changed] })),
        };
      }),
    "import.doubles": () =>
      readBooks(core, async ({ reader, workspaceId }) => ({
        doubles: (await findDoubles(reader, workspaceId)).map(({ id, twinId, postedOn: date, amountMinor, currency, counterpartyName: counterparty, description }) => ({ id, twinId, date, amountMinor: minor(amountMinor), currency, counterparty, description })),
      })),
    async "import.settleDoubles"({ ids, choice }) {
      const name = choice === "remove" ? ("transaction.removeDoubles" as const) : ("transaction.keepDistinct" as const);
      return { undoId: await core.opened().books.history.record([{ name, args: { ids } }]) };
    },
  };
}

/**
 * What rows that came in lead to, in the background: they are in the books, and who looks next need not wait. They are added up, and what they teach is applied
 * to rows that are still open. What this could not do a report or the next import does.
 */
async function settleBooks(books: Books, categoriser: BookCategoriser): Promise<void> {
  try {
    const { workspaceId } = await books.recordContext();
    await refreshRollups(books.database, workspaceId);
    await categoriseOpenRows(books, categoriser);
    await refreshRollups(books.database, workspaceId);
  } catch {
    // Closed meanwhile, or taken back.
  }
}

/** Corrections as the contract has them. */
export type Overrides = NonNullable<ParamsOut<SaldoMethods["import.preview"]>["overrides"]>;

const noOriginal: OriginalPlace = "none";

type Decisions = ParamsOut<SaldoMethods["import.commit"]>["decisions"];

function decisionsOf(given: Decisions): ImportDecisions {
  const rows = new Map((given?.rows ?? []).map(({ index, choice }) => [index, choice] as const));
  return { rows, ...(given?.look === undefined ? {} : { look: given.look }), ...(given?.there === undefined ? {} : { there: given.there }) };
}

async function historyOf({ reader, workspaceId }: BooksView): Promise<{ readonly sha256: string; readonly entry: Omit<ImportEntry, "original"> }[]> {
  const imports = (await listImports(reader, workspaceId)).slice(0, historyMax);
  const names = new Map((await listAccounts(reader, workspaceId)).map(({ id, name }) => [id, name]));
  return imports.map((row) => ({
    sha256: row.fileSha256,
    entry: {
      importId: row.id,
      fileName: row.fileName,
      importedAt: row.createdAt,
      rowsAdded: row.rowsAdded,
      rowsThere: row.rowsThere,
      rowsLeftOut: row.rowsLeftOut,
      rowsRefused: row.rowsRefused,
      statements: statementViews(z.array(statementReport).parse(row.statements), names),
      dateFrom: row.status === "undone" ? null : row.firstOn,
      dateTo: row.status === "undone" ? null : row.lastOn,
      state: row.status,
    },
  }));
}
