import { createHash } from "node:crypto";
import { connect } from "node:net";
import { fileChunkBytesMax, fileChunkBytesMin, fileUploadAnswer } from "@saldo/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authorised, frozen, registerDevice, signUpPerson, someInstant, upload, type Device } from "../testing/person.ts";
import { startTestRelay, type TestRelay } from "../testing/relay.ts";

const quotaBytes = 6 * 1024 * 1024;
let relay: TestRelay;
let device: Device;
let seq = 0;

beforeAll(async () => {
  relay = await startTestRelay({ workspaceFileBytesMax: quotaBytes });
});
afterAll(() => relay.dispose());

/** Bytes nobody else has, the same for the same seed. */
function bytesOf(seed: string, byteCount: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(byteCount);
  for (let at = 0; at < byteCount; at += 32) createHash("sha256").update(`${seed}${at}`).digest().copy(bytes, at);
  return bytes;
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function newDevice(): Promise<Device> {
  seq = 0;
  return (device = await registerDevice(relay.url, await signUpPerson(relay.url)));
}

async function register(bytes: Uint8Array, name = "выписка.csv"): Promise<string> {
  const id = sha256(bytes);
  const answer = await upload(device, [frozen(++seq, "file.register", { sha256: id, name, mediaType: "text/csv", byteCount: bytes.byteLength, createdAt: someInstant })]);
  expect(await answer.json()).toMatchObject({ verdicts: [{ outcome: "applied" }] });
  return id;
}

const address = (id: string, tail = "", who = device) => `${relay.url}/v1/files/${id}${tail}?workspace=${who.person.workspaceId}`;

function put(id: string, offset: number, chunk: Uint8Array<ArrayBuffer>): Promise<Response> {
  return fetch(`${address(id, "/upload")}&offset=${offset}`, { method: "PUT", body: chunk, headers: authorised(device.person.token) });
}

async function ask(id: string) {
  const answer = await fetch(address(id, "/upload"), { headers: authorised(device.person.token) });
  return fileUploadAnswer.parse(await answer.json());
}

function download(id: string, who = device): Promise<Response> {
  return fetch(address(id, "", who), { headers: authorised(who.person.token) });
}

/** Sends what is missing in chunks, from where the server stands. */
async function send(id: string, bytes: Buffer<ArrayBuffer>): Promise<Response> {
  for (let { offset } = await ask(id); ; offset += fileChunkBytesMax) {
    const answer = await put(id, offset, bytes.subarray(offset, offset + fileChunkBytesMax));
    if (!answer.ok || fileUploadAnswer.parse(await answer.clone().json()).status === "uploaded") return answer;
  }
}

/** Says it sends a whole chunk, and hangs up after the first bytes of it. Resolves when the server has noticed. */
async function cut(id: string, offset: number, chunk: Uint8Array, sentBytes: number): Promise<void> {
  const { hostname, port } = new URL(relay.url);
  const requests = () => relay.logged.filter((line) => line.includes('"/v1/files/:id/upload"') && line.includes('"PUT"')).length;
  const before = requests();
  const head = [
    `PUT /v1/files/${id}/upload?workspace=${device.person.workspaceId}&offset=${offset} HTTP/1.1`,
    `Host: ${hostname}`,
    `Authorization: Bearer ${device.person.token}`,
    `Content-Length: ${chunk.byteLength}`,
    "\r\n",
  ];
  await new Promise<void>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(head.join("\r\n"));
      socket.write(chunk.subarray(0, sentBytes), () => socket.end());
    });
    socket.resume();
    socket.on("close", () => resolve());
    socket.on("error", reject);
  });
  while (requests() === before) await new Promise((resolve) => setImmediate(resolve));
}

describe("an uploaded file", () => {
  it("comes back byte for byte, to be saved and never shown, and its row says that it is there", async () => {
    await newDevice();
    const bytes = bytesOf("whole", 2 * fileChunkBytesMax + 12_345);
    const id = await register(bytes, '..\\..//etc/"passwd"\u202Egpj.exe');
    expect((await download(id)).status).toBe(404);
    expect(await (await send(id, bytes)).json()).toEqual({ offset: bytes.byteLength, status: "uploaded" });
    const answer = await download(id);
    expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(id);
    expect(answer.headers.get("content-type")).toBe("application/octet-stream");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    const disposition = answer.headers.get("content-disposition") ?? "";
    expect(disposition).toBe(`attachment; filename="_..__etc__passwd_gpj.exe"; filename*=UTF-8''_..__etc_%22passwd%22gpj.exe`);
    expect(await relay.sql("select status from file where id = $1", [id])).toEqual([{ status: "uploaded" }]);
    const head = await fetch(address(id), { method: "HEAD", headers: authorised(device.person.token) });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(bytes.byteLength)]);
  });

  it("is stored once however often it is registered and sent; another company has its own", async () => {
    const bytes = bytesOf("twice", 100_000);
    const first = await newDevice();
    const id = await register(bytes);
    await send(id, bytes);
    await register(bytes, "again.csv");
    expect(await (await put(id, 0, bytes)).json()).toEqual({ offset: bytes.byteLength, status: "uploaded" });
    await newDevice();
    await register(bytes);
    expect((await download(id)).status).toBe(404);
    await send(id, bytes);
    expect((await download(id)).status).toBe(200);
    expect((await download(id, first)).status).toBe(200);
    expect(await relay.sql("select count(*)::int as n from file where id = $1", [id])).toEqual([{ n: 2 }]);
  });

  it("is registered before it is sent, and no text that is no hash is asked for", async () => {
    await newDevice();
    const bytes = bytesOf("unregistered", 10);
    expect((await put(sha256(bytes), 0, bytes)).status).toBe(404);
    for (const id of ["..%2F..%2Fetc", "A".repeat(64), "%00", `${"0".repeat(64)}%2F..`]) expect((await put(id, 0, bytes)).status).toBe(404);
  });
});

describe("an upload that is cut", () => {
  it("goes on from where it was, wherever that was", async () => {
    await newDevice();
    const bytes = bytesOf("cut", 300_000);
    const id = await register(bytes);
    let offset = 0;
    for (const sentBytes of [fileChunkBytesMin, fileChunkBytesMin + 1, 65_536, 99_999]) {
      await cut(id, offset, bytes.subarray(offset), sentBytes);
      expect(await ask(id)).toEqual({ offset: offset + sentBytes, status: "local" });
      offset += sentBytes;
    }
    await cut(id, offset, bytes.subarray(offset), fileChunkBytesMin - 1);
    expect(await ask(id)).toEqual({ offset, status: "local" });
    expect(await (await put(id, 0, bytes)).json()).toMatchObject({ code: "file.wrong_offset", detail: { offset } });
    await send(id, bytes);
    expect(sha256(new Uint8Array(await (await download(id)).arrayBuffer()))).toBe(id);
  });

  it("is not fooled by parts an earlier attempt left at other places", async () => {
    await newDevice();
    const bytes = bytesOf("left", 200_000);
    const id = await register(bytes);
    await put(id, 0, bytes.subarray(0, 100_000));
    await put(id, 100_000, bytes.subarray(100_000, 150_000));
    expect(await (await put(id, 150_000, bytes.subarray(150_000))).json()).toMatchObject({ status: "uploaded" });
    expect(sha256(new Uint8Array(await (await download(id)).arrayBuffer()))).toBe(id);
  });
});

describe("an upload is refused", () => {
  it("when its bytes are not those of its hash: then all of it is removed, and the right bytes may follow", async () => {
    await newDevice();
    const bytes = bytesOf("right", 80_000);
    const id = await register(bytes);
    expect(await (await put(id, 0, bytesOf("wrong", 80_000))).json()).toMatchObject({ code: "file.damaged" });
    expect([(await download(id)).status, await ask(id)]).toEqual([404, { offset: 0, status: "local" }]);
    await send(id, bytes);
    expect((await download(id)).status).toBe(200);
  });

  it("when a chunk is too large, too small, or beyond the end", async () => {
    await newDevice();
    const bytes = bytesOf("sizes", 3 * fileChunkBytesMax);
    const id = await register(bytes);
    expect((await put(id, 0, bytes.subarray(0, fileChunkBytesMax + 1))).status).toBe(413);
    expect((await put(id, 0, bytes.subarray(0, fileChunkBytesMin - 1))).status).toBe(400);
    for (const offset of [-1, 1.5, Number.NaN, bytes.byteLength + 1]) expect([400, 409]).toContain((await put(id, offset, bytes.subarray(0, 20_000))).status);
    const small = bytesOf("small", 20_000);
    const smallId = await register(small);
    expect((await put(smallId, 0, bytes.subarray(0, 20_001))).status).toBe(413);
    expect(await ask(id)).toEqual({ offset: 0, status: "local" });
  });

  it("when the company has no room left, also when two files come for the same room at once", async () => {
    await newDevice();
    const files = ["one", "two"].map((seed) => bytesOf(seed, quotaBytes / 2 + 1));
    const ids: string[] = [];
    for (const bytes of files) ids.push(await register(bytes));
    const answers = await Promise.all(files.map((bytes, index) => send(ids[index] ?? "", bytes)));
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 413]);
    const [uploaded] = await relay.sql("select count(*)::int as n from file where workspace_id = $1 and status = 'uploaded'", [device.person.workspaceId]);
    expect(uploaded).toEqual({ n: 1 });
  });

  it("when a member may only look; looking is allowed", async () => {
    const owner = await newDevice();
    const bytes = bytesOf("viewer", 30_000);
    const id = await register(bytes);
    const viewer = await signUpPerson(relay.url);
    await relay.sql("insert into member (id, workspace_id, user_id, role, created_at) values ($1, $2, $3, 'viewer', $4)", [`m-${viewer.userId}`, owner.person.workspaceId, viewer.userId, someInstant]);
    const asViewer = (tail: string, method: string) => fetch(`${address(id, tail)}&offset=0`, { method, headers: authorised(viewer.token), ...(method === "PUT" ? { body: bytes } : {}) });
    expect([(await asViewer("/upload", "PUT")).status, (await asViewer("/upload", "GET")).status]).toEqual([403, 403]);
    await send(id, bytes);
    expect((await asViewer("", "GET")).status).toBe(200);
    await relay.sql("delete from member where user_id = $1", [viewer.userId]);
    expect((await asViewer("", "GET")).status).toBe(404);
  });
});
