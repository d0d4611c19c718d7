import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { encodeUpload, generationHeader, uploadAnswer, type ImportRow } from "@saldo/schema";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { frozen, frozenText, newId, putClient, registerDevice, sendBytes, signUpPerson, someInstant, upload, type Device, type Person } from "../testing/person.ts";
import { startTestRelay, type TestRelay } from "../testing/relay.ts";
import { pruneLedger } from "./ledger.pg.ts";

let relay: TestRelay;
let person: Person;

beforeAll(async () => {
  relay = await startTestRelay();
  person = await signUpPerson(relay.url);
});
afterAll(() => relay.dispose());

const createCategory = (seq: number, name: string) => frozen(seq, "category.create", { id: newId(), name, kind: "expense", createdAt: someInstant });
const count = async (table: string, device: Device) => {
  const rows = await relay.sql(`select count(*)::int as count from "${table}" where workspace_id = $1`, [device.person.workspaceId]);
  return rows[0]?.["count"];
};
const lastSeq = async (device: Device) => Number((await relay.sql("select last_seq from client where id = $1", [device.clientId]))[0]?.["last_seq"]);
const freshDevice = async () => registerDevice(relay.url, await signUpPerson(relay.url));

describe("an upload", () => {
  it("applies in order and answers with verdicts and the transaction", async () => {
    const device = await freshDevice();
    const answer = await upload(device, [createCategory(1, "Аренда"), createCategory(2, "Зарплата")]);
    expect(answer.status).toBe(200);
    const body = uploadAnswer.parse(await answer.json());
    expect(body).toMatchObject({ lastSeq: 2, verdicts: [{ seq: 1, outcome: "applied" }, { seq: 2, outcome: "applied" }] });
    expect(body.txid).toBeGreaterThan(0);
    expect(await relay.sql("select name, slot::int from category where workspace_id = $1 order by slot", [device.person.workspaceId])).toEqual([
      { name: "Аренда", slot: 1 },
      { name: "Зарплата", slot: 2 },
    ]);
  });

  it("sent three times is applied once, with the same verdicts each time", async () => {
    const device = await freshDevice();
    const missing = frozen(2, "category.rename", { categoryId: newId(), name: "x" });
    const mutations = [createCategory(1, "a"), missing, createCategory(3, "b")];
    const answers = [];
    for (let time = 0; time < 3; time++) answers.push(uploadAnswer.parse(await (await upload(device, mutations)).json()));
    const verdicts = [{ seq: 1, outcome: "applied" }, { seq: 2, outcome: "rejected", code: "mutation.row_missing" }, { seq: 3, outcome: "applied" }];
    expect(answers.map((answer) => answer.verdicts)).toEqual([verdicts, verdicts, verdicts]);
    expect(answers.map((answer) => answer.txid === null)).toEqual([false, true, true]);
    expect(await count("category", device)).toBe(2);
    expect(await count("rejection", device)).toBe(1);
  });

  it("sent three times at once is applied once", async () => {
    const device = await freshDevice();
    const mutations = [createCategory(1, "a"), createCategory(2, "b")];
    const answers = await Promise.all([upload(device, mutations), upload(device, mutations), upload(device, mutations)]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(await count("category", device)).toBe(2);
    expect(await lastSeq(device)).toBe(2);
  });

  it("that overlaps an earlier one applies only what is new", async () => {
    const device = await freshDevice();
    const mutations = [1, 2, 3, 4].map((seq) => createCategory(seq, `c${seq}`));
    await upload(device, mutations.slice(0, 2));
    const answer = uploadAnswer.parse(await (await upload(device, mutations.slice(1))).json());
    expect(answer.verdicts.map((verdict) => verdict.seq)).toEqual([2, 3, 4]);
    expect(await count("category", device)).toBe(4);
  });

  it("ahead of its turn is refused with the number expected, and nothing applied", async () => {
    const device = await freshDevice();
    const answer = await upload(device, [createCategory(3, "early")]);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: "relay.sequence_gap", detail: { expected: 1 } });
    expect(await count("category", device)).toBe(0);
  });

  it("with another body under a known number is refused whole, and the log tells whose it was", async () => {
    const device = await freshDevice();
    await upload(device, [createCategory(1, "first")]);
    const answer = await upload(device, [createCategory(1, "second"), createCategory(2, "third")]);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ code: "relay.sequence_reused", detail: { seq: 1 } });
    expect(await relay.sql("select name from category where workspace_id = $1", [device.person.workspaceId])).toEqual([{ name: "first" }]);
    expect(await lastSeq(device)).toBe(1);
    const entry = { code: "relay.sequence_reused", userId: device.person.userId, clientId: device.clientId };
    expect(relay.logged.map((line): unknown => JSON.parse(line))).toContainEqual(expect.objectContaining({ route: "/v1/mutations", status: 422, ...entry }));
  });

  it("numbered for another generation of the database is refused, and nothing applied", async () => {
    const device = await freshDevice();
    const body = encodeUpload({ clientId: device.clientId, workspaceId: device.person.workspaceId, mutations: [createCategory(1, "late")] });
    const answer = await fetch(`${device.url}/v1/mutations`, { method: "POST", body, headers: { authorization: `Bearer ${device.person.token}`, [generationHeader]: "another" } });
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: "sync.server_restored" }]);
    expect(await lastSeq(device)).toBe(0);
  });

  it("whose verdicts are forgotten after a week is not applied again", async () => {
    const device = await freshDevice();
    const [old, last] = [createCategory(1, "old"), createCategory(2, "last")];
    await upload(device, [old, last]);
    const kept = () => relay.sql("select seq::int from relay.applied_mutation where client_id = $1 order by seq", [device.clientId]);
    const pool = new pg.Pool({ connectionString: relay.databaseUrl, max: 1 });
    await pruneLedger(pool, Date.now());
    expect(await kept()).toEqual([{ seq: 1 }, { seq: 2 }]);
    await pruneLedger(pool, Date.now() + 8 * 24 * 3_600_000);
    await pool.end();
    expect(await kept()).toEqual([{ seq: 2 }]);
    const again = await upload(device, [old, last, createCategory(3, "new")]);
    expect(again.status).toBe(200);
    expect(uploadAnswer.parse(await again.json())).toMatchObject({ lastSeq: 3, verdicts: [{ seq: 2 }, { seq: 3 }] });
    expect(await count("category", device)).toBe(3);
    expect((await upload(device, [createCategory(2, "other")])).status).toBe(422);
  });

  it("cut at any byte is refused with 400, and nothing applied", async () => {
    const device = await freshDevice();
    const long = frozenText(2, "category.create", JSON.stringify({ id: newId(), name: randomBytes(2600).toString("base64"), kind: "expense", createdAt: someInstant }));
    const bytes = encodeUpload({ clientId: device.clientId, workspaceId: device.person.workspaceId, mutations: [createCategory(1, "whole"), long] });
    expect(bytes.byteLength).toBeGreaterThan(3_000);
    const statuses = new Map<number, number>();
    const cuts = Array.from({ length: bytes.byteLength }, (_, length) => length);
    for (let at = 0; at < cuts.length; at += 32) {
      const answers = await Promise.all(cuts.slice(at, at + 32).map((length) => sendBytes(device, bytes.slice(0, length))));
      for (const answer of answers) {
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        await answer.body?.cancel();
      }
    }
    expect([...statuses]).toEqual([[400, bytes.byteLength]]);
    expect(await count("category", device)).toBe(0);
    expect(await lastSeq(device)).toBe(0);
  });

  it("with a body that is not the one its hash was taken of is refused with 400, and nothing applied", async () => {
    const device = await freshDevice();
    const [whole, other] = [createCategory(1, "whole"), createCategory(1, "other")];
    const answer = await upload(device, [{ ...whole, sha256: other.sha256 }]);
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: "relay.invalid_upload", detail: { part: "hash" } }]);
    const skipping = await upload(device, [createCategory(1, "one"), createCategory(3, "three")]);
    expect([skipping.status, await skipping.json()]).toMatchObject([400, { detail: { part: "order" } }]);
    expect(await count("category", device)).toBe(0);
  });

  it("whose connection is cut below the declared length applies nothing", async () => {
    const device = await freshDevice();
    const bytes = encodeUpload({ clientId: device.clientId, workspaceId: device.person.workspaceId, mutations: [createCategory(1, "whole")] });
    const { port, hostname } = new URL(relay.url);
    const head = `POST /v1/mutations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${device.person.token}\r\nContent-Length: ${bytes.byteLength + 1}\r\n\r\n`;
    const told = await new Promise<string>((resolve, reject) => {
      let text = "";
      const socket = connect(Number(port), hostname, () => {
        socket.write(head);
        socket.end(bytes);
      });
      socket.on("data", (chunk) => (text += String(chunk)));
      socket.on("close", () => resolve(text));
      socket.on("error", reject);
    });
    expect(told === "" || told.startsWith("HTTP/1.1 400")).toBe(true);
    expect(await lastSeq(device)).toBe(0);
  });

  it("over the limit is refused with 413, declared or chunked", async () => {
    const device = await freshDevice();
    const bytes = new Uint8Array(9 * 1024 * 1024);
    expect((await sendBytes(device, bytes)).status).toBe(413);
    const chunked = new ReadableStream({
      start(controller) {
        for (let part = 0; part < 9; part++) controller.enqueue(bytes.subarray(0, 1024 * 1024));
        controller.close();
      },
    });
    const init = { method: "POST", body: chunked, duplex: "half", headers: { authorization: `Bearer ${device.person.token}` } };
    expect((await fetch(`${relay.url}/v1/mutations`, init)).status).toBe(413);
  });
});

describe("a refused mutation", () => {
  it.each([
    ["mutation.unknown", "category.explode", "{}"],
    ["mutation.invalid_arguments", "category.create", "{}"],
    ["mutation.invalid_arguments", "category.create", "not json"],
    ["mutation.invalid_arguments", "category.create", `${"[".repeat(50_000)}${"]".repeat(50_000)}`],
    ["mutation.invalid_arguments", "transaction.setNote", JSON.stringify({ id: "x\u0000", note: "y" })],
    ["mutation.invalid_arguments", "category.create", JSON.stringify({ id: "x", name: "a\u0000b", kind: "income", createdAt: someInstant })],
    ["mutation.invalid_arguments", "category.create", '{"id":"x","name":"y","kind":"income","createdAt":"2026-01-02T03:04:05.678Z","__proto__":{"a":1}}'],
    ["mutation.invalid_arguments", "account.setBalance", '{"accountId":"x","balanceMinor":1e400,"asOf":null}'],
    ["mutation.job_kind_unavailable", "job.request", JSON.stringify({ jobId: "j", kind: "export_pdf", parameters: {}, requestedAt: someInstant })],
  ])("is kept as %s, and what follows it still applies", async (code, name, text) => {
    const device = await freshDevice();
    const answer = uploadAnswer.parse(await (await upload(device, [frozenText(1, name, text), createCategory(2, "after")])).json());
    expect(answer.verdicts).toEqual([{ seq: 1, outcome: "rejected", code }, { seq: 2, outcome: "applied" }]);
    expect(await relay.sql("select seq::int, code, status, client_id from rejection where user_id = $1", [device.person.userId])).toEqual([
      { seq: 1, code, status: "open", client_id: device.clientId },
    ]);
  });

  it("of a version this server does not know is kept with its arguments", async () => {
    const device = await freshDevice();
    const newer = { ...createCategory(1, "from the future"), version: 2 };
    const answer = uploadAnswer.parse(await (await upload(device, [newer, createCategory(2, "after")])).json());
    expect(answer.verdicts).toEqual([{ seq: 1, outcome: "rejected", code: "mutation.unknown" }, { seq: 2, outcome: "applied" }]);
    const [kept] = await relay.sql("select payload from rejection where user_id = $1", [device.person.userId]);
    expect(JSON.parse(String(kept?.["payload"]))).toMatchObject({ name: "from the future" });
  });

  it("among others leaves them as they would be without it, each applied once and in order", async () => {
    const device = await freshDevice();
    const id = newId();
    const create = (seq: number, name: string) => frozen(seq, "category.create", { id, name, kind: "expense", createdAt: someInstant });
    const rename = (seq: number, name: string) => frozen(seq, "category.rename", { categoryId: id, name });
    const balance = frozen(5, "account.setBalance", { accountId: newId(), balanceMinor: null, asOf: null });
    const answer = uploadAnswer.parse(await (await upload(device, [create(1, "one"), rename(2, "two"), create(3, "three"), rename(4, "four"), balance])).json());
    expect(answer.verdicts.map((verdict) => (verdict.outcome === "rejected" ? verdict.code : verdict.outcome))).toEqual(["applied", "applied", "mutation.row_exists", "applied", "mutation.row_missing"]);
    expect(await relay.sql("select name from category where workspace_id = $1", [device.person.workspaceId])).toEqual([{ name: "four" }]);
  });

  it("leaves nothing of a run that failed half way", async () => {
    const device = await freshDevice();
    const importId = newId();
    const row = (line: number): ImportRow => [newId(), line, "2026-01-31", -100, 0, -1, "x", null];
    const [first, second] = [row(1), row(2)];
    const begin = frozen(1, "import.begin", {
      importId, fileName: "a.csv", fileSha256: "0".repeat(64), fileBytes: 1, format: "csv", understanding: {}, createdAt: someInstant, categories: [],
      accounts: [{ id: "acc", name: "Счёт", currency: "RUB", number: null }],
    });
    const add = (seq: number, batch: ImportRow[]) =>
      frozen(seq, "import.addRows", { importId, currencies: ["RUB"], accounts: ["acc"], categories: [], rowCurrencies: [], rows: batch.map((cells) => [...cells]), createdAt: someInstant });
    const answer = uploadAnswer.parse(await (await upload(device, [begin, add(2, [first, second]), add(3, [first, row(3)])])).json());
    expect(answer.verdicts.at(-1)).toEqual({ seq: 3, outcome: "rejected", code: "mutation.row_exists" });
    expect(await count("transaction", device)).toBe(2);
  });

  it("of a viewer is not permitted", async () => {
    const owner = await signUpPerson(relay.url);
    const viewer = await signUpPerson(relay.url);
    await relay.sql("insert into member (id, workspace_id, user_id, role, created_at) values ($1, $2, $3, 'viewer', $4)", [newId(), owner.workspaceId, viewer.userId, someInstant]);
    const device = await registerDevice(relay.url, { ...viewer, workspaceId: owner.workspaceId });
    const answer = uploadAnswer.parse(await (await upload(device, [createCategory(1, "mine")])).json());
    expect(answer.verdicts).toEqual([{ seq: 1, outcome: "rejected", code: "mutation.not_permitted" }]);
    expect(await count("category", device)).toBe(0);
  });
});

describe("a job request", () => {
  it("puts the job into the queue's outbox in the same transaction", async () => {
    const device = await freshDevice();
    const jobId = newId();
    await upload(device, [frozen(1, "job.request", { jobId, kind: "generate_forecast", parameters: { horizonMonths: 6 }, requestedAt: someInstant })]);
    expect(await relay.sql("select job_id, attempt, workspace_id, kind, queued_at from relay.job_outbox where job_id = $1", [jobId])).toEqual([
      { job_id: jobId, attempt: 1, workspace_id: device.person.workspaceId, kind: "generate_forecast", queued_at: null },
    ]);
  });
});

describe("asking for a job again", () => {
  it("starts the next attempt of one that failed or was cancelled, and leaves any other", async () => {
    const device = await freshDevice();
    const jobId = newId();
    const attempts = () => relay.sql("select attempt from relay.job_outbox where job_id = $1 order by attempt", [jobId]);
    const retry = (seq: number) => upload(device, [frozen(seq, "job.retry", { jobId, requestedAt: someInstant })]);
    await upload(device, [frozen(1, "job.request", { jobId, kind: "generate_forecast", parameters: { horizonMonths: 6 }, requestedAt: someInstant })]);
    await retry(2);
    expect(await attempts()).toEqual([{ attempt: 1 }]);
    await relay.sql(`update "job" set "status" = 'failed', "error_code" = 'job.internal', "progress_permille" = 500, "finished_at" = $2 where "id" = $1`, [jobId, someInstant]);
    await retry(3);
    await retry(4);
    expect(await attempts()).toEqual([{ attempt: 1 }, { attempt: 2 }]);
    expect(await relay.sql(`select "status", "attempt", "error_code", "progress_permille", "finished_at" from "job" where "id" = $1`, [jobId])).toEqual([
      { status: "requested", attempt: "2", error_code: null, progress_permille: "0", finished_at: null },
    ]);
  });
});

describe("devices and workspaces of others", () => {
  it("are as unknown as missing ones", async () => {
    const mine = await freshDevice();
    const theirs = await freshDevice();
    const mutation = createCategory(1, "x");
    const bodies = await Promise.all(
      [
        upload(mine, [mutation], { clientId: theirs.clientId }),
        upload(mine, [mutation], { clientId: newId() }),
        upload(mine, [mutation], { workspaceId: theirs.person.workspaceId }),
        upload(mine, [mutation], { workspaceId: newId() }),
        putClient(relay.url, mine.person.token, newId(), theirs.person.workspaceId),
        putClient(relay.url, mine.person.token, newId(), newId()),
      ].map(async (asked) => {
        const answer = await asked;
        return `${answer.status} ${await answer.text()}`;
      }),
    );
    expect(bodies[0]).toBe(bodies[1]);
    expect(bodies[2]).toBe(bodies[3]);
    expect(bodies[4]).toBe(bodies[5]);
    expect(bodies.every((body) => body.startsWith("404 "))).toBe(true);
    expect(await count("category", theirs)).toBe(0);
    expect((await putClient(relay.url, mine.person.token, theirs.clientId, mine.person.workspaceId)).status).toBe(404);
  });

  it("are as unknown between two people of one workspace", async () => {
    const owner = await freshDevice();
    const colleague = await signUpPerson(relay.url);
    await relay.sql("insert into member (id, workspace_id, user_id, role, created_at) values ($1, $2, $3, 'owner', $4)", [newId(), owner.person.workspaceId, colleague.userId, someInstant]);
    const shared: Person = { ...colleague, workspaceId: owner.person.workspaceId };
    const answer = await upload({ ...owner, person: shared }, [createCategory(1, "x")]);
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: "relay.client_unknown" }]);
    expect((await putClient(relay.url, shared.token, owner.clientId, shared.workspaceId)).status).toBe(404);
    expect(await count("category", owner)).toBe(0);
  });

  it("cannot be written through ids in arguments", async () => {
    const mine = await freshDevice();
    const theirs = await freshDevice();
    const categoryId = newId();
    await upload(theirs, [frozen(1, "category.create", { id: categoryId, name: "theirs", kind: "income", createdAt: someInstant })]);
    const answer = uploadAnswer.parse(
      await (
        await upload(mine, [
          frozen(1, "category.rename", { categoryId, name: "stolen" }),
          frozen(2, "category.create", { id: categoryId, name: "mine", kind: "expense", createdAt: someInstant }),
        ])
      ).json(),
    );
    expect(answer.verdicts).toEqual([{ seq: 1, outcome: "rejected", code: "mutation.row_missing" }, { seq: 2, outcome: "applied" }]);
    expect(await relay.sql("select name from category where id = $1 and workspace_id = $2", [categoryId, theirs.person.workspaceId])).toEqual([{ name: "theirs" }]);
  });

  it("registers a device once, telling its last mutation", async () => {
    const device = await freshDevice();
    await upload(device, [createCategory(1, "x")]);
    const answer = await putClient(relay.url, device.person.token, device.clientId, device.person.workspaceId);
    expect(await answer.json()).toMatchObject({ lastSeq: 1 });
    expect(person.workspaceId).not.toBe(device.person.workspaceId);
  });

  it("after membership ends the upload is a final 404", async () => {
    const device = await freshDevice();
    await relay.sql("delete from member where user_id = $1", [device.person.userId]);
    const answer = await upload(device, [createCategory(1, "x")]);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "workspace.not_found" });
  });
});
