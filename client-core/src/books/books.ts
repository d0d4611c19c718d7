import { SaldoError, systemIds, type IdSource, type JsonValue, type MutationArgs, type MutationName, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { recordMutation, type RecordContext } from "../mutations/index.ts";
import { nextTurn } from "../next-turn.ts";
import { createOriginals, type BlobStore, type Originals } from "../files/index.ts";
import { insertTableRows, readRows, type LocalDatabase } from "../store/index.ts";
import { ensureWorkspace, storeWorkspace } from "../sync/index.ts";
import type { ReadingThread } from "./import/reading-thread.ts";
import { editHistory, type EditHistory } from "./undo.ts";

/** The clock and identifiers of a device, passed in. */
export interface BooksEnvironment {
  readonly nowMs: () => number;
  readonly ids: IdSource;
  /** Gives the event loop a turn, so that progress shows and a cancel is heard. */
  readonly pause: () => Promise<void>;
  /** Starts a thread that reads a file beside the books; null when there is none to be had. Absent where reading beside them is not worth it. */
  readonly startReading?: () => Promise<ReadingThread | null>;
}

/** One company's books on this device: the database, and the only way to change it. */
export interface Books {
  readonly database: LocalDatabase;
  readonly ids: IdSource;
  /** ISO 8601, UTC, milliseconds. */
  nowInstant(): string;
  /** Today's date in UTC, YYYY-MM-DD. */
  today(): string;
  pause(): Promise<void>;
  /** See {@link BooksEnvironment}; null where there is no such thread. */
  startReading(): Promise<ReadingThread | null>;
  /** The company, as this device knows it. */
  workspace(): Promise<Row<"workspace">>;
  /** Runs a mutation at once and records it for the server, in one local transaction. Throws `SaldoError` `mutation.*` when refused. */
  record<Name extends MutationName>(name: Name, args: MutationArgs<Name>): Promise<void>;
  /** A person's edits, which can be taken back. */
  readonly history: EditHistory;
  /** Originals of what was imported; null where none are kept. */
  readonly originals: Originals | null;
  /** Who records a mutation now, for those who record in bulk. */
  recordContext(): Promise<RecordContext>;
  /** A fact this device keeps about itself; null when it keeps none of this name. */
  setting(name: string): Promise<JsonValue>;
  /** Keeps a fact; null forgets it. */
  saveSetting(name: string, value: JsonValue): Promise<void>;
}

/** The platform's clock and randomness. */
export function systemEnvironment(): BooksEnvironment {
  return { nowMs: () => Date.now(), ids: systemIds(), pause: nextTurn };
}

/**
 * Opens the books of a migrated database. A new one gets a workspace of its own, so that everything works before anyone signs in;
 * signing in later binds it to the server's. Originals of imports are kept in `blobs`, if there are any.
 */
export async function openBooks(database: LocalDatabase, environment: BooksEnvironment, fresh: { readonly currency: string; readonly locale: "en" | "ru" }, blobs?: BlobStore): Promise<Books> {
  const books = createBooks(database, environment, blobs);
  const name = fresh.locale === "ru" ? "Моя компания" : "My company";
  await ensureWorkspace(database, environment.ids, { ...fresh, name, createdAt: books.nowInstant() });
  return books;
}

function createBooks(database: LocalDatabase, environment: BooksEnvironment, blobs: BlobStore | undefined): Books {
  const nowInstant = () => new Date(environment.nowMs()).toISOString();
  const bound = async () => {
    const workspace = await storeWorkspace(database);
    if (!workspace) throw new SaldoError("workspace.not_found");
    return workspace;
  };
  const recordContext = async () => ({ ...(await bound()), recordedAt: nowInstant() });
  const books: Books = {
    database,
    history: editHistory(database, recordContext),
    originals: blobs === undefined ? null : createOriginals(database, blobs, nowInstant),
    ids: environment.ids,
    nowInstant,
    today: () => nowInstant().slice(0, 10),
    pause: environment.pause,
    startReading: () => environment.startReading?.() ?? Promise.resolve(null),
    async workspace() {
      const { workspaceId } = await bound();
      const [row] = await readRows(database, "workspace", sql`where "id" = ${workspaceId}`);
      if (!row) throw new SaldoError("workspace.not_found");
      return row;
    },
    recordContext,
    async record(name, args) {
      await recordMutation(database, name, args, await books.recordContext());
    },
    async setting(name) {
      const [row] = await readRows(database, "device_setting", sql`where "name" = ${name}`);
      return row?.value ?? null;
    },
    async saveSetting(name, value) {
      await database.transaction(async (transaction) => {
        if (value === null) await transaction.execute(sql`delete from "device_setting" where "name" = ${name}`, ["device_setting"]);
        else await insertTableRows(transaction, "device_setting", [{ name, value }], "replace");
      });
    },
  };
  return books;
}
