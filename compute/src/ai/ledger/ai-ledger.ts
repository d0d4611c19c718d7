import type { JsonValue } from "@saldo/schema";
import type { AiPurpose, ProviderName, TokenUsage } from "../providers/provider.ts";

/** For whom and what a request is made. */
export interface AiAccount {
  readonly workspaceId: string;
  /** Null outside of jobs. */
  readonly jobId: string | null;
}

/** A request about to leave, at the most it can cost. */
export interface AiReservation extends AiAccount {
  readonly provider: ProviderName;
  readonly model: string;
  readonly purpose: AiPurpose;
  readonly costMicrosMax: number;
}

/** What became of a request. */
export interface AiSettlement {
  /** `ok` or why there was no answer. */
  readonly outcome: string;
  readonly usage: TokenUsage;
  readonly costMicros: number;
}

/** What requests cost, and answers that were paid for. */
export interface AiLedger {
  /**
   * Books the highest possible cost of a request against this month's budget of its workspace. Undefined, and nothing booked, when the
   * budget does not allow it; requests of several workers at once cannot pass it together. What is never settled stays booked.
   */
  reserve(request: AiReservation): Promise<string | undefined>;
  /** Replaces what was booked by what it was. */
  settle(id: string, settlement: AiSettlement): Promise<void>;
  /** An answer of the last month to the same question of the same workspace. */
  answer(workspaceId: string, questionSha256: string): Promise<JsonValue | undefined>;
  /** Keeps an answer; forgets old ones of the workspace. */
  keep(workspaceId: string, questionSha256: string, answer: JsonValue): Promise<void>;
}
