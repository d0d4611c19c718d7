import { generationHeader, SaldoError, schemaVersion, schemaVersionHeader } from "@saldo/schema";
import { z } from "zod";
import type { Rights } from "../gatekeeper/rights.pg.ts";
import type { RelayContext, Route, TokenSubject } from "../http/route.ts";
import type { NotifyHub } from "./hub.ts";

const lsnMax = 0xffff_ffff_ffff_ffffn;

const notifyQuery = z.object({
  workspace: z.string().min(1).max(64),
  client: z.string().min(1).max(64),
  last: z.string().regex(/^\d{1,20}$/).transform(BigInt).refine((lsn) => lsn <= lsnMax).optional(),
});

/** What the notify route works with. */
export interface NotifyRouteParts {
  readonly hub: NotifyHub;
  readonly rights: Rights;
  /** The database's generation. */
  readonly generation: string;
}

/** `GET /v1/notify?workspace=…&client=…[&last=L]`: the device's stream of changed shapes (see `notifyCheck` in the schema). */
export function notifyRoutes(parts: NotifyRouteParts): readonly Route[] {
  return [{ method: "GET", path: "/v1/notify", access: "token", handle: (context, subject) => handleNotify(context, subject, parts) }];
}

async function handleNotify(context: RelayContext, { userId, expiresAtMs }: TokenSubject, { hub, rights, generation }: NotifyRouteParts): Promise<Response> {
  const query = notifyQuery.safeParse(context.req.query());
  if (!query.success) throw new SaldoError("relay.invalid_request", { fields: query.error.issues.map((issue) => issue.path.join(".")).join(", ") });
  const { workspace, client, last } = query.data;
  const scope = { workspaceId: workspace, userId, clientId: client };
  if (!(await rights.ownsDevice(scope))) throw new SaldoError("relay.client_unknown");
  const headers = { [generationHeader]: generation, "content-type": "text/event-stream", "cache-control": "private, no-store, no-transform", "x-accel-buffering": "no", vary: "authorization" };
  if (context.req.method === "HEAD") return context.body(null, 200, headers);
  // A device of another version may know other columns: of its rows no sum can be told.
  const tellsSums = context.req.header(schemaVersionHeader) === String(schemaVersion);
  return new Response(await hub.open(scope, expiresAtMs, last ?? null, tellsSums), { headers });
}
