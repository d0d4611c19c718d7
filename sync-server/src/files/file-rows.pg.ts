import { isPermitted, type Permission, type Role } from "@saldo/schema";
import type pg from "pg";
import { z } from "zod";
import { isId } from "../http/id-form.ts";

/** A registered file, as far as its bytes go. */
export interface FileRow {
  readonly workspaceId: string;
  /** Its SHA-256, in hexadecimal. */
  readonly id: string;
  readonly name: string;
  readonly byteCount: number;
  readonly status: "local" | "uploaded";
}

/** What a person may do with a file. */
export interface FileAccess {
  readonly file: FileRow;
  mayDo(permission: Permission): boolean;
}

const accessRow = z.object({
  role: z.enum(["owner", "accountant", "viewer"]),
  name: z.string(),
  byte_count: z.coerce.number(),
  status: z.enum(["local", "uploaded"]),
});

const sha256Form = /^[0-9a-f]{64}$/;

/** Finds a file a person may see. Undefined alike for a foreign company, a missing file, and a text that is no id: one statement answers for all. */
export async function findFile(pool: pg.Pool, workspaceId: string, id: string, userId: string): Promise<FileAccess | undefined> {
  if (!isId(workspaceId) || !sha256Form.test(id)) return undefined;
  const found = await pool.query(
    `select m.role, f.name, f.byte_count, f.status from member m join file f on f.workspace_id = m.workspace_id
     where m.workspace_id = $1 and m.user_id = $2 and f.id = $3`,
    [workspaceId, userId, id],
  );
  if (found.rows[0] === undefined) return undefined;
  const { role, name, byte_count: byteCount, status } = accessRow.parse(found.rows[0]);
  return { file: { workspaceId, id, name, byteCount, status }, mayDo: (permission) => isPermitted(role satisfies Role, permission) };
}

/** Bytes of all files of a company the server holds whole. */
export async function uploadedBytes(connection: Pick<pg.ClientBase, "query">, workspaceId: string): Promise<number> {
  const found = await connection.query<{ bytes: string }>("select coalesce(sum(byte_count), 0) as bytes from file where workspace_id = $1 and status = 'uploaded'", [workspaceId]);
  return Number(found.rows[0]?.bytes ?? 0);
}

/** Holds a file's row until the transaction ends: one relay at a time puts it together. Its status; undefined when it is gone. */
export async function lockFile(connection: Pick<pg.ClientBase, "query">, { workspaceId, id }: FileRow): Promise<FileRow["status"] | undefined> {
  const found = await connection.query<{ status: FileRow["status"] }>("select status from file where workspace_id = $1 and id = $2 for update", [workspaceId, id]);
  return found.rows[0]?.status;
}

/** Says that a file's bytes are whole, if the company still has room for them. Companies take their turns, so that two files cannot take the same room. */
export async function markUploaded(connection: Pick<pg.ClientBase, "query">, { workspaceId, id, byteCount }: FileRow, workspaceBytesMax: number): Promise<boolean> {
  await connection.query("select pg_advisory_xact_lock(hashtextextended('saldo file ' || $1, 0))", [workspaceId]);
  if ((await uploadedBytes(connection, workspaceId)) + byteCount > workspaceBytesMax) return false;
  await connection.query("update file set status = 'uploaded' where workspace_id = $1 and id = $2", [workspaceId, id]);
  return true;
}
