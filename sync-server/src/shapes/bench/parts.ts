import { z } from "zod";
import { bareDecode } from "./bare-decode.ts";
import { awaitMark, drainShape, followRows, holdLive, loadShape, parseAlone } from "./clients.ts";
import { followTogether, readSlowly } from "./followers.ts";
import { bulkLoad, singleWrites } from "./load.ts";
import type { Part } from "./part.ts";

type Served = (args: unknown, ready: () => Promise<void>) => Promise<unknown>;

/** A part whose arguments are checked when they arrive in its process. */
function served<Args>(part: Part<Args, unknown>, args: z.ZodType<Args>): Served {
  return (given, ready) => part(args.parse(given), ready);
}

const client = z.enum(["plain", "official"]);

/** Every part by name; each runs in a process of its own. */
export const parts: Readonly<Record<string, Served>> = {
  bulkLoad: served(
    bulkLoad,
    z.object({ databaseUrl: z.string(), table: z.string(), firstRow: z.number(), transactions: z.number(), rowsEach: z.number(), workspace: z.number(), mark: z.string(), prepared: z.boolean() }),
  ),
  singleWrites: served(singleWrites, z.object({ databaseUrl: z.string(), table: z.string(), firstRow: z.number(), writes: z.number(), everyMs: z.number() })),
  bareDecode: served(
    bareDecode,
    z.object({ databaseUrl: z.string(), slot: z.string(), publication: z.string(), file: z.string(), until: z.union([z.object({ mark: z.string() }), z.object({ rows: z.number() })]) }),
  ),
  loadShape: served(loadShape, z.object({ shape: z.string(), client, clients: z.number(), rows: z.number(), stay: z.boolean().optional() })),
  drainShape: served(drainShape, z.object({ shape: z.string() })),
  parseAlone: served(parseAlone, z.object({ shape: z.string() })),
  awaitMark: served(awaitMark, z.object({ shape: z.string(), mark: z.string() })),
  followRows: served(followRows, z.object({ shape: z.string(), client, rows: z.number() })),
  followTogether: served(followTogether, z.object({ shape: z.string(), clients: z.number(), rows: z.number() })),
  readSlowly: served(readSlowly, z.object({ shape: z.string(), bytesEach: z.number(), everyMs: z.number() })),
  holdLive: served(holdLive, z.object({ shapes: z.array(z.string()), rows: z.number(), atOnce: z.number() })),
};

/** What the parts answer. */
export const answers = {
  load: z.object({ startedMs: z.number(), committedMs: z.number() }),
  nothing: z.null(),
  decoded: z.object({ seenMs: z.number(), latenciesMs: z.array(z.number()) }),
  took: z.object({ tookMs: z.number() }),
  seen: z.object({ seenMs: z.number() }),
  latencies: z.object({ latenciesMs: z.array(z.number()) }),
  rows: z.object({ rows: z.number() }),
};
