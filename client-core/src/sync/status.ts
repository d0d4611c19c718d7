import type { ErrorCode } from "@saldo/schema";

/**
 * Where the connection to the server stands:
 *
 *                 start            connected
 *     stopped ───────────► connecting ───────► running
 *        ▲                  ▲    │ lost         │ lost
 *        │ stop       retry │    ▼              │
 *     (any state)          waiting ◄────────────┘
 *
 *     connecting, running ── session_over ──► signed_out ── start ──► connecting
 *     connecting, running ── refused ───────► refused ───── start ──► connecting
 */
export type ConnectionState = "stopped" | "connecting" | "running" | "waiting" | "signed_out" | "refused";

/** What happens to the connection. */
export type ConnectionEvent = "start" | "connected" | "lost" | "retry" | "session_over" | "refused" | "stop";

/** Every state and event. */
export const transitions: Readonly<Record<ConnectionState, Readonly<Record<ConnectionEvent, ConnectionState>>>> = {
  stopped: { start: "connecting", connected: "stopped", lost: "stopped", retry: "stopped", session_over: "stopped", refused: "stopped", stop: "stopped" },
  connecting: { start: "connecting", connected: "running", lost: "waiting", retry: "connecting", session_over: "signed_out", refused: "refused", stop: "stopped" },
  running: { start: "running", connected: "running", lost: "waiting", retry: "running", session_over: "signed_out", refused: "refused", stop: "stopped" },
  waiting: { start: "waiting", connected: "running", lost: "waiting", retry: "connecting", session_over: "signed_out", refused: "refused", stop: "stopped" },
  signed_out: { start: "connecting", connected: "signed_out", lost: "signed_out", retry: "signed_out", session_over: "signed_out", refused: "signed_out", stop: "stopped" },
  refused: { start: "connecting", connected: "refused", lost: "refused", retry: "refused", session_over: "refused", refused: "refused", stop: "stopped" },
};

/** Something a person should know or decide. */
export interface SyncProblem {
  readonly code: ErrorCode;
  /** Set when it is a refused change: its row of `rejection`. */
  readonly rejectionId?: string;
  /** Name of the refused mutation. */
  readonly mutation?: string;
}

/** How sync stands, as a person sees it. */
export interface SyncStatus {
  readonly state: "saved" | "syncing" | "offline" | "needs_attention" | "update_required" | "signed_out";
  /** Mutations recorded here that the server has not confirmed. */
  readonly pendingChanges: number;
  /** Instant by this device's clock, ISO; null before the first checkpoint. */
  readonly lastSyncedAt: string | null;
  readonly problems: readonly SyncProblem[];
}

/** What a status is made of. */
export interface StatusFacts {
  readonly connection: ConnectionState;
  readonly pendingChanges: number;
  readonly isCaughtUp: boolean;
  readonly lastSyncedAt: string | null;
  readonly problems: readonly SyncProblem[];
}

/** The status of the facts. What waits for a person shows before what mends itself. */
export function statusOf(facts: StatusFacts): SyncStatus {
  const { pendingChanges, lastSyncedAt, problems } = facts;
  return { state: stateOf(facts), pendingChanges, lastSyncedAt, problems };
}

function stateOf({ connection, pendingChanges, isCaughtUp, problems }: StatusFacts): SyncStatus["state"] {
  switch (connection) {
    case "signed_out":
      return "signed_out";
    case "refused":
      return problems.some(({ code }) => code === "relay.update_required") ? "update_required" : "needs_attention";
    case "stopped":
    case "waiting":
      return "offline";
    case "connecting":
      return "syncing";
    case "running":
      if (problems.length > 0) return "needs_attention";
      return pendingChanges > 0 || !isCaughtUp ? "syncing" : "saved";
  }
}
