import { storedSession, type SessionStore } from "../../core/session-store.ts";
import type { BrowserRecords } from "./browser-records.ts";

const name = "session";

/** Remembers who is signed in on this browser. The session itself is a cookie that no script can read. */
export function browserSessionStore(records: BrowserRecords): SessionStore {
  return {
    read: async () => storedSession.safeParse(await records.read(name)).data,
    write: (session) => records.write(name, session),
    clear: () => records.remove(name),
  };
}
