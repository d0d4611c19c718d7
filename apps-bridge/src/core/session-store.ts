import { z } from "zod";

/** Who is signed in on this device: enough to open their books with no network. */
export const storedSession = z.object({
  userId: z.string(),
  email: z.string(),
  /** Null where the browser keeps the session as a cookie no script can read. */
  sessionToken: z.string().nullable(),
  workspace: z.object({ id: z.string(), name: z.string(), currency: z.string(), locale: z.enum(["en", "ru"]) }),
  /** Set while these books are being removed from the device: a start that finds it finishes that. */
  leaving: z.literal(true).exactOptional(),
});

/** See {@link storedSession}. */
export type StoredSession = z.infer<typeof storedSession>;

/** Where an app remembers who is signed in. */
export interface SessionStore {
  /** Undefined when nobody is, or what is stored cannot be read. */
  read(): Promise<StoredSession | undefined>;
  write(session: StoredSession): Promise<void>;
  clear(): Promise<void>;
}
