import { z } from "zod";

/**
 * The bytes of files, beside the rows. A file is addressed by its workspace and its SHA-256 (which is the id of its row of `file`).
 *
 * | request                                              | does                                                                    |
 * |------------------------------------------------------|-------------------------------------------------------------------------|
 * | `GET /v1/files/:id/upload?workspace=W`               | how much of it the server holds                                         |
 * | `PUT /v1/files/:id/upload?workspace=W&offset=N`      | adds a chunk at N; with the last byte the server compares the SHA-256   |
 * | `GET /v1/files/:id?workspace=W`                      | the bytes, once whole and compared                                      |
 *
 * Only a registered file can be uploaded. A chunk that was cut is kept as far as it came; the next one begins at the offset the server names.
 * What is wrong in the end is removed and never served.
 */
export const fileUploadAnswer = z.object({
  /** Bytes the server holds, from the first on. */
  offset: z.int().min(0),
  status: z.enum(["local", "uploaded"]),
});

/** See {@link fileUploadAnswer}. */
export type FileUploadAnswer = z.infer<typeof fileUploadAnswer>;

/** Most bytes of one file. */
export const fileBytesMax = 50 * 1024 * 1024;
/** Most bytes of one chunk of an upload: what either side holds of it in memory. */
export const fileChunkBytesMax = 1024 * 1024;
/** Fewest bytes of a chunk that is not the last; less of a chunk that was cut is not kept. */
export const fileChunkBytesMin = 16 * 1024;
