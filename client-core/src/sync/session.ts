import { SaldoError, type TokenAnswer } from "@saldo/schema";
import { startDownload, type Download, type DownloadEvents } from "./download.ts";
import { register, renewIdentity } from "./identity.ts";
import type { SyncPorts } from "./ports.ts";
import type { Relay } from "./relay.ts";
import type { Tokens } from "./tokens.ts";
import type { Settled } from "./outbox.ts";
import { startUploader, type Uploader } from "./upload.ts";
import { bindWorkspace, storeWorkspace } from "./workspace.ts";

/** A connected session: upload and download of one client id. */
export interface Session {
  readonly uploader: Uploader;
  readonly download: Download;
}

/** How a session runs. */
export interface SessionOptions {
  readonly ports: SyncPorts;
  readonly relay: Relay;
  readonly tokens: Tokens;
  /** The workspace a store that is not bound yet is bound to; undefined for the person's first. */
  readonly workspaceId: string | undefined;
  readonly signal: AbortSignal;
  readonly events: DownloadEvents & {
    opened(session: Session): void;
    uploaded(): void;
    uploadFailed(failure: SaldoError): void;
  };
}

/**
 * Runs one session to its end: sign-in, binding, registration, then upload and download side by side. Resolves when the signal aborts or
 * the store has taken a new client id; rejects with what ended it.
 */
export async function runSession({ ports, relay, tokens, workspaceId: wanted, signal, events }: SessionOptions): Promise<void> {
  const answer = await tokens.current(signal);
  const workspaceId = await settleWorkspace(ports, answer, wanted);
  const identity = await register(ports, relay, workspaceId, signal);
  const ending = new AbortController();
  const inner = AbortSignal.any([signal, ending.signal]);
  try {
    const ids = { workspaceId, userId: answer.user.id, clientId: identity.clientId, generation: identity.generation };
    let download: Download | undefined;
    const answered = () => {
      download?.answered();
      events.uploaded();
    };
    const uploader = startUploader({ ports, relay, identity, workspaceId, signal: inner, onAnswer: answered, onFailure: events.uploadFailed });
    // Until the download is awaited beside it, its failure must not count as unhandled.
    uploader.done.catch(() => undefined);
    download = await startDownload({ ports, relay, ids, upload: uploader, signal: inner, events });
    events.opened({ uploader, download });
    const ended = await firstEnd(uploader, download, ending);
    if (ended !== "stopped") {
      ports.log("warn", "sync.identity_reused", { sentThrough: uploader.sentThrough(), serverWentBack: ended.serverWentBack });
      await renewIdentity(ports, ended);
    }
  } finally {
    ending.abort();
  }
}

/** What ends first ends both; a checkpoint still being applied speaks of this client id's numbers and cursors, so nothing goes on before it is through. */
async function firstEnd(uploader: Uploader, download: Download, ending: AbortController): Promise<Settled | "stopped"> {
  try {
    return await Promise.race([uploader.done, download.done.then(() => "stopped" as const)]);
  } finally {
    ending.abort();
    await download.atRest();
  }
}

/** Throws `SaldoError`: `workspace.not_found` when the person is not a member (any more), `sync.not_bound` for somebody else's store. */
async function settleWorkspace(ports: SyncPorts, { user, workspaces }: TokenAnswer, wanted: string | undefined): Promise<string> {
  const known = await storeWorkspace(ports.database);
  const workspaceId = known && known.serverUrl !== null ? known.workspaceId : (wanted ?? workspaces[0]?.id);
  if (workspaceId === undefined || !workspaces.some((workspace) => workspace.id === workspaceId)) throw new SaldoError("workspace.not_found");
  await bindWorkspace(ports.database, { workspaceId, userId: user.id, serverUrl: ports.serverUrl });
  return workspaceId;
}
