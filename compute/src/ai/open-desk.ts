import type pg from "pg";
import type { Logger } from "pino";
import { createDesk, type ModelDesk, type PricedProvider } from "./desk.ts";
import type { AiLedger } from "./ledger/ai-ledger.ts";
import { openAiLedger } from "./ledger/ai-ledger.pg.ts";
import { anthropicProvider } from "./providers/anthropic.http.ts";
import { openAiProvider, type ProviderAccess } from "./providers/openai.http.ts";
import type { ModelPrice } from "./providers/prices.ts";
import { providerNames, type ModelProvider, type ProviderName } from "./providers/provider.ts";

/** How models are asked, as the settings of the process say. */
export interface AiSettings {
  /** Only providers with a key stand here. */
  readonly providers: Readonly<Partial<Record<ProviderName, ProviderAccess & { readonly price: ModelPrice }>>>;
  /** Millionths of a US dollar a workspace may spend in a month. */
  readonly budgetMicros: number;
  /** Longest wait for one answer. */
  readonly requestMsMax: number;
}

const makers: Readonly<Record<ProviderName, (access: ProviderAccess) => ModelProvider>> = { openai: openAiProvider, anthropic: anthropicProvider };

/** What a desk runs with beside its settings. */
interface DeskRuns {
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly log: Logger;
}

/** The desk of a process over its settings, its costs kept in the server's database; null without any key. Open one for each process: its breakers remember. */
export function openDesk(settings: AiSettings, { pool, ...runs }: DeskRuns & { readonly pool: pg.Pool }): ModelDesk | null {
  return deskOn(settings, openAiLedger(pool, { budgetMicros: settings.budgetMicros, nowMs: runs.nowMs }), runs);
}

/** A desk whose costs are kept wherever it is told; null without any key. */
export function deskOn(settings: AiSettings, ledger: AiLedger, runs: DeskRuns): ModelDesk | null {
  const providers = providerNames.flatMap((name): PricedProvider[] => {
    const access = settings.providers[name];
    return access === undefined ? [] : [{ provider: makers[name](access), price: access.price }];
  });
  if (providers.length === 0) return null;
  return createDesk({ ...runs, providers, ledger, requestMsMax: settings.requestMsMax });
}
