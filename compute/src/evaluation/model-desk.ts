import { pino } from "pino";
import { deskOn } from "../ai/open-desk.ts";
import type { ModelDesk } from "../ai/desk.ts";
import type { AiLedger } from "../ai/ledger/ai-ledger.ts";
import { aiEnvironment, aiSettingsOf } from "../ai/settings.ts";

/** A desk for evaluations, and what its requests have cost so far in millionths of a dollar. */
export interface EvaluationDesk {
  readonly desk: ModelDesk;
  costMicros(): number;
}

/**
 * The desk over the keys of the environment, its costs kept in memory; null without any key. No answer is kept: each run asks anew. Throws an `Error` that names the settings without which the
 * price of a model is not known.
 */
export function evaluationDesk(environment: NodeJS.ProcessEnv, { random, nowMs }: { readonly random: () => number; readonly nowMs: () => number }): EvaluationDesk | null {
  const settings = aiSettingsOf(aiEnvironment.parse(environment));
  if ("missing" in settings) throw new Error(`a model's price is not known: set ${settings.missing.join(" and ")}`);
  const booked = new Map<string, number>();
  const spent = () => [...booked.values()].reduce((sum, micros) => sum + micros, 0);
  const ledger: AiLedger = {
    reserve: (request) => {
      const id = String(booked.size);
      booked.set(id, request.costMicrosMax);
      return Promise.resolve(id);
    },
    settle: (id, { costMicros }) => Promise.resolve(void booked.set(id, costMicros)),
    answer: () => Promise.resolve(undefined),
    keep: () => Promise.resolve(),
  };
  const desk = deskOn(settings, ledger, { nowMs, random, log: pino({ level: "silent" }) });
  return desk === null ? null : { desk, costMicros: spent };
}
