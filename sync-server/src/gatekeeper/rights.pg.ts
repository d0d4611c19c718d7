import { idsOfScope, type DeviceScope, type ShapeDeclaration } from "@saldo/schema";
import type pg from "pg";
import { isId } from "../http/id-form.ts";

/** How long a right once seen is believed. */
export const rightsCacheMs = 2_000;
const rightsCacheEntriesMax = 20_000;

/** Who may read what. `fresh` asks the database whatever the cache says. */
export interface Rights {
  mayRead(kind: ShapeDeclaration["scopeKind"], scopeId: string, userId: string, options?: { readonly fresh: boolean }): Promise<boolean>;
  /** True when the device is this person's copy of this workspace, and the person is a member of it. */
  ownsDevice(scope: DeviceScope): Promise<boolean>;
}

/** How many ids the scope of each kind has. */
const idsOfKind: Readonly<Record<ShapeDeclaration["scopeKind"], number>> = { workspace: 1, user: 1, author: 2, device: 1 };

/** Rights out of Postgres, cached for {@link rightsCacheMs}; whoever hears of a change asks `fresh`, which replaces what was cached. A scope that is missing and one that is foreign take the same way. */
export function createRights(pool: pg.Pool, nowMs: () => number): Rights {
  const cache = new Map<string, { readonly allowed: boolean; readonly untilMs: number }>();
  const exists = async (text: string, values: readonly string[]) => ((await pool.query(text, [...values])).rowCount ?? 0) > 0;

  const isMember = (workspaceId: string, userId: string) => exists("select 1 from member where workspace_id = $1 and user_id = $2", [workspaceId, userId]);

  const ask: Readonly<Record<ShapeDeclaration["scopeKind"], (ids: readonly string[], userId: string) => Promise<boolean>>> = {
    workspace: ([workspaceId = ""], userId) => isMember(workspaceId, userId),
    user: async ([ownId], userId) => ownId === userId,
    author: async ([ownId, workspaceId = ""], userId) => ownId === userId && (await isMember(workspaceId, userId)),
    device: ([clientId = ""], userId) => exists("select 1 from client where id = $1 and user_id = $2", [clientId, userId]),
  };

  return {
    async mayRead(kind, scopeId, userId, options) {
      const ids = idsOfScope(scopeId);
      if (ids.length !== idsOfKind[kind] || !ids.every(isId)) return false;
      const key = JSON.stringify([kind, scopeId, userId]);
      const known = cache.get(key);
      if (known && !options?.fresh && known.untilMs > nowMs()) return known.allowed;
      const allowed = await ask[kind](ids, userId);
      cache.delete(key);
      cache.set(key, { allowed, untilMs: nowMs() + rightsCacheMs });
      if (cache.size > rightsCacheEntriesMax) for (const oldest of cache.keys()) {
        cache.delete(oldest);
        break;
      }
      return allowed;
    },
    async ownsDevice({ workspaceId, userId, clientId }) {
      if (!isId(workspaceId) || !isId(clientId)) return false;
      return exists(
        `select 1 from client c join member m on m.workspace_id = c.workspace_id and m.user_id = c.user_id
         where c.id = $1 and c.workspace_id = $2 and c.user_id = $3`,
        [clientId, workspaceId, userId],
      );
    },
  };
}
