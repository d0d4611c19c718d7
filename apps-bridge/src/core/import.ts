import { importFile } from "@saldo/client-core/books";
import type { OriginalPlace } from "@saldo/client-core/files";
import type { ImportHints } from "@saldo/client-core/import";
import { listImports } from "@saldo/client-core/reports";
import { SaldoError } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { ImportEntry } from "../bridge/contract/import.ts";
import type { ParamsOut } from "../bridge/methods.ts";
import type { SaldoMethods } from "../bridge/contract/index.ts";
import type { Core } from "./core.ts";
import { openOriginal } from "./original.ts";
import { hintsOfOverrides, previewFile } from "./import-preview.ts";
import { readBooks, type BooksView } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

/** Files whose preview is kept until they are committed or pushed out by newer ones. */
const previewsMax = 2;
/** Imports the history lists. */
const historyMax = 200;

interface KeptPreview {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly hints: ImportHints;
  /** True when the very same bytes are in the books and the person has seen so. */
  readonly again: boolean;
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
    async "import.preview"({ fileName, bytes, overrides }, { signal, progress }) {
      const { books } = core.opened();
      const hints = { fileName, defaultCurrency: (await books.workspace()).currency, answers: hintsOfOverrides(overrides) };
      const preview = await previewFile(books, { name: fileName, bytes }, hints, { signal, progress });
      keep(preview.previewId, { name: fileName, bytes, hints, again: preview.sameFile !== null });
      return preview;
    },
    async "import.commit"({ previewId }, { signal, progress }) {
      const kept = previews.get(previewId);
      if (kept === undefined) throw new SaldoError("bridge.preview_gone");
      const summary = await importFile(core.opened().books, kept, {
        hints: kept.hints,
        again: kept.again,
        signal,
        onProgress: ({ bytesRead, bytesTotal }) => progress({ phase: "saving", done: bytesRead, total: bytesTotal }),
      });
      previews.delete(previewId);
      return { importId: summary.importId, rowsAdded: summary.rowsAdded };
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
    async "import.undo"({ importId }) {
      await core.opened().books.record("import.undo", { importId });
      return null;
    },
  };
}

/** Corrections as the contract has them. */
export type Overrides = NonNullable<ParamsOut<SaldoMethods["import.preview"]>["overrides"]>;

const noOriginal: OriginalPlace = "none";

const rangeRow = z.object({ import_id: z.string(), first: z.string(), last: z.string() });

async function historyOf({ reader, workspaceId }: BooksView): Promise<{ readonly sha256: string; readonly entry: Omit<ImportEntry, "original"> }[]> {
  const imports = (await listImports(reader, workspaceId)).slice(0, historyMax);
  const ranges = await reader.query(
    sql`select "import_id", min("posted_on") as "first", max("posted_on") as "last" from "transaction" where "workspace_id" = ${workspaceId} and "import_id" is not null group by "import_id"`,
  );
  const rangeOf = new Map(ranges.map((row) => rangeRow.parse(row)).map((row) => [row.import_id, row]));
  return imports.map((row) => ({
    sha256: row.fileSha256,
    entry: {
      importId: row.id,
      fileName: row.fileName,
      importedAt: row.createdAt,
      rowsAdded: row.rowsAdded,
      rowsRefused: row.rowsRefused,
      dateFrom: rangeOf.get(row.id)?.first ?? null,
      dateTo: rangeOf.get(row.id)?.last ?? null,
      state: row.status,
    },
  }));
}
