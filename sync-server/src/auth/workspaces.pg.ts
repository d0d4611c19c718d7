import type { TokenAnswer } from "@saldo/schema";
import type pg from "pg";
import { z } from "zod";

const workspaceRow = z.object({
  id: z.string(),
  name: z.string(),
  currency: z.string(),
  locale: z.enum(["en", "ru"]),
  role: z.enum(["owner", "accountant", "viewer"]),
});

/** The workspaces a person is a member of, oldest first. */
export async function workspacesOf(pool: pg.Pool, userId: string): Promise<TokenAnswer["workspaces"]> {
  const found = await pool.query(
    `select w.id, w.name, w.currency, w.locale, m.role
     from member m join workspace w on w.id = m.workspace_id where m.user_id = $1 order by w.created_at, w.id`,
    [userId],
  );
  return z.array(workspaceRow).parse(found.rows);
}

/** What a new workspace starts from. */
export interface NewWorkspace {
  readonly name: string;
  readonly currency: string;
  readonly locale: "en" | "ru";
}
