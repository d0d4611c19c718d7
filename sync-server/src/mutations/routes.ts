import { decodeUpload, generationHeader, SaldoError, uploadBytesMax } from "@saldo/schema";
import { readBody } from "../http/body.ts";
import type { Route } from "../http/route.ts";
import { isId } from "../http/id-form.ts";
import { applyUpload, type UploadParts } from "./apply-upload.ts";

/** What the route works with. */
export interface MutationRouteParts extends UploadParts {
  /** The database's generation. */
  readonly generation: string;
}

/**
 * `POST /v1/mutations`: an upload of mutations, applied exactly once. Numbers mean something in the generation they were given in only: what was
 * on its way while the database was restored would else be applied beside what the device sends anew. Throws `SaldoError` `sync.server_restored`
 * for another generation.
 */
export function mutationRoutes(parts: MutationRouteParts): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/v1/mutations",
      access: "token",
      async handle(context, { userId }) {
        if ((context.req.header(generationHeader) ?? parts.generation) !== parts.generation) throw new SaldoError("sync.server_restored");
        const upload = decodeUpload(await readBody(context.req.raw, uploadBytesMax));
        if (isId(upload.clientId)) context.set("clientId", upload.clientId);
        return context.json(await applyUpload(parts, userId, upload), 200, { "cache-control": "no-store" });
      },
    },
  ];
}
