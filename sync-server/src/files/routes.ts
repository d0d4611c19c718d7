import { fileUploadAnswer, SaldoError, type Permission } from "@saldo/schema";
import type pg from "pg";
import type { RelayContext, Route, TokenSubject } from "../http/route.ts";
import { attachment } from "./content-disposition.ts";
import { findFile, type FileRow } from "./file-rows.pg.ts";
import { fileKey } from "./parts.ts";
import type { ByteStream, FileStorage } from "./storage/file-storage.ts";
import type { Uploads } from "./uploads.ts";

/** What the file routes work with. */
export interface FileRouteParts {
  readonly pool: pg.Pool;
  readonly storage: FileStorage;
  readonly uploads: Uploads;
}

const noStore = { "cache-control": "private, no-store" };

/**
 * The routes of `fileUploadAnswer`: how far an upload is, its next chunk, and the bytes of a whole file. Whoever is a member may fetch, who may
 * edit may upload; to others a file of another company is as missing as one that never was.
 */
export function fileRoutes(parts: FileRouteParts): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/files/:id/upload",
      access: "token",
      async handle(context, subject) {
        const file = await fileOf(context, subject, parts, "edit");
        return context.json(fileUploadAnswer.parse(await parts.uploads.progress(file)), 200, noStore);
      },
    },
    {
      method: "PUT",
      path: "/v1/files/:id/upload",
      access: "token",
      async handle(context, subject) {
        const file = await fileOf(context, subject, parts, "edit");
        const offset = Number(context.req.query("offset"));
        if (!Number.isSafeInteger(offset) || offset < 0 || context.req.query("offset") === "") throw new SaldoError("relay.invalid_request", { field: "offset" });
        const answer = file.status === "uploaded" ? await parts.uploads.progress(file) : await parts.uploads.add(file, offset, context.req.raw);
        return context.json(fileUploadAnswer.parse(answer), 200, noStore);
      },
    },
    { method: "GET", path: "/v1/files/:id", access: "token", handle: (context, subject) => download(context, subject, parts) },
  ];
}

/** Throws `SaldoError`: `file.unknown`, `mutation.not_permitted`. */
async function fileOf(context: RelayContext, { userId }: TokenSubject, { pool }: FileRouteParts, permission: Permission | null): Promise<FileRow> {
  const found = await findFile(pool, context.req.query("workspace") ?? "", context.req.param("id") ?? "", userId);
  if (!found) throw new SaldoError("file.unknown");
  if (permission !== null && !found.mayDo(permission)) throw new SaldoError("mutation.not_permitted");
  return found.file;
}

/** Never the type its uploader claims, never shown: bytes to be saved. */
async function download(context: RelayContext, subject: TokenSubject, parts: FileRouteParts): Promise<Response> {
  const file = await fileOf(context, subject, parts, null);
  if (file.status !== "uploaded") throw new SaldoError("file.unknown");
  const headers = {
    ...noStore,
    "content-type": "application/octet-stream",
    "content-length": String(file.byteCount),
    "content-disposition": attachment(file.name),
  };
  if (context.req.raw.method === "HEAD") return new Response(null, { headers });
  const bytes = await parts.storage.read(fileKey(file));
  if (bytes === undefined) throw new SaldoError("file.unknown");
  return new Response(streamOf(bytes), { headers });
}

/** Pulled by the reader: what it has no time for stays in the storage. */
function streamOf(bytes: ByteStream): ReadableStream<Uint8Array<ArrayBuffer>> {
  const pieces = bytes[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(new Uint8Array(next.value));
    },
    async cancel() {
      await pieces.return?.();
    },
  });
}
