import { openBooks, undoUnfinishedImport, type Books } from "@saldo/client-core/books";
import type { ZippedFile } from "@saldo/client-core/export";
import { startFileUploader, type FileUploader } from "@saldo/client-core/files";
import type { FileBytes } from "@saldo/client-core/import";
import { signIn, signOut, signUp, type SignInRequest, type SignUpRequest } from "@saldo/client-core/session";
import type { LocalDatabase } from "@saldo/client-core/store";
import { bindWorkspace, countUnsent, createSyncClient, ensureWorkspace, exportUnsent, systemClock, type SyncClient } from "@saldo/client-core/sync";
import { SaldoError, type TokenAnswer } from "@saldo/schema";
import type { Session } from "../bridge/contract/session.ts";
import { databaseName, firstWorkspace, removeCopy, tokensOf, type CoreParts } from "./core-parts.ts";
import { watchMembership } from "./membership.ts";
import type { StoredSession } from "./session-store.ts";
import { observedSetAside, type Damage, type SetAsideEntry, type SetAsideStore } from "./set-aside.ts";

export type { CoreParts } from "./core-parts.ts";

/** The books that are open, and what keeps them in step with the server. */
export interface OpenBooks {
  readonly books: Books;
  readonly sync: SyncClient;
  /** Sends originals in the background; null where none are kept. */
  readonly uploader: FileUploader | null;
}

/** One device's core: who is signed in, their books, and sync. */
export interface Core {
  /** Opens the books of who was signed in last; needs no network. Books that cannot be opened are told by the session. */
  resume(): Promise<void>;
  /** Tries once more to open books that could not be; or sets them aside and opens new ones, which sync fills. Throws `SaldoError` when that fails, too. */
  openAgain(isAfresh: boolean): Promise<Session>;
  /** The files of the books that could not be opened, or of those that were set aside under an entry, and whose they are. */
  databaseFiles(setAsideId: string | null): { readonly companyName: string; readonly files: AsyncIterable<ZippedFile> };
  signUp(request: SignUpRequest): Promise<Session>;
  signIn(request: SignInRequest): Promise<Session>;
  /**
   * Ends the session and removes the books from this device. Throws `SaldoError` `sync.unsent_changes`, with their number, when there are more
   * unsent changes than the person has agreed to lose; then nothing has happened.
   */
  signOut(discardUnsent: number): Promise<void>;
  /** Writes the unsent changes of the open books as text; returns how many there are. */
  exportUnsent(write: (text: string) => Promise<void>): Promise<number>;
  /** Unsent changes of books this person lost. */
  readonly setAside: SetAsideStore;
  /** Calls back with what is set aside, at once and whenever that changes. */
  onSetAside(listener: (entries: readonly SetAsideEntry[]) => void): () => void;
  session(): Session;
  /** Who is signed in; undefined for nobody. */
  userId(): string | undefined;
  onSession(listener: (session: Session) => void): () => void;
  /** The bytes of a file a window handed over. */
  fileBytes(file: Blob): Promise<FileBytes>;
  /** The open books. Throws `SaldoError` `auth.required` when nobody is signed in. */
  opened(): OpenBooks;
  /** Calls back whenever other books are open than before, or none. */
  onOpened(listener: () => void): () => void;
  close(): Promise<void>;
}

/** What the entries of damaged databases begin with, before the copy's name and, behind a stroke, the place of its files. */
const damagedPrefix = "damaged-";

/** After a start this long only screens ask the database. */
const screenFirstMs = 2_000;

/** Makes a core; nothing is opened until {@link Core.resume} or a sign-in. */
export function createCore(parts: CoreParts): Core {
  const { environment, sessionStore } = parts;
  const server = { serverUrl: parts.serverUrl, fetch: parts.fetch };
  const sessionListeners = new Set<(session: Session) => void>();
  const openedListeners = new Set<() => void>();
  let stored: StoredSession | undefined;
  let current: (OpenBooks & { readonly membership: AbortController }) | undefined;
  let session: Session = { signedIn: false };
  let unopened: StoredSession | undefined;
  let openingAgain: Promise<Session> | undefined;
  /** Copies of which it was looked whether they are damaged. */
  const lookedAt = new Set<string>();
  const nowInstant = () => new Date(environment.nowMs()).toISOString();
  const setAside = observedSetAside(parts.setAside);

  const tell = (next: Session) => {
    session = next;
    for (const listener of sessionListeners) listener(next);
    for (const listener of openedListeners) listener();
  };

  const closeBooks = async () => {
    const closing = current;
    current = undefined;
    closing?.membership.abort();
    await closing?.uploader?.stop();
    await closing?.sync.stop();
    await closing?.books.database.close();
  };

  /**
   * Removes the open books from the device. An interruption anywhere leaves either all of them, or a mark by which a start finishes it: then it answers
   * false, and the mark must stay.
   */
  const wipe = async (who: StoredSession): Promise<boolean> => {
    await sessionStore.write({ ...who, leaving: true });
    await closeBooks();
    stored = undefined;
    try {
      await removeCopy(parts, databaseName(who));
      await sessionStore.clear();
      return true;
    } catch (error) {
      parts.log("error", "core.wipe_failed", { code: error instanceof SaldoError ? error.code : "unknown" });
      return false;
    }
  };

  /** The person is no member any more: their unsent work is set aside, the books go, and others of theirs are opened. */
  const leaveLost = async (who: StoredSession, answer: TokenAnswer) => {
    if (stored !== who || current === undefined) return;
    const { books, sync } = current;
    await sync.stop();
    const entry = { id: databaseName(who), userId: who.userId, companyName: who.workspace.name, at: nowInstant() };
    await setAside.store.keep(entry, (write) => exportUnsent(books.database, entry.at, write));
    const isGone = await wipe(who);
    parts.log("warn", "core.membership_lost", {});
    const [next] = answer.workspaces;
    if (next === undefined || !isGone) return tell({ signedIn: false });
    const { id, name, currency, locale } = next;
    const { userId, email, sessionToken } = who;
    const successor = { userId, email, sessionToken, workspace: { id, name, currency, locale } };
    await sessionStore.write(successor);
    await openOrTell(successor);
  };

  const openFor = async (who: StoredSession, isAfresh = false) => {
    const copy = databaseName(who);
    const told = async ({ unsentSaved, changesLost }: Damage, place: string) => {
      const entry = { id: `${damagedPrefix}${copy}/${place}`, userId: who.userId, companyName: who.workspace.name, at: nowInstant(), damage: { unsentSaved, changesLost } };
      await setAside.store.keep(entry, () => Promise.resolve(0));
    };
    const database = await parts.openDatabase(copy, told, isAfresh);
    try {
      await openBooksOf(who, database);
    } catch (error) {
      await database.close().catch(() => undefined);
      throw error;
    }
  };

  const openBooksOf = async (who: StoredSession, database: LocalDatabase) => {
    const copy = databaseName(who);
    const { name, currency, locale } = who.workspace;
    // The company's row is there at once, not only when sync has brought it.
    await ensureWorkspace(database, parts.environment.ids, { name, currency, locale, createdAt: nowInstant() });
    await bindWorkspace(database, { workspaceId: who.workspace.id, userId: who.userId, serverUrl: parts.serverUrl });
    const books = await openBooks(database, parts.environment, { currency, locale }, parts.openBlobs?.(copy));
    await undoUnfinishedImport(books);
    const { random, log } = parts;
    const clock = systemClock();
    const background = database.inBackground();
    const sync = createSyncClient({
      ...server,
      database: background,
      clock,
      random,
      ids: parts.environment.ids,
      log,
      tokenSource: tokensOf(parts, who),
      workspaceId: who.workspace.id,
    });
    stored = who;
    unopened = undefined;
    const membership = new AbortController();
    const { originals } = books;
    current = { books, sync, membership, uploader: originals === null ? null : startFileUploader({ database: background, originals, sync, clock, random, log }) };
    watchMembership({ sync, tokenSource: tokensOf(parts, who), clock, signal: membership.signal, userId: who.userId, workspaceId: who.workspace.id }, (answer) => leaveLost(who, answer));
    sync.start();
    tell({ signedIn: true, email: who.email, workspace: { id: who.workspace.id, name: who.workspace.name, currency } });
    if (database.endedUnclean && !lookedAt.has(copy)) void mendIfDamaged(who, current);
    lookedAt.add(copy);
  };

  /** The same, where a failure of the store is told by the session: what can be done about it is the person's choice. */
  const openOrTell = async (who: StoredSession) => {
    try {
      await openFor(who);
    } catch (error) {
      if (!(error instanceof SaldoError) || !error.code.startsWith("store.")) throw error;
      parts.log("error", "core.not_opened", { code: error.code });
      unopened = who;
      tell({ signedIn: false, unopened: { companyName: who.workspace.name, code: error.code } });
    }
  };

  /** A screen comes first; then the pages of a database that ended uncleanly are looked at, and a damaged one is opened anew, which mends it. */
  const mendIfDamaged = async (who: StoredSession, opened: OpenBooks & { readonly membership: AbortController }) => {
    const { signal } = opened.membership;
    const pause = async () => {
      await environment.pause();
      signal.throwIfAborted();
    };
    let isReopening = false;
    try {
      await systemClock().sleep(screenFirstMs, signal);
      signal.throwIfAborted();
      const isDamaged = await parts.findDamage?.(opened.books.database.inBackground(), pause);
      if (isDamaged !== true || current !== opened) return;
      isReopening = true;
      parts.log("warn", "core.reopened", { cause: "store.damaged" });
      await closeBooks();
      await openOrTell(who);
    } catch (error) {
      // Books that were closed meanwhile are looked at when they are opened again.
      if (isReopening || !signal.aborted) parts.log("error", "core.not_mended", { code: error instanceof SaldoError ? error.code : "unknown" });
    }
  };

  const enter = async (opening: ReturnType<typeof signIn>, open: (who: StoredSession) => Promise<void>): Promise<Session> => {
    const opened = await opening;
    const who = await firstWorkspace(parts, opened);
    await closeBooks();
    await sessionStore.write(who);
    await open(who);
    return session;
  };

  const core: Core = {
    async resume() {
      const who = await sessionStore.read();
      if (who === undefined) return;
      if (who.leaving !== true) return openOrTell(who);
      await removeCopy(parts, databaseName(who));
      await sessionStore.clear();
    },
    async openAgain(isAfresh) {
      const who = unopened;
      if (who === undefined) return session;
      openingAgain ??= openFor(who, isAfresh)
        .then(() => session)
        .finally(() => (openingAgain = undefined));
      return openingAgain;
    },
    databaseFiles(setAsideId) {
      const isAside = setAsideId?.startsWith(damagedPrefix) === true;
      const [asideName, aside] = isAside ? setAsideId.slice(damagedPrefix.length).split("/") : [];
      const name = isAside ? asideName : unopened && databaseName(unopened);
      const files = name === undefined ? undefined : parts.databaseFiles?.(name, isAside ? { aside } : "open");
      if (files === undefined) throw new SaldoError("store.cannot_open");
      return { companyName: (unopened ?? stored)?.workspace.name ?? "", files };
    },
    async signUp(request) {
      const entered = await enter(signUp(server, parts.sessionKind, request), openFor);
      const { books } = core.opened();
      const { locale } = await books.workspace();
      await books.record("category.addChart", { locale, createdAt: nowInstant() });
      return entered;
    },
    signIn: (request) => enter(signIn(server, parts.sessionKind, request), openOrTell),
    async signOut(discardUnsent) {
      const who = stored;
      if (who === undefined || current === undefined) return;
      const { sync, books } = current;
      const refuseLosing = async () => {
        const changes = await countUnsent(books.database);
        if (changes > discardUnsent) throw new SaldoError("sync.unsent_changes", { changes });
      };
      await refuseLosing();
      // What another screen recorded while sync was ending is counted too.
      await sync.stop();
      await refuseLosing().catch((error: unknown) => {
        sync.start();
        throw error;
      });
      await wipe(who);
      tell({ signedIn: false });
      // The device is signed out whether or not the server can be told now.
      await signOut(server, who.sessionToken).catch(() => undefined);
    },
    exportUnsent: (write) => exportUnsent(core.opened().books.database, nowInstant(), write),
    setAside: setAside.store,
    onSetAside: setAside.on,
    session: () => session,
    userId: () => stored?.userId,
    onSession(listener) {
      sessionListeners.add(listener);
      return () => void sessionListeners.delete(listener);
    },
    fileBytes: async (file) => parts.openFile?.(file) ?? new Uint8Array(await file.arrayBuffer()),
    opened() {
      if (current === undefined) throw new SaldoError("auth.required");
      return current;
    },
    onOpened(listener) {
      openedListeners.add(listener);
      return () => void openedListeners.delete(listener);
    },
    close: closeBooks,
  };
  return core;
}
