import type { DeskAnswer, ModelDesk } from "./desk.ts";
import type { AiAccount } from "./ledger/ai-ledger.ts";
import { createProgress } from "./progress.ts";
import type { ModelQuestion, ProviderName } from "./providers/provider.ts";

/** What asking models works with. */
export interface AiWork {
  /** Null without any key. */
  readonly desk: ModelDesk | null;
  readonly account: AiAccount;
  /** Aborts when nobody waits any more; what is there by then is the result. */
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  /** Told how far the work is, in thousandths of its own; at most once a second. What it throws ends the work. */
  progress(permille: number): Promise<void>;
}

/** An answer that came. */
export type Answered<Answer> = Extract<DeskAnswer<Answer>, { readonly ok: true }>;
/** Thousandths of the whole work that one question takes, from and to. */
export type Span = readonly [number, number];

/** The answer of the first provider that gives one; undefined when none does, or the budget is spent. */
export async function askInTurn<Answer>(desk: ModelDesk, question: ModelQuestion<Answer>, work: AiWork, span: Span): Promise<Answered<Answer> | undefined> {
  for (const name of desk.providers) {
    const answer = await askOne(desk, name, question, work, span);
    if (answer.ok) return answer;
    if (answer.failure === "budget_spent" || work.signal.aborted) return undefined;
  }
  return undefined;
}

/** The answer of another provider than the one that answered first; undefined when there is none, or it does not answer. */
export async function askOther<Answer>(desk: ModelDesk, first: ProviderName, question: ModelQuestion<Answer>, work: AiWork, span: Span): Promise<Answered<Answer> | undefined> {
  const other = desk.providers.find((name) => name !== first);
  if (other === undefined || work.signal.aborted) return undefined;
  const answer = await askOne(desk, other, question, work, span);
  return answer.ok ? answer : undefined;
}

async function askOne<Answer>(desk: ModelDesk, name: ProviderName, question: ModelQuestion<Answer>, work: AiWork, span: Span): Promise<DeskAnswer<Answer>> {
  const progress = createProgress(work, span);
  const answer = await desk.ask(name, question, work.account, { signal: work.signal, onText: progress.text });
  await progress.done();
  return answer;
}
