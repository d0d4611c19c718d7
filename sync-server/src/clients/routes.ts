import { clientAnswer, clientRequest, SaldoError } from "@saldo/schema";
import type pg from "pg";
import { readJson } from "../http/body.ts";
import type { Route } from "../http/route.ts";

const clientIdForm = /^[A-Za-z0-9_-]{1,64}$/;

/** What registering a device works with. */
export interface ClientRouteParts {
  readonly pool: pg.Pool;
  readonly generation: string;
  readonly nowMs: () => number;
}

/** `PUT /v1/clients/:id`: registers a device's copy of a workspace; the same again changes nothing and tells its last mutation. */
export function clientRoutes(parts: ClientRouteParts): readonly Route[] {
  return [
    {
      method: "PUT",
      path: "/v1/clients/:id",
      access: "token",
      async handle(context, { userId }) {
        const clientId = context.req.param("id") ?? "";
        if (!clientIdForm.test(clientId)) throw new SaldoError("relay.invalid_request", { field: "id" });
        const { workspaceId } = await readJson(context.req.raw, clientRequest);
        const lastSeq = await registerClient(parts, { clientId, workspaceId, userId });
        return context.json(clientAnswer.parse({ generation: parts.generation, lastSeq }), 200, { "cache-control": "no-store" });
      },
    },
  ];
}

/** Throws `SaldoError`: `workspace.not_found` for a stranger, `relay.client_unknown` when the id stands for another copy. */
async function registerClient(
  { pool, nowMs }: ClientRouteParts,
  { clientId, workspaceId, userId }: { readonly clientId: string; readonly workspaceId: string; readonly userId: string },
): Promise<number> {
  const member = await pool.query("select 1 from member where workspace_id = $1 and user_id = $2", [workspaceId, userId]);
  if (member.rowCount === 0) throw new SaldoError("workspace.not_found");
  await pool.query("insert into client (id, workspace_id, user_id, last_seq, created_at) values ($1, $2, $3, 0, $4) on conflict (id) do nothing", [
    clientId,
    workspaceId,
    userId,
    new Date(nowMs()).toISOString(),
  ]);
  const found = await pool.query<{ last_seq: string }>("select last_seq from client where id = $1 and workspace_id = $2 and user_id = $3", [
    clientId,
    workspaceId,
    userId,
  ]);
  const row = found.rows[0];
  if (!row) throw new SaldoError("relay.client_unknown");
  return Number(row.last_seq);
}
