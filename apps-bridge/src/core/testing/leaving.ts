import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemEnvironment } from "@saldo/client-core/books";
import { openStore } from "@saldo/client-core/store";
import { openBetterSqlite3, removeSqliteStore } from "@saldo/client-core/store/better-sqlite3";
import { createCore, type Core } from "../core.ts";
import type { StoredSession } from "../session-store.ts";
import type { Damage, SetAsideStore } from "../set-aside.ts";
import { memorySetAside } from "../testing.ts";

/** The company whose books are open, and another one of the same person. */
export const [company, otherCompany] = [
  { id: "01a20668-0000-7000-8000-000000000001", name: "Северный кофе", currency: "RUB", locale: "ru" },
  { id: "01a20668-0000-7000-8000-000000000002", name: "Вторая", currency: "RUB", locale: "ru" },
] as const;
type Company = typeof company | typeof otherCompany;

/** One person's device, whose books are files of a folder, before a relay that knows only who is a member of what. */
export interface LeavingDevice {
  readonly folder: string;
  readonly setAside: SetAsideStore;
  /** Who is signed in, as the device remembers it. */
  stored(): StoredSession | undefined;
  /** The companies the server lists; nothing while there is no network. */
  companies: readonly Company[] | undefined;
  /** True: the process ends where files would be removed. */
  failAtRemoval: boolean;
  /** What is said of a database that had to be made anew at the next start; nothing when it is sound. */
  madeAnew: Damage | undefined;
  /** Starts the core, as the app does. */
  start(): Promise<Core>;
  fileOf(of: Company): string;
  hasBooksOf(of: Company): boolean;
  close(): Promise<void>;
}

/** Makes the device; Anna is signed in to {@link company}. */
export function leavingDevice(): LeavingDevice {
  const folder = mkdtempSync(path.join(tmpdir(), "saldo-leaving-"));
  const cores: Core[] = [];
  let stored: StoredSession | undefined = { userId: "u1", email: "anna@example.com", sessionToken: "s", workspace: company };
  const fileNamed = (name: string) => path.join(folder, `${name}.db`);

  const device: LeavingDevice = {
    folder,
    setAside: memorySetAside(),
    stored: () => stored,
    companies: undefined,
    failAtRemoval: false,
    madeAnew: undefined,
    async start() {
      const core = createCore({
        serverUrl: "http://localhost:1",
        fetch: (input) => relay(input, device.companies),
        sessionKind: "bearer",
        sessionStore: { read: async () => stored, write: async (session) => void (stored = session), clear: async () => void (stored = undefined) },
        environment: systemEnvironment(),
        random: () => 0.5,
        log: () => undefined,
        setAside: device.setAside,
        async openDatabase(name, damaged) {
          if (device.madeAnew) await damaged(device.madeAnew, name);
          return openStore(openBetterSqlite3({ path: fileNamed(name) }));
        },
        async removeDatabase(name) {
          if (device.failAtRemoval) throw new Error("the process ends here");
          removeSqliteStore(fileNamed(name));
        },
      });
      cores.push(core);
      await core.resume();
      return core;
    },
    fileOf: (of) => fileNamed(`u1-${of.id}`),
    hasBooksOf: (of) => readdirSync(folder).some((name) => name.startsWith(`u1-${of.id}`)),
    async close() {
      for (const core of cores.splice(0)) await core.close();
      if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
    },
  };
  return device;
}

/** Answers as the relay does to somebody who is no member of the first company. */
async function relay(input: RequestInfo | URL, companies: LeavingDevice["companies"]): Promise<Response> {
  if (companies === undefined) throw new TypeError("no network");
  const url = input instanceof Request ? input.url : input.toString();
  if (!url.endsWith("/v1/token")) return Response.json({ code: "workspace.not_found" }, { status: 404 });
  const user = { id: "u1", email: "anna@example.com", name: "Anna" };
  return Response.json({ token: "t", expiresAt: new Date(Date.now() + 600_000).toISOString(), user, workspaces: companies.map((each) => ({ ...each, role: "owner" })) });
}

/** Adds a category. */
export async function addCategory(core: Core, name: string): Promise<void> {
  const { books } = core.opened();
  await books.record("category.create", { id: books.ids.next(), name, kind: "expense", createdAt: books.nowInstant() });
}

/** Takes the person out of the first company while its books are open; resolves once other books are, or none. */
export async function loseMembership(device: LeavingDevice, core: Core, left: readonly Company[]): Promise<void> {
  const gone = new Promise<void>((resolve) => core.onSession((session) => session.workspace?.id !== company.id && resolve()));
  device.companies = left;
  core.opened().sync.now();
  await gone;
}
