import { signIn, signOut, signUp } from "@saldo/client-core/session";
import { createSyncClient, sessionTokens, storeWorkspace, systemClock, type TokenSource } from "@saldo/client-core/sync";
import { systemIds, SaldoError } from "@saldo/schema";
import type { Progress } from "../progress.ts";
import { readSession, removeSession, withBooks, writeSession, type SavedSession } from "../store-folder.ts";
import { printJson, readPassword, type Terminal } from "../terminal.ts";
import type { StoreOptions } from "./books-commands.ts";

/** Where and as whom to sync. */
export interface SyncOptions extends StoreOptions {
  readonly server: string;
  readonly email: string;
  readonly passwordStdin: boolean;
  /** Makes the account first, with a company of this name. */
  readonly signUpCompany?: string;
  readonly workspace?: string;
  readonly signal: AbortSignal;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** Ends the sign-in of a store, here and on the server; the books stay. */
export async function signOutStore(store: string): Promise<void> {
  const known = await readSession(store);
  await removeSession(store);
  if (known) await signOut({ serverUrl: known.server, fetch }, known.sessionToken);
}

/**
 * Sends what is pending, receives up to a checkpoint that includes it, and stops. The password is asked for only when the store has no
 * open session for this server and email. Throws `SaldoError` `sync.*`, `auth.*`, `workspace.not_found`.
 */
export async function syncStore(terminal: Terminal, progress: Progress, options: SyncOptions): Promise<void> {
  const serverUrl = options.server.replace(/\/+$/, "");
  const session = await openSession(terminal, serverUrl, options);
  await withBooks(options.store, { create: true, fresh: options.fresh }, async ({ database }) => {
    await writeSession(options.store, session);
    const tokenSource = sessionTokens(serverUrl, fetch, { kind: "bearer", token: session.sessionToken });
    const workspaceId = await chooseWorkspace(tokenSource, (await storeWorkspace(database))?.serverUrl != null, options);
    const client = createSyncClient({
      database,
      serverUrl,
      fetch,
      clock: systemClock(),
      random: options.random,
      ids: systemIds(),
      log: () => undefined,
      tokenSource,
      ...(workspaceId === undefined ? {} : { workspaceId }),
    });
    const status = await client.syncOnce({
      signal: options.signal,
      onProgress: ({ pendingChanges, messagesReceived }) => progress.update(`Syncing: ${pendingChanges} to send, received`, messagesReceived, null),
    });
    progress.end();
    if (options.json) return printJson(terminal, status);
    terminal.stdout.write(`${status.state}, ${status.pendingChanges} changes waiting\n`);
    for (const problem of status.problems) terminal.stdout.write(`  ${problem.code}${problem.mutation === undefined ? "" : ` (${problem.mutation})`}\n`);
  });
}

async function openSession(terminal: Terminal, serverUrl: string, options: SyncOptions): Promise<SavedSession> {
  const { email, store } = options;
  const server = { serverUrl, fetch };
  if (options.signUpCompany !== undefined) {
    const password = await readPassword(terminal, options.passwordStdin);
    const request = { email, password, companyName: options.signUpCompany, currency: options.fresh.currency, locale: options.fresh.locale };
    return saved(serverUrl, email, (await signUp(server, "bearer", request)).sessionToken);
  }
  const known = await readSession(store);
  if (known && known.server === serverUrl && known.email === email && !options.passwordStdin) {
    const alive = await isAlive(serverUrl, known.sessionToken);
    if (alive) return known;
  }
  const password = await readPassword(terminal, options.passwordStdin);
  return saved(serverUrl, email, (await signIn(server, "bearer", { email, password })).sessionToken);
}

function saved(server: string, email: string, sessionToken: string | null): SavedSession {
  if (sessionToken === null) throw new SaldoError("sync.unexpected_answer", { what: "session" });
  return { server, email, sessionToken };
}

async function isAlive(serverUrl: string, token: string): Promise<boolean> {
  try {
    await sessionTokens(serverUrl, fetch, { kind: "bearer", token }).token(new AbortController().signal);
    return true;
  } catch (error) {
    if (error instanceof SaldoError && error.code === "auth.required") return false;
    throw error;
  }
}

async function chooseWorkspace(tokenSource: TokenSource, isBound: boolean, options: SyncOptions): Promise<string | undefined> {
  if (isBound && options.workspace === undefined) return undefined;
  const { workspaces } = await tokenSource.token(options.signal);
  if (options.workspace !== undefined) {
    const named = workspaces.find(({ id, name }) => id === options.workspace || name === options.workspace);
    if (!named) throw new SaldoError("workspace.not_found");
    return named.id;
  }
  if (workspaces.length > 1) throw new SaldoError("cli.several_workspaces", { workspaces: workspaces.length });
  return workspaces[0]?.id;
}
