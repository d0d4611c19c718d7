import { decodeUpload, uploadBytesMax } from "@saldo/schema";
import { readBody } from "../http/body.ts";
import type { Route } from "../http/route.ts";
import { applyUpload, type UploadParts } from "./apply-upload.ts";

/** `POST /v1/mutations`: an upload of mutations, applied exactly once. */
export function mutationRoutes(parts: UploadParts): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/v1/mutations",
      access: "token",
      async handle(context, { userId }) {
        const upload = decodeUpload(await readBody(context.req.raw, uploadBytesMax));
        return context.json(await applyUpload(parts, userId, upload), 200, { "cache-control": "no-store" });
      },
    },
  ];
}
