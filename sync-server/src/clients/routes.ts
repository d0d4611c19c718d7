import { clientAnswer, clientRequest, SaldoError } from "@saldo/schema";
import type pg from "pg";
import { readJson } from "../http/body.ts";
import { isId } from "../http/id-form.ts";
import type { Route } from "../http/route.ts";

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
        if (!isId(clientId)) throw new SaldoError("relay.invalid_request", { field: "id" });
        const { workspaceId } = await readJson(context.req.raw, clientRequest);
        const last = await registerClient(parts, { clientId, workspaceId, userId });
        return context.json(clientAnswer.parse({ generation: parts.generation, ...last }), 200, { "cache-control": "no-store" });
      },
    },
  ];
}

/** Throws `SaldoError`: `workspace.not_found` for a stranger, `relay.client_unknown` when the id stands for another copy. */
async function registerClient(
  { pool, nowMs }: ClientRouteParts,
  { clientId, workspaceId, userId }: { readonly clientId: string; readonly workspaceId: string; readonly userId: string },
): Promise<{ readonly lastSeq: number; readonly lastSha256: string | null }> {
  if (!isId(workspaceId)) throw new SaldoError("workspace.not_found");
  const member = await pool.query("select 1 from member where workspace_id = $1 and user_id = $2", [workspaceId, userId]);
  if (member.rowCount === 0) throw new SaldoError("workspace.not_found");
  await pool.query("insert into client (id, workspace_id, user_id, last_seq, created_at) values ($1, $2, $3, 0, $4) on conflict (id) do nothing", [
    clientId,
    workspaceId,
    userId,
    new Date(nowMs()).toISOString(),
  ]);
  const found = await pool.query<{ last_seq: string; sha256: string | null }>(
    `select c.last_seq, encode(a.sha256, 'hex') as sha256 from client as c
     left join relay.applied_mutation as a on a.client_id = c.id and a.seq = c.last_seq
     where c.id = $1 and c.workspace_id = $2 and c.user_id = $3`,
    [clientId, workspaceId, userId],
  );
  const row = found.rows[0];
  if (!row) throw new SaldoError("relay.client_unknown");
  return { lastSeq: Number(row.last_seq), lastSha256: row.sha256 };
}
