import { z } from "zod";
import { fileBytesMax } from "../wire/files.ts";
import { field } from "./fields.ts";
import { defineMutation } from "./mutation.ts";

/**
 * Makes a file known to the workspace by its content: its id is its SHA-256, so the same bytes on two devices are one row. The bytes travel
 * beside mutations; the server alone says that they have arrived. Registering what is known already changes nothing.
 */
export const fileRegister = defineMutation({
  name: "file.register",
  version: 1,
  permission: "edit",
  args: z.strictObject({
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    name: field.name,
    mediaType: z.string().regex(/^[a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,60}$/),
    byteCount: z.int().min(1).max(fileBytesMax),
    createdAt: field.instant,
  }),
  async run(rows, args, { workspaceId }) {
    if (await rows.get("file", args.sha256)) return;
    await rows.insert("file", { id: args.sha256, workspaceId, ...args, status: "local" });
  },
});
