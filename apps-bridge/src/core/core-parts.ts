import type { BooksEnvironment } from "@saldo/client-core/books";
import type { ZippedFile } from "@saldo/client-core/export";
import type { BlobStore } from "@saldo/client-core/files";
import type { FileBytes } from "@saldo/client-core/import";
import type { SessionKind } from "@saldo/client-core/session";
import type { LocalDatabase } from "@saldo/client-core/store";
import { sessionTokens, type SyncLog, type TokenSource } from "@saldo/client-core/sync";
import { SaldoError, type TokenAnswer } from "@saldo/schema";
import type { SessionStore, StoredSession } from "./session-store.ts";
import type { Damage, SetAsideStore } from "./set-aside.ts";

/** What a core is made of; each app wires its own. */
export interface CoreParts {
  readonly serverUrl: string;
  readonly fetch: typeof fetch;
  readonly sessionKind: SessionKind;
  readonly sessionStore: SessionStore;
  readonly environment: BooksEnvironment;
  readonly random: () => number;
  readonly log: SyncLog;
  readonly setAside: SetAsideStore;
  /**
   * Opens (or makes) the migrated database of one person's copy of one workspace; `damaged` before a new one takes over from a damaged one, with the place of its files, or, when it is
   * wanted afresh, of one that cannot be opened.
   */
  openDatabase(name: string, damaged: (told: Damage, place: string) => Promise<void>, isAfresh: boolean): Promise<LocalDatabase>;
  /**
   * Looks, while a database is used that ended uncleanly, whether it is damaged: then opening it once more mends it. `pause` comes between two looks. Absent
   * where opening it has looked already.
   */
  findDamage?(database: LocalDatabase, pause: () => Promise<void>): Promise<boolean>;
  /** The files of a closed database, or of a damaged one that was set aside, the newest where no place is told; absent in an app whose files anybody can find. */
  databaseFiles?(name: string, which: "open" | { readonly aside: string | undefined }): AsyncIterable<ZippedFile>;
  /** Removes a closed database from the device, whole. Idempotent; what it has begun it finishes, if need be at the next start. */
  removeDatabase(name: string): Promise<void>;
  /** The bytes of a file a window handed over, fetched slice by slice; absent where a file is held while it is read. */
  openFile?(file: Blob): FileBytes;
  /** Where originals of imports of the same copy are kept; absent in an app that keeps none. */
  openBlobs?(name: string): BlobStore;
}

/** What one person's copy of one workspace is called on a device. */
export function databaseName({ userId, workspace }: Pick<StoredSession, "userId" | "workspace">): string {
  return `${userId}-${workspace.id}`;
}

/** The access tokens of who is signed in. */
export function tokensOf(parts: CoreParts, who: Pick<StoredSession, "sessionToken">): TokenSource {
  return sessionTokens(parts.serverUrl, parts.fetch, who.sessionToken === null ? { kind: "cookie" } : { kind: "bearer", token: who.sessionToken });
}

/** The session of who has just signed in, in the first of their workspaces. Throws `SaldoError` `workspace.not_found` when they have none. */
export async function firstWorkspace(parts: CoreParts, opened: { readonly userId: string; readonly email: string; readonly sessionToken: string | null }): Promise<StoredSession> {
  const answer: TokenAnswer = await tokensOf(parts, opened).token(new AbortController().signal);
  const [workspace] = answer.workspaces;
  if (workspace === undefined) throw new SaldoError("workspace.not_found");
  const { id, name, currency, locale } = workspace;
  return { ...opened, workspace: { id, name, currency, locale } };
}

/** Removes one copy of books from the device: its database, and the originals kept beside it. Idempotent. */
export async function removeCopy(parts: CoreParts, name: string): Promise<void> {
  await parts.removeDatabase(name);
  const originals = parts.openBlobs?.(name);
  for (const { id } of (await originals?.list()) ?? []) await originals?.remove(id);
}
