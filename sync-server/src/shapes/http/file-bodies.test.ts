import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { FileBody, filePieceBytesMax } from "../log/file-body.ts";
import { openSocket } from "../testing/raw-http.ts";
import { listen } from "./listen.ts";

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A file of numbered lines, and what a body of a part of it is made of. */
async function numberedFile(bytes: number): Promise<{ readonly file: FileHandle; readonly text: string }> {
  const folder = mkdtempSync(join(tmpdir(), "file-bodies-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const text = Array.from({ length: Math.ceil(bytes / 8) }, (_, line) => `${String(line).padStart(7, "0")}\n`).join("").slice(0, bytes);
  writeFileSync(join(folder, "lines"), text);
  const file = await open(join(folder, "lines"), "r");
  cleanups.push(() => file.close());
  return { file, text };
}

const around = { head: Buffer.from("["), end: Buffer.from('"end"]') };

/** A server that answers each request with the next file. */
async function serving(files: readonly FileHandle[], fromByte: number, endByte: number): Promise<string> {
  const left = [...files];
  const answer = (): Response => {
    const file = left.shift();
    if (file === undefined) return new Response(null, { status: 404 });
    const headers = { "content-length": String(endByte - fromByte + around.head.length + around.end.length), "x-own": "kept" };
    return new Response(new FileBody({ file, fromByte, endByte, ...around }), { headers });
  };
  const { server, port } = await listen(() => Promise.resolve(answer()), { port: 0, hostname: "127.0.0.1", waitMsMax: 1_000 });
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${port}/`;
}

it("gives the same bytes to a connection as to whoever reads the stream", async () => {
  for (const bytes of [filePieceBytesMax + 1, 2 * filePieceBytesMax, 3 * filePieceBytesMax + 17]) {
    const whole = await numberedFile(bytes + 10);
    const wanted = `[${whole.text.slice(5, 5 + bytes)}"end"]`;
    expect(await new Response(new FileBody({ file: whole.file, fromByte: 5, endByte: 5 + bytes, ...around })).text()).toBe(wanted);
    expect(whole.file.fd).toBe(-1);
    const { file } = await numberedFile(bytes + 10);
    const response = await fetch(await serving([file], 5, 5 + bytes));
    expect(response.headers.get("x-own")).toBe("kept");
    expect(await response.text()).toBe(wanted);
    expect(file.fd).toBe(-1);
  }
});

it("sends many bodies at once and after one another, each whole", async () => {
  const bytes = 2 * filePieceBytesMax;
  const { text } = await numberedFile(bytes);
  const files = await Promise.all(Array.from({ length: 24 }, async () => (await numberedFile(bytes)).file));
  const url = await serving(files, 0, bytes);
  for (let round = 0; round < 2; round++) {
    const bodies = await Promise.all(Array.from({ length: 12 }, async () => (await fetch(url)).text()));
    expect(bodies.every((body) => body === `[${text}"end"]`)).toBe(true);
  }
});

it("closes the file when the reader of a connection, or of the stream, leaves", async () => {
  const bytes = 32 * filePieceBytesMax;
  const { file } = await numberedFile(bytes);
  const socket = await openSocket(await serving([file], 0, bytes));
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await new Promise((resolve) => socket.once("data", resolve));
  socket.destroy();
  await expect.poll(() => file.fd).toBe(-1);
  for (const piecesRead of [0, 1]) {
    const { file: other } = await numberedFile(bytes);
    const reader = new FileBody({ file: other, fromByte: 0, endByte: bytes, ...around }).getReader();
    for (let piece = 0; piece < piecesRead; piece++) await reader.read();
    await reader.cancel();
    expect(other.fd).toBe(-1);
  }
});

it("cuts the connection when the file turns out shorter, so that nobody takes a part for the whole", async () => {
  const bytes = 3 * filePieceBytesMax;
  const { file } = await numberedFile(bytes - 100);
  const response = await fetch(await serving([file], 0, bytes));
  await expect(response.text()).rejects.toThrow();
  expect(file.fd).toBe(-1);
});
