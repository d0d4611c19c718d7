import { signIn, signOut, signUp } from "@saldo/client-core/session";
import type { LocalDatabase } from "@saldo/client-core/store";
import { createSyncClient, sessionTokens, storeWorkspace, systemClock, type StoreWorkspace, type SyncStatus, type TokenSource } from "@saldo/client-core/sync";
import { errorEntry, isErrorCode, SaldoError, systemIds, type TokenAnswer } from "@saldo/schema";
import type { Progress } from "../progress.ts";
import { currencyDefault, hasBooks, readSession, removeSession, withBooks, writeSession, type SavedSession } from "../store-folder.ts";
import { printJson, readPassword, type Locale, type Terminal } from "../terminal.ts";
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
 * open session for this server and email. Nothing is made or changed in the store before the server, the person and the company are known
 * to be its own. Throws `SaldoError` `sync.*`, `auth.*`, `workspace.not_found`.
 */
export async function syncStore(terminal: Terminal, progress: Progress, options: SyncOptions): Promise<void> {
  const relay = relayOf(options);
  if (hasBooks(options.store)) {
    return withBooks(options.store, { create: false, mend: true, fresh: options.fresh }, async ({ database }) => {
      const known = await storeWorkspace(database);
      // A password must not go to a server these books do not belong to, and no account is made for nothing.
      const isBound = known !== undefined && known.serverUrl !== null;
      if (isBound && (known.serverUrl !== relay.serverUrl || options.signUpCompany !== undefined)) throw new SaldoError("sync.not_bound");
      const opened = await open(terminal, relay, isBound ? known : undefined, options);
      await run(terminal, progress, database, opened, options);
    });
  }
  const opened = await open(terminal, relay, undefined, options);
  await withBooks(options.store, { create: true, mend: true, fresh: options.fresh }, ({ database }) => run(terminal, progress, database, opened, options));
}

/** The server of a command; every request to it ends when the command is interrupted. */
interface RelayAddress {
  readonly serverUrl: string;
  readonly fetch: typeof fetch;
}

/** A session that was opened, and the company it is for. */
interface Opened {
  readonly relay: RelayAddress;
  readonly session: SavedSession;
  readonly tokenSource: TokenSource;
  readonly workspaceId: string;
}

function relayOf({ server, signal }: SyncOptions): RelayAddress {
  return { serverUrl: server.replace(/\/+$/, ""), fetch: (input, init) => fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, signal]) : signal }) };
}

async function open(terminal: Terminal, relay: RelayAddress, bound: StoreWorkspace | undefined, options: SyncOptions): Promise<Opened> {
  const session = await openSession(terminal, relay, options);
  const tokenSource = sessionTokens(relay.serverUrl, relay.fetch, { kind: "bearer", token: session.sessionToken });
  const answer = await tokenSource.token(options.signal);
  const workspaceId = chooseWorkspace(answer, bound, options);
  return { relay, session, tokenSource, workspaceId };
}

async function run(terminal: Terminal, progress: Progress, database: LocalDatabase, opened: Opened, options: SyncOptions): Promise<void> {
  const { relay, session, tokenSource, workspaceId } = opened;
  await writeSession(options.store, session);
  const client = createSyncClient({
    database,
    serverUrl: relay.serverUrl,
    fetch: relay.fetch,
    clock: systemClock(),
    random: options.random,
    ids: systemIds(),
    log: () => undefined,
    tokenSource,
    workspaceId,
  });
  const status = await client.syncOnce({
    signal: options.signal,
    onProgress: ({ pendingChanges, messagesReceived }) => progress.update(`Syncing: ${pendingChanges} to send, received`, messagesReceived, null),
  });
  progress.end();
  if (options.json) return printJson(terminal, status);
  terminal.stdout.write(`${status.state}, ${status.pendingChanges} changes waiting\n`);
  for (const problem of status.problems) terminal.stdout.write(`  ${problemText(problem, options.fresh.locale)}\n`);
}

function problemText({ code, mutation }: SyncStatus["problems"][number], locale: Locale): string {
  const words = isErrorCode(code) ? `: ${errorEntry(code).meaning[locale]}` : "";
  return `${code}${mutation === undefined ? "" : ` (${mutation})`}${words}`;
}

async function openSession(terminal: Terminal, relay: RelayAddress, options: SyncOptions): Promise<SavedSession> {
  const { email, store } = options;
  if (options.signUpCompany !== undefined) {
    const password = await readPassword(terminal, options.passwordStdin);
    const request = { email, password, companyName: options.signUpCompany, currency: options.fresh.currency ?? currencyDefault, locale: options.fresh.locale };
    return saved(relay.serverUrl, email, (await signUp(relay, "bearer", request)).sessionToken);
  }
  const known = await readSession(store);
  if (known && known.server === relay.serverUrl && known.email === email && !options.passwordStdin && (await isAlive(relay, known.sessionToken, options.signal))) return known;
  const password = await readPassword(terminal, options.passwordStdin).catch((error: unknown) => {
    // There was a session, and it is over: that is what the person has to know.
    throw known && error instanceof SaldoError && error.code === "cli.password_missing" ? new SaldoError("auth.required", { password: "SALDO_PASSWORD, --password-stdin" }) : error;
  });
  return saved(relay.serverUrl, email, (await signIn(relay, "bearer", { email, password })).sessionToken);
}

function saved(server: string, email: string, sessionToken: string | null): SavedSession {
  if (sessionToken === null) throw new SaldoError("sync.unexpected_answer", { what: "session" });
  return { server, email, sessionToken };
}

async function isAlive(relay: RelayAddress, token: string, signal: AbortSignal): Promise<boolean> {
  try {
    await sessionTokens(relay.serverUrl, relay.fetch, { kind: "bearer", token }).token(signal);
    return true;
  } catch (error) {
    if (error instanceof SaldoError && error.code === "auth.required") return false;
    throw error;
  }
}

/** The company to sync. Throws `sync.not_bound` for somebody else's books, `workspace.not_found`, `cli.several_workspaces`. */
function chooseWorkspace({ user, workspaces }: TokenAnswer, bound: StoreWorkspace | undefined, options: SyncOptions): string {
  if (bound && bound.userId !== user.id) throw new SaldoError("sync.not_bound");
  const wanted = options.workspace;
  if (wanted !== undefined) {
    const named = workspaces.find(({ id, name }) => id === wanted || name === wanted);
    if (!named) throw new SaldoError("workspace.not_found");
    if (bound && bound.workspaceId !== named.id) throw new SaldoError("sync.not_bound");
    return named.id;
  }
  if (bound) return bound.workspaceId;
  const [only, ...others] = workspaces;
  if (!only) throw new SaldoError("workspace.not_found");
  if (others.length > 0) throw new SaldoError("cli.several_workspaces", { workspaces: workspaces.length });
  return only.id;
}
