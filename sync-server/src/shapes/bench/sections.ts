import type { Figure } from "../../../../deploy/bench/bench.ts";
import { measureHolding } from "./holding.ts";
import { measureLatency } from "./latency.ts";
import { measureLoading, measureManyClients } from "./loading.ts";
import { measureMemory } from "./memory.ts";
import type { BenchGround } from "./ground.ts";
import { measureSlowReader } from "./slow-reader.ts";
import { measureThroughput } from "./throughput.ts";

/** The parts of the bench, in order; each starts a service of its own. */
export const sections: Readonly<Record<string, (ground: BenchGround) => Promise<readonly Figure[]>>> = {
  throughput: measureThroughput,
  latency: measureLatency,
  slow: measureSlowReader,
  clients: measureManyClients,
  loading: measureLoading,
  holding: measureHolding,
  memory: measureMemory,
};
