import { z } from "zod";

/** `POST /v1/token` with a session: a short-lived EdDSA token for sync, and the workspaces it opens. */
export const tokenAnswer = z.object({
  token: z.string(),
  /** Instant the token stops working. */
  expiresAt: z.string(),
  user: z.object({ id: z.string(), email: z.string(), name: z.string() }),
  workspaces: z.array(z.object({ id: z.string(), name: z.string(), currency: z.string(), locale: z.enum(["en", "ru"]), role: z.enum(["owner", "accountant", "viewer"]) })),
});

/** See {@link tokenAnswer}. */
export type TokenAnswer = z.infer<typeof tokenAnswer>;

/** `PUT /v1/clients/:clientId`: registers a device's copy of a workspace. Idempotent for the same user and workspace. */
export const clientRequest = z.strictObject({ workspaceId: z.string().min(1).max(64) });

/**
 * The answer: the database's generation, and the last mutation of this client the server applied, with the hash of its body (null when there
 * is none): a copy of the store knows by it that the number was another copy's.
 */
export const clientAnswer = z.object({ generation: z.string(), lastSeq: z.int(), lastSha256: z.string().nullable() });

/** Name of the header that carries the schema version of the device. */
export const schemaVersionHeader = "saldo-schema-version";

/** Version of tables and mutations on the wire. */
export const schemaVersion = 1;

/**
 * Versions of devices this server serves: its own and the older ones it can. A column such a device does not know it leaves out, and a mutation whose
 * version is gone is refused and kept for its author.
 */
export const schemaVersionsServed: readonly number[] = [schemaVersion];
