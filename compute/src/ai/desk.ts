import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonValue } from "@saldo/schema";
import type { Logger } from "pino";
import { z } from "zod";
import type { AiAccount, AiLedger } from "./ledger/ai-ledger.ts";
import { createBreaker, type CircuitBreaker } from "./providers/breaker.ts";
import { costMicros, tokensMax, type ModelPrice } from "./providers/prices.ts";
import { isOfProvider, isPassing, type ModelProvider, type ModelQuestion, type ProviderAnswer, type ProviderFailure, type ProviderName } from "./providers/provider.ts";

/** Requests for one question to one provider, the first among them. */
const triesMax = 2;
/** Longest pause before the second; a random part of it is taken. */
const pauseMsMax = 1_000;
/** Tokens a provider adds around what we send. */
const framingTokens = 1_000;

/** One provider with the price of its model. */
export interface PricedProvider {
  readonly provider: ModelProvider;
  readonly price: ModelPrice;
}

/** What a desk works with. */
export interface DeskParts {
  /** Those that have a key, in the order in which they propose. */
  readonly providers: readonly PricedProvider[];
  readonly ledger: AiLedger;
  /** Longest wait for one request. */
  readonly requestMsMax: number;
  readonly nowMs: () => number;
  /** Numbers in [0, 1), for pauses. */
  readonly random: () => number;
  readonly log: Logger;
}

/** Why a desk has no answer: what the provider did, or that it was not asked at all. */
export type DeskFailure = ProviderFailure | "budget_spent" | "breaker_open";

/** What came of a question. */
export type DeskAnswer<Answer> =
  | { readonly ok: true; readonly answer: Answer; readonly provider: ProviderName; readonly fromCache: boolean }
  | { readonly ok: false; readonly failure: DeskFailure };

/** What asking is given beside its question. An aborted `signal` ends as `timed_out`. */
export interface DeskOptions {
  readonly signal: AbortSignal;
  /** Hears how many characters of an answer have come. */
  readonly onText?: (characters: number) => void;
}

/** Where questions to models go: answers given before, budget, breakers, one retry, timeouts. It throws only for a fault of the database. */
export interface ModelDesk {
  /** Names of the providers with a key, in the order in which they are asked. */
  readonly providers: readonly ProviderName[];
  ask<Answer>(name: ProviderName, question: ModelQuestion<Answer>, account: AiAccount, options: DeskOptions): Promise<DeskAnswer<Answer>>;
}

/** Opens a desk. Its breakers live as long as it does: keep one for each process. */
export function createDesk(parts: DeskParts): ModelDesk {
  const slots = new Map(parts.providers.map((priced) => [priced.provider.name, { ...priced, breaker: createBreaker(parts.nowMs) }]));
  return {
    providers: parts.providers.map(({ provider }) => provider.name),
    ask: async (name, question, account, options) => {
      const slot = slots.get(name);
      if (slot === undefined) return { ok: false, failure: "breaker_open" };
      const sha256 = hashOf(slot.provider, question);
      const known = question.schema.safeParse(await parts.ledger.answer(account.workspaceId, sha256));
      if (known.success) return { ok: true, answer: known.data, provider: name, fromCache: true };
      const found = await askProvider(parts, slot, question, account, options);
      if (!found.ok) return found;
      await parts.ledger.keep(account.workspaceId, sha256, found.json);
      return { ok: true, answer: found.answer, provider: name, fromCache: false };
    },
  };
}

interface Slot extends PricedProvider {
  readonly breaker: CircuitBreaker;
}

type Found<Answer> = { readonly ok: true; readonly answer: Answer; readonly json: JsonValue } | { readonly ok: false; readonly failure: DeskFailure };

async function askProvider<Answer>(parts: DeskParts, slot: Slot, question: ModelQuestion<Answer>, account: AiAccount, options: DeskOptions): Promise<Found<Answer>> {
  for (let tried = 1; ; tried++) {
    if (!slot.breaker.mayTry()) return { ok: false, failure: "breaker_open" };
    const read = await askOnce(parts, slot, question, account, options);
    tellBreaker(slot.breaker, read, options.signal);
    if (read.ok || read.failure === "budget_spent" || read.failure === "breaker_open" || !isPassing(read.failure) || tried === triesMax || options.signal.aborted) return read;
    await sleep(parts.random() * pauseMsMax, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

/** One request with its cost: booked before it leaves, settled when it is over. */
async function askOnce<Answer>(parts: DeskParts, { provider, price }: Slot, question: ModelQuestion<Answer>, account: AiAccount, { signal, onText = () => undefined }: DeskOptions): Promise<Found<Answer>> {
  const { ledger, log, nowMs } = parts;
  const sent = { inputTokens: tokensMax(question.instructions) + tokensMax(question.data) + framingTokens, outputTokens: question.outputTokensMax };
  const about = { provider: provider.name, model: provider.model, purpose: question.purpose };
  const booking = await ledger.reserve({ ...account, ...about, costMicrosMax: costMicros(sent, price) });
  if (booking === undefined) {
    log.info({ ...account, ...about }, "the AI budget of this month is spent");
    return { ok: false, failure: "budget_spent" };
  }
  const startedMs = nowMs();
  const answer = await provider.ask(question, { signal: AbortSignal.any([signal, AbortSignal.timeout(parts.requestMsMax)]), onText });
  const usage = answer.usage ?? usageWithoutWord(answer, sent);
  const cost = costMicros(usage, price);
  const read = readAnswer(question, answer);
  const outcome = read.ok ? "ok" : read.failure;
  await ledger.settle(booking, { outcome, usage, costMicros: cost });
  log.info({ ...account, ...about, outcome, ...usage, costMicros: cost, ms: nowMs() - startedMs }, "AI request");
  return read;
}

/** What to book when the provider did not say: nothing when it turned the request away, everything when it may have worked on it. */
function usageWithoutWord(answer: ProviderAnswer, sent: { readonly inputTokens: number; readonly outputTokens: number }) {
  const isWorkedOn = answer.ok || answer.failure === "timed_out" || answer.failure === "malformed";
  return isWorkedOn ? sent : { inputTokens: 0, outputTokens: 0 };
}

function readAnswer<Answer>(question: ModelQuestion<Answer>, answer: ProviderAnswer): Found<Answer> {
  if (!answer.ok) return answer;
  const json = z.json().safeParse(answer.value);
  const parsed = question.schema.safeParse(answer.value);
  return json.success && parsed.success ? { ok: true, answer: parsed.data, json: json.data } : { ok: false, failure: "malformed" };
}

function tellBreaker(breaker: CircuitBreaker, read: Found<unknown>, callers: AbortSignal): void {
  const failure = read.ok ? undefined : read.failure;
  if (callers.aborted || failure === "budget_spent" || failure === "breaker_open") breaker.undecided();
  else if (failure === undefined || !isOfProvider(failure)) breaker.succeeded();
  else breaker.failed();
}

function hashOf({ name, model }: ModelProvider, { purpose, instructions, data, schema }: ModelQuestion<unknown>): string {
  return createHash("sha256").update(JSON.stringify([name, model, purpose, instructions, data, z.toJSONSchema(schema)])).digest("hex");
}
