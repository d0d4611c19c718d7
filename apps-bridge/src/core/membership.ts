import type { Clock, SyncClient, SyncStatus, TokenSource } from "@saldo/client-core/sync";
import { SaldoError, type TokenAnswer } from "@saldo/schema";

/** How long to wait before asking again who is a member: the server was away, or is of two minds. */
const askAgainMs = 15_000;

/** What watching needs. */
export interface MembershipParts {
  readonly sync: Pick<SyncClient, "onStatus" | "status" | "start">;
  readonly tokenSource: TokenSource;
  readonly clock: Pick<Clock, "sleep">;
  readonly signal: AbortSignal;
  readonly userId: string;
  readonly workspaceId: string;
}

/**
 * Waits until sync is refused because the person is no member, and then asks the server once more, with the session itself: only its list of
 * their companies without this one is final, and `lost` is called with that answer, once.
 */
export function watchMembership(parts: MembershipParts, lost: (answer: TokenAnswer) => Promise<void>): void {
  const { sync, signal } = parts;
  let asking = false;
  const look = (status: SyncStatus): void => {
    if (asking || !isRefused(status)) return;
    asking = true;
    void settle(parts, lost).finally(() => (asking = false));
  };
  const unsubscribe = sync.onStatus(look);
  signal.addEventListener("abort", unsubscribe, { once: true });
}

function isRefused({ state, problems }: SyncStatus): boolean {
  return state === "needs_attention" && problems.some(({ code, rejectionId }) => code === "workspace.not_found" && rejectionId === undefined);
}

async function settle({ sync, tokenSource, clock, signal, userId, workspaceId }: MembershipParts, lost: (answer: TokenAnswer) => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    const answer = await tokenSource.token(signal).catch((error: unknown) => error);
    if (signal.aborted) return;
    if (isOver(answer)) return sync.start();
    if (isAnswer(answer)) {
      if (answer.user.id === userId && !answer.workspaces.some(({ id }) => id === workspaceId)) return lost(answer);
      await clock.sleep(askAgainMs, signal);
      if (!signal.aborted) sync.start();
      return;
    }
    await clock.sleep(askAgainMs, signal);
  }
}

/** The session itself is over: that is another matter, which sync tells. */
function isOver(answer: unknown): boolean {
  return answer instanceof SaldoError && answer.code === "auth.required";
}

function isAnswer(answer: unknown): answer is TokenAnswer {
  return typeof answer === "object" && answer !== null && "workspaces" in answer;
}
