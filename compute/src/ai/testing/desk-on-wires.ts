import { pino } from "pino";
import type pg from "pg";
import type { ModelDesk } from "../desk.ts";
import { openDesk, type AiSettings } from "../open-desk.ts";
import type { ProviderName } from "../providers/provider.ts";
import { startModelWire, type ModelWire, type WireAnswer, type WireRequest } from "./model-wire.ts";

/** What a test sets up: how each provider that has a key answers. */
export interface WiresRecipe {
  readonly answers: Readonly<Partial<Record<ProviderName, (request: WireRequest) => WireAnswer>>>;
  readonly pool: pg.Pool;
  readonly budgetMicros?: number;
  readonly requestMsMax?: number;
  readonly nowMs?: () => number;
}

/** A desk whose providers are servers of this process, and everything that was logged. */
export interface DeskOnWires {
  readonly desk: ModelDesk;
  readonly wires: Readonly<Partial<Record<ProviderName, ModelWire>>>;
  /** Every line logged so far. */
  readonly logged: readonly string[];
  close(): Promise<void>;
}

/** Starts servers for the providers named and opens a desk on them, with the real clients between. */
export async function startDesk({ answers, pool, budgetMicros = 1_000_000_000, requestMsMax = 30_000, nowMs = Date.now }: WiresRecipe): Promise<DeskOnWires> {
  const wires: Partial<Record<ProviderName, ModelWire>> = {};
  const providers: Partial<Record<ProviderName, NonNullable<AiSettings["providers"][ProviderName]>>> = {};
  for (const name of ["openai", "anthropic"] as const) {
    const answer = answers[name];
    if (answer === undefined) continue;
    const wire = await startModelWire(name, answer);
    wires[name] = wire;
    providers[name] = { apiKey: `key-${name}`, model: "model-1", baseUrl: wire.baseUrl, price: { input: 1, output: 10 } };
  }
  const logged: string[] = [];
  const log = pino({ level: "trace" }, { write: (line: string) => logged.push(line) });
  const desk = openDesk({ providers, budgetMicros, requestMsMax }, { pool, nowMs, random: () => 0, log });
  if (desk === null) throw new Error("a desk needs a provider");
  return {
    desk,
    wires,
    logged,
    close: async () => {
      for (const wire of Object.values(wires)) await wire.close();
    },
  };
}
