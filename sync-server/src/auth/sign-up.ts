import { SaldoError } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import { createAuthority, type AuthDatabase, type AuthorityOptions } from "./authority.ts";
import type { NewWorkspace } from "./workspaces.pg.ts";

/** A person to be, with a first workspace. */
export interface SignUp {
  readonly email: string;
  readonly password: string;
  readonly personName: string;
  readonly workspace: NewWorkspace;
}

/** An open session: who, and the headers that carry it. */
export interface OpenSession {
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
  readonly headers: Headers;
}

/**
 * Makes a person, a workspace and the membership that joins them, in one transaction: a crash leaves all of it or nothing.
 * Throws `SaldoError`: `auth.email_taken`, `auth.invalid_input`.
 */
export async function signUp(
  database: NodePgDatabase,
  options: AuthorityOptions,
  request: SignUp,
  caller: Headers,
  createdAt: string,
): Promise<OpenSession> {
  try {
    return await database.transaction(async (transaction) => {
      const { headers, response } = await createAuthority(transaction, options).api.signUpEmail({
        body: { email: request.email, password: request.password, name: request.personName },
        headers: caller,
        returnHeaders: true,
      });
      await createWorkspace(transaction, response.user.id, request.workspace, options.nextId, createdAt);
      return { user: response.user, headers };
    });
  } catch (error) {
    throw (await emailIsTaken(database, request.email)) ? new SaldoError("auth.email_taken", {}, { cause: error }) : error;
  }
}

async function createWorkspace(database: AuthDatabase, userId: string, workspace: NewWorkspace, nextId: () => string, createdAt: string): Promise<void> {
  const workspaceId = nextId();
  await database.execute(
    sql`insert into workspace (id, name, currency, locale, plan, created_at)
        values (${workspaceId}, ${workspace.name}, ${workspace.currency}, ${workspace.locale}, 'trial', ${createdAt})`,
  );
  await database.execute(
    sql`insert into member (id, workspace_id, user_id, role, created_at) values (${nextId()}, ${workspaceId}, ${userId}, 'owner', ${createdAt})`,
  );
}

async function emailIsTaken(database: NodePgDatabase, email: string): Promise<boolean> {
  const found = await database.execute(sql`select 1 from auth."user" where email = ${email.toLowerCase()}`);
  return found.rows.length > 0;
}
