import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { cpSync, existsSync, readdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/postgres.ts";
import { runRelay, type RunningRelay } from "./running-relay.ts";

const program = fileURLToPath(new URL("../../apps-bridge/dist/saldo.mjs", import.meta.url));
const password = "correct horse battery";

let database: TestDatabase;
let folder: string;
let relay: RunningRelay;

beforeAll(async () => {
  if (!existsSync(program)) throw new Error("the command line is not built: npm run build -- --programs");
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), "saldo-cli-system-"));
  relay = await runRelay({ databaseUrl: database.url, storageDir: path.join(folder, "relay"), replicationSlot: `slot_${database.name}` });
});

afterAll(async () => {
  await relay.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly exitCode: number | string | null | undefined;
  readonly code: string | undefined;
  readonly stdout: string;
}

/** Runs the built program; `secret` is its SALDO_PASSWORD. */
function saldo(parameters: readonly string[], secret?: string): Promise<Ran> {
  const environment = { PATH: process.env["PATH"], ...(secret === undefined ? {} : { SALDO_PASSWORD: secret }) };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...parameters], { env: environment }, (error, stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : error.code, code: /^saldo: (\S+): /m.exec(stderr)?.[1], stdout }),
    );
    child.stdin?.end();
  });
}

const place = (name: string) => path.join(folder, name);
const sync = (store: string, email: string, ...more: string[]) => ["sync", "--store", place(store), "--server", relay.url, "--email", email, ...more];
const newEmail = () => `${randomUUID()}@example.test`;

/** A store that is bound to a new account's company; its id too. */
async function boundStore(store: string): Promise<{ readonly email: string; readonly workspaceId: string }> {
  const email = newEmail();
  expect(await saldo(sync(store, email, "--sign-up", `Company ${store}`), password)).toMatchObject({ exitCode: 0 });
  const [row] = await relay.sql(`select "id" from "workspace" where "name" = $1`, [`Company ${store}`]);
  return { email, workspaceId: String(row?.["id"]) };
}

describe("saldo sync refuses with a code and writes nothing", () => {
  it("a wrong password, an unknown email, a taken one, a short password, a foreign company", async () => {
    const { email } = await boundStore("own");
    const { workspaceId: foreign } = await boundStore("foreign");
    const refused = async (parameters: readonly string[], secret: string) => {
      const { exitCode, code } = await saldo(parameters, secret);
      return [exitCode, code, existsSync(place("new"))];
    };
    expect(await refused(sync("new", email), "another password")).toEqual([1, "auth.wrong_credentials", false]);
    expect(await refused(sync("new", newEmail()), password)).toEqual([1, "auth.wrong_credentials", false]);
    expect(await refused(sync("new", email, "--sign-up", "Again"), password)).toEqual([1, "auth.email_taken", false]);
    expect(await refused(sync("new", newEmail(), "--sign-up", "Short"), "short")).toEqual([1, "auth.invalid_input", false]);
    expect(await refused(sync("new", email, "--workspace", foreign), password)).toEqual([1, "workspace.not_found", false]);
  });

  it("a store of another account, of another server, and a second sign-up", async () => {
    const { email } = await boundStore("mine");
    const { email: other } = await boundStore("theirs");
    const session = () => readFileSync(path.join(place("mine"), "session.json"), "utf8");
    const before = session();
    const people = await relay.sql(`select count(*) as "n" from "auth"."user"`);
    expect(await saldo(sync("mine", other), password)).toMatchObject({ exitCode: 1, code: "sync.not_bound" });
    expect(await saldo(["sync", "--store", place("mine"), "--server", "http://127.0.0.1:9", "--email", email], password)).toMatchObject({ exitCode: 1, code: "sync.not_bound" });
    expect(await saldo(sync("mine", newEmail(), "--sign-up", "Other"), password)).toMatchObject({ exitCode: 1, code: "sync.not_bound" });
    expect(session()).toBe(before);
    expect(await relay.sql(`select count(*) as "n" from "auth"."user"`)).toEqual(people);
    expect(await saldo(sync("mine", email))).toMatchObject({ exitCode: 0 });
  });

  it("a session that is over, until the password is given again", async () => {
    const { email } = await boundStore("expired");
    cpSync(place("expired"), place("copy"), { recursive: true });
    await relay.sql(`update "auth"."session" set "expires_at" = now() - interval '1 day' where "user_id" = (select "id" from "auth"."user" where "email" = $1)`, [email]);
    expect(await saldo(sync("expired", email))).toMatchObject({ exitCode: 1, code: "auth.required" });
    expect(await saldo(sync("expired", email), password)).toMatchObject({ exitCode: 0 });
    expect(await saldo(sync("expired", email))).toMatchObject({ exitCode: 0 });
    expect(await saldo(["sign-out", "--store", place("expired")])).toMatchObject({ exitCode: 0 });
    expect(await saldo(sync("expired", email))).toMatchObject({ exitCode: 2, code: "cli.password_missing" });
  });

  it("a server that is away, or is no Saldo", async () => {
    const { email } = await boundStore("away");
    const stranger = createServer((_request, response) => response.end("<html>hello</html>"));
    await once(stranger.listen(0, "127.0.0.1"), "listening");
    const address = stranger.address();
    const strange = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
    expect(await saldo(["sync", "--store", place("new"), "--server", strange, "--email", email], password)).toMatchObject({ exitCode: 1, code: "sync.unexpected_answer" });
    stranger.close();
    await relay.stop();
    expect(await saldo(sync("away", email))).toMatchObject({ exitCode: 1, code: "sync.unreachable" });
    expect(await saldo(sync("new", email), password)).toMatchObject({ exitCode: 1, code: "sync.unreachable" });
    expect(existsSync(place("new"))).toBe(false);
    await relay.start();
    expect(await saldo(sync("away", email))).toMatchObject({ exitCode: 0 });
  });
});

describe("leaving", () => {
  const statement = () => {
    writeFileSync(place("leaving.csv"), "date,description,amount\n2026-10-01,a,1.00\n2026-10-02,b,2.00\n");
    return place("leaving.csv");
  };
  const filesOf = (store: string) => readdirSync(place(store)).toSorted();

  it("sign-out is refused while changes are unsent, writes them to a file when asked to, and removes the books", async () => {
    const { email } = await boundStore("unsent");
    expect(await saldo(["import", statement(), "--store", place("unsent")])).toMatchObject({ exitCode: 0 });
    expect(await saldo(["sign-out", "--store", place("unsent")])).toMatchObject({ exitCode: 1, code: "sync.unsent_changes" });
    expect(existsSync(path.join(place("unsent"), "saldo.db"))).toBe(true);
    const file = place("unsent.json");
    const out = await saldo(["sign-out", "--store", place("unsent"), "--export", file, "--json"]);
    expect(out.exitCode).toBe(0);
    const exported: unknown = JSON.parse(readFileSync(file, "utf8"));
    expect(exported).toMatchObject({ format: "saldo-unsent-changes", changes: expect.arrayContaining([expect.objectContaining({ mutation: "import.complete" })]) });
    expect(filesOf("unsent")).toEqual([]);
    expect(await saldo(sync("unsent", email), password)).toMatchObject({ exitCode: 0 });
    expect(await saldo(["import", statement(), "--store", place("unsent")])).toMatchObject({ exitCode: 0 });
    expect(await saldo(["sign-out", "--store", place("unsent"), "--discard"])).toMatchObject({ exitCode: 0 });
    expect(filesOf("unsent")).toEqual([]);
  });

  it("sign-out leaves books alone that never were a server's", async () => {
    expect(await saldo(["import", statement(), "--store", place("own-only")])).toMatchObject({ exitCode: 0 });
    expect(await saldo(["sign-out", "--store", place("own-only")])).toMatchObject({ exitCode: 0 });
    expect(JSON.parse((await saldo(["transactions", "--store", place("own-only"), "--json"])).stdout)).toMatchObject({ totalCount: 2 });
  });

  it("a removal that was interrupted is finished by the next command", async () => {
    const { email } = await boundStore("halfway");
    expect(await saldo(["import", statement(), "--store", place("halfway")])).toMatchObject({ exitCode: 0 });
    writeFileSync(path.join(place("halfway"), "leaving"), "");
    expect(await saldo(["transactions", "--store", place("halfway")])).toMatchObject({ exitCode: 2, code: "cli.store_missing" });
    expect(filesOf("halfway")).toEqual([]);
    expect(await saldo(sync("halfway", email), password)).toMatchObject({ exitCode: 0 });
  });

  it("who was taken out of the company finds their unsent changes in a file and the books gone", async () => {
    const { email, workspaceId } = await boundStore("lost");
    expect(await saldo(["import", statement(), "--store", place("lost")])).toMatchObject({ exitCode: 0 });
    await relay.sql(`delete from "member" where "workspace_id" = $1`, [workspaceId]);
    expect(await saldo(sync("lost", email))).toMatchObject({ exitCode: 1, code: "sync.membership_lost" });
    const [kept, ...others] = filesOf("lost");
    expect(others).toEqual([]);
    expect(JSON.parse(readFileSync(path.join(place("lost"), kept ?? ""), "utf8"))).toMatchObject({ workspaceId, changes: expect.arrayContaining([expect.objectContaining({ mutation: "import.begin" })]) });
  });

  it("inspect tells cursors, what waits and checksums, and no value of a row", async () => {
    await boundStore("inspected");
    expect(await saldo(["import", statement(), "--store", place("inspected")])).toMatchObject({ exitCode: 0 });
    const { stdout } = await saldo(["inspect", "--store", place("inspected"), "--json"]);
    const found: unknown = JSON.parse(stdout);
    expect(found).toMatchObject({ identity: { server: relay.url }, shapes: expect.arrayContaining([expect.objectContaining({ name: "transaction", status: "live" })]) });
    expect(found).toMatchObject({ tables: expect.arrayContaining([expect.objectContaining({ name: "transaction", rows: 2 })]), checkpoint: { lsn: expect.stringMatching(/^\d+$/) } });
    const { stdout: text } = await saldo(["inspect", "--store", place("inspected"), "--locale", "ru"]);
    expect(text).toContain("Исходящие");
    for (const said of [stdout, text]) expect(said).not.toContain("leaving.csv");
  });
});

describe("the original of an import", () => {
  it("goes up with a sync and is written on another device, byte for byte, never over a file that is there", async () => {
    const { email } = await boundStore("first");
    const statement = Buffer.from("date,description,amount\r\n2026-10-01,\u00e9,1.00\r\n");
    writeFileSync(place("statement.csv"), statement);
    const imported = await saldo(["import", place("statement.csv"), "--store", place("first"), "--json"]);
    const importId = String(JSON.parse(imported.stdout).files[0].importId);
    expect(await saldo(sync("second", email), password)).toMatchObject({ exitCode: 0 });
    const write = (store: string, output: string) => saldo(["imports", "--store", place(store), "--original", importId, "--output", output]);
    expect(await write("second", place("none.csv"))).toMatchObject({ exitCode: 1, code: "file.not_kept" });
    expect(await saldo(sync("first", email))).toMatchObject({ exitCode: 0 });
    expect(await saldo(sync("second", email))).toMatchObject({ exitCode: 0 });
    expect(await write("second", place("original.csv"))).toMatchObject({ exitCode: 0 });
    expect(readFileSync(place("original.csv")).equals(statement)).toBe(true);
    expect(await write("second", place("original.csv"))).toMatchObject({ exitCode: 1, code: "cli.output_unwritable" });
    expect(await write("second", "-")).toMatchObject({ exitCode: 0, stdout: statement.toString("utf8") });
    expect(existsSync(place("none.csv"))).toBe(false);
  });
});

describe("the program as a process", () => {
  it("is refused the books another one has open, and Ctrl-C takes back what that one began", async () => {
    const long = Array.from({ length: 200_000 }, (_, index) => `2026-10-${String((index % 28) + 1).padStart(2, "0")},row ${index},-1.00`);
    writeFileSync(place("long.csv"), ["date,description,amount", ...long].join("\n"));
    writeFileSync(place("short.csv"), "date,description,amount\n2026-10-01,a,1.00\n2026-10-02,b,2.00\n");
    expect(await saldo(["import", place("short.csv"), "--store", place("books")])).toMatchObject({ exitCode: 0 });
    const opened = untilOpened(place("books"));
    const importing = spawn(process.execPath, [program, "import", place("long.csv"), "--store", place("books")], { stdio: ["ignore", "ignore", "pipe"] });
    const said = textOf(importing);
    const ended = once(importing, "close");
    await opened;
    // It stands still meanwhile, so that it cannot be done before the other one has asked.
    importing.kill("SIGSTOP");
    expect(await saldo(["transactions", "--store", place("books")])).toMatchObject({ exitCode: 1, code: "store.in_use" });
    importing.kill("SIGINT");
    importing.kill("SIGCONT");
    expect(await ended).toEqual([1, null]);
    expect(said()).toContain("import.cancelled");
    const listed = await saldo(["transactions", "--store", place("books"), "--json"]);
    expect(JSON.parse(listed.stdout)).toMatchObject({ totalCount: 2 });
  });

  it("a reader that leaves early is no failure", async () => {
    const listing = spawn(process.execPath, [program, "explain"], { stdio: ["ignore", "pipe", "pipe"] });
    const said = textOf(listing);
    listing.stdout?.destroy();
    expect(await once(listing, "close")).toEqual([0, null]);
    expect(said()).toBe("");
  });
});

function textOf(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.on("data", (piece: Buffer) => (text += piece.toString("utf8")));
  return () => text;
}

/** Resolves when a program has the books of a folder open: SQLite then keeps its log beside the database. */
function untilOpened(store: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(store, (_event, filename) => {
      if (filename !== "saldo.db-wal") return;
      watcher.close();
      resolve();
    });
  });
}
