import { z } from "zod";

/** Name of the channel on which tabs and the leading core find each other, and of the lock that makes a core the leading one. */
export const coreName = "saldo-core";

/**
 * Finding the leading core. Every tab runs a worker; the one that holds the lock runs the core and answers all tabs:
 *
 *   tab                        channel "saldo-core"                     leading worker
 *    | ---- hello tab ------------------------------------------------->  |   on start, and whenever a leader comes
 *    | <--- leader term ------------------------------------------------  |   once, when its core is open
 *    | <--- welcome tab, term ------------------------------------------  |   the tab's own channel is being served
 *
 * A tab that hears of another term than before tells its bridge that everything must be asked again.
 */
export const coreMessage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("hello"), tab: z.string() }),
  z.object({ kind: z.literal("leader"), term: z.string() }),
  z.object({ kind: z.literal("welcome"), tab: z.string(), term: z.string() }),
]);
/** See {@link coreMessage}. */
export type CoreMessage = z.output<typeof coreMessage>;

/** Name of the channel, and of the lock, that belong to one tab. The lock is held as long as the tab lives. */
export function tabName(tab: string): string {
  return `saldo-tab-${tab}`;
}
