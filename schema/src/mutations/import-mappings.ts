import { z } from "zod";
import { field } from "./fields.ts";
import { defineMutation } from "./mutation.ts";

/** Remembers how files of one shape are read; a later decision about the same shape takes its place. */
export const importMappingSave = defineMutation({
  name: "importMapping.save",
  version: 1,
  permission: "edit",
  args: z.strictObject({ id: field.id, fingerprint: field.name, mapping: field.json, createdAt: field.instant }),
  async run(rows, { id, fingerprint, mapping, createdAt }, { workspaceId }) {
    const [known] = await rows.list("import_mapping", { fingerprint });
    if (known) await rows.patch("import_mapping", known.id, { mapping });
    else await rows.insert("import_mapping", { id, workspaceId, fingerprint, mapping, createdAt });
  },
});

/** Forgets how files of one shape are read. */
export const importMappingRemove = defineMutation({
  name: "importMapping.remove",
  version: 1,
  permission: "edit",
  args: z.strictObject({ mappingId: field.id }),
  async run(rows, { mappingId }) {
    await rows.remove("import_mapping", mappingId);
  },
});
