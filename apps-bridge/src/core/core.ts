import { openBooks, undoUnfinishedImport, type Books, type BooksEnvironment } from "@saldo/client-core/books";
import { startFileUploader, type BlobStore, type FileUploader } from "@saldo/client-core/files";
import { signIn, signOut, signUp, type SessionKind, type SignInRequest, type SignUpRequest } from "@saldo/client-core/session";
import type { LocalDatabase } from "@saldo/client-core/store";
import { bindWorkspace, createSyncClient, ensureWorkspace, sessionTokens, systemClock, type SyncClient, type SyncLog, type TokenSource } from "@saldo/client-core/sync";
import { SaldoError, type TokenAnswer } from "@saldo/schema";
import type { Session } from "../bridge/contract/session.ts";
import type { SessionStore, StoredSession } from "./session-store.ts";

/** What a core is made of; each app wires its own. */
export interface CoreParts {
  readonly serverUrl: string;
  readonly fetch: typeof fetch;
  readonly sessionKind: SessionKind;
  readonly sessionStore: SessionStore;
  readonly environment: BooksEnvironment;
  readonly random: () => number;
  readonly log: SyncLog;
  /** Opens (or makes) the migrated database of one person's copy of one workspace. */
  openDatabase(name: string): Promise<LocalDatabase>;
  /** Where originals of imports of the same copy are kept; absent in an app that keeps none. */
  openBlobs?(name: string): BlobStore;
}

/** The books that are open, and what keeps them in step with the server. */
export interface OpenBooks {
  readonly books: Books;
  readonly sync: SyncClient;
  /** Sends originals in the background; null where none are kept. */
  readonly uploader: FileUploader | null;
}

/** One device's core: who is signed in, their books, and sync. */
export interface Core {
  /** Opens the books of who was signed in last; needs no network. */
  resume(): Promise<void>;
  signUp(request: SignUpRequest): Promise<Session>;
  signIn(request: SignInRequest): Promise<Session>;
  /** Ends the session; what is not sent yet stays on this device. */
  signOut(): Promise<void>;
  session(): Session;
  onSession(listener: (session: Session) => void): () => void;
  /** The open books. Throws `SaldoError` `auth.required` when nobody is signed in. */
  opened(): OpenBooks;
  /** Calls back whenever other books are open than before, or none. */
  onOpened(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Makes a core; nothing is opened until {@link Core.resume} or a sign-in. */
export function createCore(parts: CoreParts): Core {
  const server = { serverUrl: parts.serverUrl, fetch: parts.fetch };
  const sessionListeners = new Set<(session: Session) => void>();
  const openedListeners = new Set<() => void>();
  let stored: StoredSession | undefined;
  let current: OpenBooks | undefined;
  let session: Session = { signedIn: false };

  const tell = (next: Session) => {
    session = next;
    for (const listener of sessionListeners) listener(next);
    for (const listener of openedListeners) listener();
  };

  const closeBooks = async () => {
    const closing = current;
    current = undefined;
    await closing?.uploader?.stop();
    await closing?.sync.stop();
    await closing?.books.database.close();
  };

  const openFor = async (who: StoredSession) => {
    const copy = `${who.userId}-${who.workspace.id}`;
    const database = await parts.openDatabase(copy);
    const { name, currency, locale } = who.workspace;
    // The company's row is there at once, not only when sync has brought it.
    await ensureWorkspace(database, parts.environment.ids, { name, currency, locale, createdAt: new Date(parts.environment.nowMs()).toISOString() });
    await bindWorkspace(database, { workspaceId: who.workspace.id, userId: who.userId, serverUrl: parts.serverUrl });
    const books = await openBooks(database, parts.environment, { currency, locale }, parts.openBlobs?.(copy));
    await undoUnfinishedImport(books);
    const { random, log } = parts;
    const clock = systemClock();
    const sync = createSyncClient({
      ...server,
      database,
      clock,
      random,
      ids: parts.environment.ids,
      log,
      tokenSource: tokensOf(parts, who),
      workspaceId: who.workspace.id,
    });
    stored = who;
    const { originals } = books;
    current = { books, sync, uploader: originals === null ? null : startFileUploader({ database, originals, sync, clock, random, log }) };
    sync.start();
    tell({ signedIn: true, email: who.email, workspace: { id: who.workspace.id, name: who.workspace.name, currency } });
  };

  const enter = async (opening: ReturnType<typeof signIn>): Promise<Session> => {
    const opened = await opening;
    const who = await firstWorkspace(parts, opened);
    await closeBooks();
    await parts.sessionStore.write(who);
    await openFor(who);
    return session;
  };

  return {
    async resume() {
      const who = await parts.sessionStore.read();
      if (who !== undefined) await openFor(who);
    },
    signUp: (request) => enter(signUp(server, parts.sessionKind, request)),
    signIn: (request) => enter(signIn(server, parts.sessionKind, request)),
    async signOut() {
      const leaving = stored;
      stored = undefined;
      await closeBooks();
      await parts.sessionStore.clear();
      tell({ signedIn: false });
      // The device is signed out whether or not the server can be told now.
      await signOut(server, leaving?.sessionToken ?? null).catch(() => undefined);
    },
    session: () => session,
    onSession(listener) {
      sessionListeners.add(listener);
      return () => void sessionListeners.delete(listener);
    },
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
}

function tokensOf(parts: CoreParts, who: Pick<StoredSession, "sessionToken">): TokenSource {
  return sessionTokens(parts.serverUrl, parts.fetch, who.sessionToken === null ? { kind: "cookie" } : { kind: "bearer", token: who.sessionToken });
}

async function firstWorkspace(parts: CoreParts, opened: { readonly userId: string; readonly email: string; readonly sessionToken: string | null }): Promise<StoredSession> {
  const answer: TokenAnswer = await tokensOf(parts, opened).token(new AbortController().signal);
  const [workspace] = answer.workspaces;
  if (workspace === undefined) throw new SaldoError("workspace.not_found");
  const { id, name, currency, locale } = workspace;
  return { ...opened, workspace: { id, name, currency, locale } };
}
