import { createTestDatabase } from "../../../deploy/testing/postgres.ts";
import type { RelayConfig } from "../config.ts";
import { startRelayOn, type TestRelay } from "./relay.ts";
import { startUpstream } from "./upstream.ts";

/** Where a relay's shapes come from: its own process, or an Electric service behind. What devices see is the same. */
export const backends = ["embedded", "electric"] as const;

/** One of {@link backends}. */
export type Backend = (typeof backends)[number];

/** Starts a relay with one of the backends, with all that belongs to it. */
export async function startRelayWith(backend: Backend, overrides: Partial<RelayConfig> = {}): Promise<TestRelay> {
  const database = await createTestDatabase();
  if (backend === "embedded") return startRelayOn(database, overrides);
  const upstream = await startUpstream(database.url, database.name);
  const relay = await startRelayOn(database, { electricUrl: upstream.url, electricSecret: upstream.secret, ...overrides });
  const close = async () => {
    await relay.close();
    await upstream.close();
  };
  return {
    ...relay,
    close,
    async dispose() {
      await close();
      await relay.dispose();
    },
  };
}
